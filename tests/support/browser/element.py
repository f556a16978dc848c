"""An element of a page, as a person or a screen reader finds it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.support.browser.commands import ELEMENT_KEY, BrowserProblem
from tests.support.browser.session import Window

#: More often than a page draws an element while a command is on its way.
_DRAWN_AGAIN_MOST: Final = 20


class Element:
    """An element of a page. When the page has drawn another one instead, this is the other one."""

    def __init__(self, window: Window, find: Callable[[], str]) -> None:
        """`find` waits for the element, and returns the driver's name for it."""
        self._window = window
        self._find = find
        self.reference = find()

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
        self._command("POST", "click", {})

    def type(self, text: str) -> None:
        """Type at its end. For keys that are no characters there is `keys`."""
        self._command("POST", "value", {"text": text})

    def clear(self) -> None:
        """Empty a field."""
        self._command("POST", "clear", {})

    def upload(self, *paths: Path) -> None:
        """Choose files, in an `<input type=file>`; it need not be visible."""
        self.type("\n".join(str(path) for path in paths))

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the element."""
        path.write_bytes(base64.b64decode(self._get("screenshot")))
        return path

    def _get(self, what: str) -> Any:
        return self._command("GET", what)

    def _command(self, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
        for _ in range(_DRAWN_AGAIN_MOST):
            try:
                return self._window.command(method, f"element/{self.reference}/{what}", body)
            except BrowserProblem as problem:
                if problem.code != "stale element reference":
                    raise
            self.reference = self._find()
        raise AssertionError(f"always drawn again before: {what}")
