"""Counts unseen messages, and decides when to notify."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import AnyReceived
from messango.gui.settings import Notify

#: Least time between two notifications.
QUIET_S: Final = 8.0

_MAX_SHOWN: Final = 99


class UnreadCounter:
    """Counts the messages that came while the user was not looking; `clock` returns monotonic seconds.

    It never notifies while the window has the focus.
    """

    def __init__(self, clock: Callable[[], float], level: Notify = Notify.ALL) -> None:
        self.level = level
        self.unseen = self.unseen_for_us = 0
        self._clock = clock
        self._focused = True
        self._at_end = True
        self._is_apart = False
        self._notify_due = self._urgent = False
        self._quiet_until = self._urgent_quiet_until = float("-inf")

    @property
    def is_watching(self) -> bool:
        """Whether the user sees a new message at once."""
        return self._focused and self._at_end

    def set_focus(self, *, focused: bool, at_end: bool, is_apart: bool = False) -> None:
        """Set whether the window has the focus, and whether the newest lines are visible.

        With `is_apart` they are not even below the visible ones: those are an island.
        """
        self._focused, self._at_end, self._is_apart = focused, at_end, is_apart
        if self.is_watching:
            self.unseen = self.unseen_for_us = 0
        if focused:
            self._notify_due = self._urgent = False

    def message_received(self, message: AnyReceived, *, for_us: bool, missed: bool = False) -> None:
        """Count a message; with `for_us` it mentions us, or nobody else got it.

        Of the history only what was `missed` counts: what came while the connection was broken.
        """
        if message.own or (message.history and not missed):
            return
        if not self.is_watching:
            self.unseen += 1
            self.unseen_for_us += for_us
        wanted = self.level is Notify.ALL or (self.level is Notify.MENTIONS and for_us)
        self._notify_due |= wanted and not self._focused
        self._urgent |= wanted and for_us and not self._focused

    def should_notify(self) -> bool:
        """Return whether to notify now: once for all messages since the last call."""
        due, urgent = self._notify_due, self._urgent
        self._notify_due = self._urgent = False
        # What is for us rings although something else just did; more often than that would be noise.
        if not due or self._clock() < (self._urgent_quiet_until if urgent else self._quiet_until):
            return False
        self._quiet_until = self._clock() + QUIET_S
        if urgent:
            self._urgent_quiet_until = self._quiet_until
        return True

    @property
    def count(self) -> str:
        """The unseen messages as title and icon show them: `3`, `99+`, or empty while focused."""
        return "" if self._focused else _shown(self.unseen)

    @property
    def count_for_us(self) -> str:
        """Those of them that mention us, or that nobody else got."""
        return "" if self._focused else _shown(self.unseen_for_us)

    @property
    def jump_button_text(self) -> str:
        """The label of the button that scrolls to the newest lines; empty if they are visible."""
        if self._at_end:
            return ""
        if not self.unseen:
            return "Back to the newest  ↓" if self._is_apart else "Newest messages  ↓"
        return f"{self.unseen:,} new message{'s' if self.unseen > 1 else ''}  ↓"


def _shown(count: int) -> str:
    return f"{_MAX_SHOWN}+" if count > _MAX_SHOWN else str(count or "")
