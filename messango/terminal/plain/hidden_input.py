"""Hides what is typed at a terminal that shows it by itself: for a password."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any, TextIO

if sys.platform != "win32":
    import termios


class HiddenInput:
    """Works on a terminal of a Unix system, also while another thread reads from it; else it does nothing."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._before: list[Any] | None = None

    def hide(self) -> None:
        """Show nothing of what is typed until `show`."""
        if sys.platform == "win32" or self._before is not None:
            return
        with contextlib.suppress(termios.error, OSError, ValueError, io.UnsupportedOperation):
            before = termios.tcgetattr(self._lines)
            hidden = [*before]
            hidden[3] &= ~termios.ECHO
            termios.tcsetattr(self._lines, termios.TCSADRAIN, hidden)
            self._before = before

    def show(self) -> None:
        """Show again what is typed."""
        if sys.platform == "win32" or self._before is None:
            return
        with contextlib.suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(self._lines, termios.TCSADRAIN, self._before)
        self._before = None
