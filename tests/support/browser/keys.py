"""Keys that type no character."""

from __future__ import annotations

from typing import Final


class Key:
    """WebDriver's characters for keys that have none."""

    ENTER: Final = "\ue007"
    ESCAPE: Final = "\ue00c"
    TAB: Final = "\ue004"
    BACKSPACE: Final = "\ue003"
    SHIFT: Final = "\ue008"
    CONTROL: Final = "\ue009"
    END: Final = "\ue010"
    HOME: Final = "\ue011"
    PAGE_UP: Final = "\ue00e"
    PAGE_DOWN: Final = "\ue00f"
    LEFT: Final = "\ue012"
    UP: Final = "\ue013"
    RIGHT: Final = "\ue014"
    DOWN: Final = "\ue015"
    DELETE: Final = "\ue017"
