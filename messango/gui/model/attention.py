"""Decides what asks for somebody's attention: what was not seen yet, and when a sound is in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from messango.client.events import MessageReceived
from messango.gui.settings import Notify

#: After a sound it is quiet for so long, however much is said.
QUIET_S: Final = 8.0

_MAX_SHOWN: Final = 99


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
        self._notify_due = False
        self._quiet_until = float("-inf")

    @property
    def is_watching(self) -> bool:
        """Whether what is said now is seen at once."""
        return self._focused and self._at_end

    def set_focus(self, *, focused: bool, at_end: bool) -> None:
        """Take note whether the window has the keyboard, and whether its newest lines are in sight."""
        self._focused, self._at_end = focused, at_end
        if self.is_watching:
            self.unseen = 0
        if focused:
            self._notify_due = False

    def message_received(self, message: MessageReceived, you: str) -> None:
        """Take note of what was said to `you`."""
        if message.own or message.history:
            return
        if not self.is_watching:
            self.unseen += 1
        wanted = self.level is Notify.ALL or (self.level is Notify.MENTIONS and mentions(message.text, you))
        self._notify_due |= wanted and not self._focused

    def should_notify(self) -> bool:
        """Tell whether to ring and to hint now, once for all that was said meanwhile."""
        due, self._notify_due = self._notify_due, False
        if not due or self._clock() < self._quiet_until:
            return False
        self._quiet_until = self._clock() + QUIET_S
        return True

    @property
    def count(self) -> str:
        """How much was not seen, as title and icon show it: `3`, `99+`, or nothing while one looks."""
        if self._focused or not self.unseen:
            return ""
        return str(self.unseen) if self.unseen <= _MAX_SHOWN else f"{_MAX_SHOWN}+"

    @property
    def jump_button_text(self) -> str:
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
