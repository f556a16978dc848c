"""Counts unseen messages, and decides when to notify."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import MessageReceived
from messango.gui.settings import Notify
from messango.protocol.text.matching import mentions

#: Least time between two notifications.
QUIET_S: Final = 8.0

_MAX_SHOWN: Final = 99


class UnreadCounter:
    """Counts the messages that came while the user was not looking; `clock` returns monotonic seconds.

    It never notifies while the window has the focus.
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
        """Whether the user sees a new message at once."""
        return self._focused and self._at_end

    def set_focus(self, *, focused: bool, at_end: bool) -> None:
        """Set whether the window has the focus, and whether the newest lines are visible."""
        self._focused, self._at_end = focused, at_end
        if self.is_watching:
            self.unseen = 0
        if focused:
            self._notify_due = False

    def message_received(self, message: MessageReceived, you: str, *, missed: bool = False) -> None:
        """Count a message; `you` is our name, for mentions.

        Of the history only what was `missed` counts: what came while the connection was broken.
        """
        if message.own or (message.history and not missed):
            return
        if not self.is_watching:
            self.unseen += 1
        wanted = self.level is Notify.ALL or (self.level is Notify.MENTIONS and mentions(message.text, you))
        self._notify_due |= wanted and not self._focused

    def should_notify(self) -> bool:
        """Return whether to notify now: once for all messages since the last call."""
        due, self._notify_due = self._notify_due, False
        if not due or self._clock() < self._quiet_until:
            return False
        self._quiet_until = self._clock() + QUIET_S
        return True

    @property
    def count(self) -> str:
        """The unseen messages as title and icon show them: `3`, `99+`, or empty while focused."""
        if self._focused or not self.unseen:
            return ""
        return str(self.unseen) if self.unseen <= _MAX_SHOWN else f"{_MAX_SHOWN}+"

    @property
    def jump_button_text(self) -> str:
        """The label of the button that scrolls to the newest lines; empty if they are visible."""
        if self._at_end:
            return ""
        if not self.unseen:
            return "Newest messages  ↓"
        return f"{self.unseen:,} new message{'s' if self.unseen > 1 else ''}  ↓"
