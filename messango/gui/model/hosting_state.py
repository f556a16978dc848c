"""Whether this window hosts the room that it shows, and the question before it closes it for all."""

from __future__ import annotations

import enum

from messango.gui.model.banner import Banner, BannerAction, BannerSeverity


class _State(enum.Enum):
    NOT = "not"
    OPENING = "opening"
    OPEN = "open"


class HostingState:
    """Knows how far the hosting is, and what somebody was asked."""

    def __init__(self) -> None:
        self._state = _State.NOT
        self._confirming = False
        #: Whether it was the window that somebody wanted to close, and not the room alone.
        self.closing_window = False

    @property
    def is_open(self) -> bool:
        """Whether the room is open on this machine."""
        return self._state is _State.OPEN

    @property
    def is_opening(self) -> bool:
        """Whether it is about to be."""
        return self._state is _State.OPENING

    def start_opening(self) -> None:
        """The room is being opened."""
        self._state = _State.OPENING

    def mark_open(self) -> None:
        """It is open."""
        self._state = _State.OPEN

    def mark_failed(self) -> None:
        """It could not be opened."""
        self._state = _State.NOT

    def needs_confirmation(self, *, closing_window: bool) -> bool:
        """Note that somebody wants to leave or quit; false where they may.

        Who closes the window a second time has read the question.
        """
        if not self.is_open or (closing_window and self._confirming and self.closing_window):
            return False
        self._confirming, self.closing_window = True, closing_window
        return True

    def cancel_leave(self) -> None:
        """They have thought better of it."""
        self._confirming = False

    def banner(self, room: str) -> Banner | None:
        """Return what is asked or said, if anything is."""
        if self.is_opening:
            hint = "The others see it in their lists in a moment."
            return Banner(BannerSeverity.WARNING, f"“{room}” is being opened on this machine…", hint, ())
        if not self._confirming:
            return None
        hint = "You host it. The others can host it on, with what was said."
        actions = (BannerAction.CLOSE_FOR_ALL, BannerAction.STAY)
        return Banner(BannerSeverity.WARNING, f"“{room}” closes for everybody when you leave.", hint, actions)
