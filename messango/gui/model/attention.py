"""Decides what asks for somebody's attention: what was not seen yet, and when a sound is in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from messango.client.events import MessageReceived
from messango.gui.settings import Notify

#: After a sound it is quiet for so long, however much is said.
QUIET_S: Final = 8.0

_MOST_SHOWN: Final = 99


class Attention:
    """Counts what was said while nobody looked; `clock` never goes back.

    Nothing asks for attention while the window has the keyboard.
    """

    def __init__(self, clock: Callable[[], float], level: Notify = Notify.ALL) -> None:
        self.level = level
        self.unseen = 0
        self._clock = clock
        self._focused = True
        self._at_end = True
        self._called = False
        self._quiet_until = float("-inf")

    @property
    def seen(self) -> bool:
        """Whether what is said now is seen at once."""
        return self._focused and self._at_end

    def look(self, *, focused: bool, at_end: bool) -> None:
        """Take note whether the window has the keyboard, and whether its newest lines are in sight."""
        self._focused, self._at_end = focused, at_end
        if self.seen:
            self.unseen = 0
        if focused:
            self._called = False

    def heard(self, message: MessageReceived, you: str) -> None:
        """Take note of what was said to `you`."""
        if message.own or message.history:
            return
        if not self.seen:
            self.unseen += 1
        wanted = self.level is Notify.ALL or (self.level is Notify.MENTIONS and mentions(message.text, you))
        self._called |= wanted and not self._focused

    def take_call(self) -> bool:
        """Tell whether to ring and to hint now, once for all that was said meanwhile."""
        called, self._called = self._called, False
        if not called or self._clock() < self._quiet_until:
            return False
        self._quiet_until = self._clock() + QUIET_S
        return True

    @property
    def count(self) -> str:
        """How much was not seen, as title and icon show it: `3`, `99+`, or nothing while one looks."""
        if self._focused or not self.unseen:
            return ""
        return str(self.unseen) if self.unseen <= _MOST_SHOWN else f"{_MOST_SHOWN}+"

    @property
    def pill(self) -> str:
        """What the button says that leads to the newest lines, while they are out of sight."""
        if self._at_end:
            return ""
        if not self.unseen:
            return "Newest messages  ↓"
        return f"{self.unseen:,} new message{'s' if self.unseen > 1 else ''}  ↓"


def mentions(text: str, name: str) -> bool:
    """Tell whether a text speaks of somebody: their whole name, in any case, as a word of its own."""
    folded = name.casefold()
    if not folded or folded not in text.casefold():
        return False
    return re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", text.casefold()) is not None
