"""Keeps Tk's interpreters until the main thread lets go of them."""

from __future__ import annotations

import sys
from typing import Any, Final

#: The list's own reference, the loop's and the call's.
_OWN_REFERENCES: Final = 3


class Interpreters:
    """Refers to each interpreter of this process that is made after `install`.

    One that is collected in another thread than its own takes the process with it, and the collector runs in
    whichever thread allocates much, such as that of a link.
    """

    def __init__(self) -> None:
        self._held: list[Any] = []
        self._is_installed = False

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, interpreter: object) -> None:
        """Keep it until `release_unused` finds that nobody else has it."""
        self._held.append(interpreter)

    def install(self) -> None:
        """Hold the interpreters from now on. Twice is harmless."""
        if self._is_installed:
            return
        self._is_installed = True
        import _tkinter

        create = _tkinter.create

        def create_held(*args: Any) -> Any:
            interpreter = create(*args)
            self.hold(interpreter)
            return interpreter

        _tkinter.create = create_held

    def release_unused(self) -> None:
        """Let go of those that nobody else has; for the main thread."""
        self._held = [one for one in self._held if sys.getrefcount(one) > _OWN_REFERENCES]
