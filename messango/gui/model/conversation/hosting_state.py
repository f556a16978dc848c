"""Whether this window hosts its room, and the confirmation before that closes for everybody."""

from __future__ import annotations

import enum

from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.protocol.text.plain_names import quoted_name


class _State(enum.Enum):
    NOT = "not"
    OPENING = "opening"
    OPEN = "open"


class HostingState:
    """The state of hosting, and of the confirmation."""

    def __init__(self) -> None:
        self._state = _State.NOT
        self._confirming = False
        #: Whether the user wants to close the window, not only to leave the room.
        self.closing_window = False
        #: Whether the latest messages are only in memory.
        self.is_unstored = False
        #: Whether the user wants to see no more how to invite others.
        self.invite_hidden = False

    @property
    def is_open(self) -> bool:
        """Whether this window hosts the room."""
        return self._state is _State.OPEN

    @property
    def is_opening(self) -> bool:
        """Whether this window is opening the room."""
        return self._state is _State.OPENING

    def start_opening(self) -> None:
        """This window starts to open the room."""
        self._state = _State.OPENING

    def mark_open(self) -> None:
        """The room is open."""
        self._state = _State.OPEN

    def mark_failed(self) -> None:
        """The room could not be opened."""
        self._state = _State.NOT

    def mark_closed(self) -> None:
        """The room was closed by a command of its host."""
        self._state, self._confirming = _State.NOT, False

    def needs_confirmation(self, *, closing_window: bool) -> bool:
        """Ask for confirmation before leaving or closing; returns false if none is needed.

        Closing the window a second time confirms it.
        """
        if not self.is_open or (closing_window and self._confirming and self.closing_window):
            return False
        self._confirming, self.closing_window = True, closing_window
        return True

    def should_invite(self, *, members: int, has_messages: bool) -> bool:
        """Return whether to show how to invite others: in our own room, without anybody else or a message."""
        return self.is_open and members == 1 and not has_messages and not self.invite_hidden

    def cancel_leave(self) -> None:
        """The user stays."""
        self._confirming = False

    def banner(self, room: str) -> Banner | None:
        """Return the banner with the question or the progress, or None."""
        if self.is_opening:
            hint = "Others will see it in their lists in a moment."
            return Banner(BannerSeverity.WARNING, f"Opening {quoted_name(room)} on this computer…", hint, ())
        if not self._confirming:
            return None
        hint = "You host it. Others can take over hosting, with the messages so far."
        if self.is_unstored:
            hint = f"The latest messages are not stored, and will be lost. Ctrl S saves them. {hint}"
        actions = (BannerAction.CLOSE_FOR_ALL, BannerAction.STAY)
        text = f"{quoted_name(room)} closes for everybody when you leave."
        return Banner(BannerSeverity.WARNING, text, hint, actions)
