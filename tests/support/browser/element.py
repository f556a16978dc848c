"""An element of a page, as a person or a screen reader finds it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from tests.support.browser.commands import ELEMENT_KEY
from tests.support.browser.session import Window


class Element:
    """An element of a page, for as long as the page has it."""

    def __init__(self, window: Window, reference: str) -> None:
        """`reference` is the driver's name for it."""
        self._window = window
        self.reference = reference

    def to_json(self) -> dict[str, str]:
        """Return what stands for the element in a script's arguments."""
        return {ELEMENT_KEY: self.reference}

    @property
    def text(self) -> str:
        """The text that a person sees."""
        return str(self._get("text"))

    @property
    def label(self) -> str:
        """The name that a screen reader says."""
        return str(self._get("computedlabel"))

    @property
    def role(self) -> str:
        """The role that a screen reader says."""
        return str(self._get("computedrole"))

    @property
    def is_shown(self) -> bool:
        """Whether a person can see it."""
        return bool(self._get("displayed"))

    def property(self, name: str) -> Any:
        """Return a property of its DOM object."""
        return self._get(f"property/{name}")

    def style(self, name: str) -> str:
        """Return the computed value of a CSS property."""
        return str(self._get(f"css/{name}"))

    def click(self) -> None:
        """Click it, scrolled into view; an element that covers it is a problem."""
        self._window.command("POST", f"element/{self.reference}/click", {})

    def type(self, text: str) -> None:
        """Type at its end. For keys that are no characters there is `keys`."""
        self._window.command("POST", f"element/{self.reference}/value", {"text": text})

    def clear(self) -> None:
        """Empty a field."""
        self._window.command("POST", f"element/{self.reference}/clear", {})

    def upload(self, *paths: Path) -> None:
        """Choose files, in an `<input type=file>`; it need not be visible."""
        self.type("\n".join(str(path) for path in paths))

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the element."""
        path.write_bytes(base64.b64decode(self._get("screenshot")))
        return path

    def _get(self, what: str) -> Any:
        return self._window.command("GET", f"element/{self.reference}/{what}")
