"""The end of a session: why it ended, and what the user can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import SessionEnded
from messango.discovery.model.events import FoundRoom
from messango.errors import JoinRefused, MessangoError, RoomClosed
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.rooms.room_list import RoomList
from messango.protocol import error_codes
from messango.protocol.frames import RoomInfo
from messango.protocol.text.plain_names import quoted_name
from messango.transport.identity.identity_errors import FingerprintMismatch

#: A room that has just closed may stay in the list for this long, so its row is ignored until then.
STALE_S: Final = 5.0

#: How often to try to join a full room.
RETRY_EVERY_S: Final = 5.0

#: The action for joining again, by the reason for which the room ended the session.
_REJOIN_ACTIONS: Final = {
    error_codes.REPLACED: BannerAction.REJOIN_HERE,
    error_codes.KICKED: BannerAction.REJOIN,
    error_codes.BANNED: BannerAction.REJOIN,
}

#: Longer names of rooms and computers are cut on a button.
MAX_LABEL_NAME: Final = 24


class SessionEndState:
    """Decides what to offer; `room` is None if we never joined, `clock` returns monotonic seconds."""

    def __init__(self, end: SessionEnded, room: RoomInfo | None, clock: Callable[[], float]) -> None:
        self.end = end.reason
        self.successor: FoundRoom | None = None
        self._error = end.error
        self._room = room
        self._clock = clock
        self._ended_at = clock()
        self._retry_at: float | None = None

    @property
    def closed(self) -> bool:
        """Whether the host closed the room in an orderly way."""
        return isinstance(self._error, RoomClosed) and self._error.code == error_codes.CLOSING

    @property
    def full(self) -> bool:
        """Whether the room was full or locked, so that waiting may help."""
        return isinstance(self._error, JoinRefused) and self._error.code in (
            error_codes.FULL,
            error_codes.LOCKED,
        )

    @property
    def retry_due(self) -> bool:
        """Whether to try now to get a seat."""
        return self._retry_at is not None and self._clock() >= self._retry_at

    @property
    def waiting(self) -> bool:
        """Whether the user waits for a seat."""
        return self._retry_at is not None

    def start_waiting(self) -> None:
        """Wait for a seat; the first attempt is due at once."""
        self._retry_at = self._clock() if self.full else None

    def keep_waiting(self) -> None:
        """Wait on after an attempt failed."""
        self._retry_at = self._clock() + RETRY_EVERY_S if self.full else None

    def stop_waiting(self) -> None:
        """Stop waiting."""
        self._retry_at = None

    def find_successor(self, rooms: RoomList) -> None:
        """Look for a room with the same name: somebody may have taken over hosting."""
        if self._room is None or not self.closed:
            return
        named = rooms.joinable_by_name(self._room.name)
        self.successor = next((room for room in named if not self._stale(room, self._room)), None)

    def banner(self, *, holds_messages: bool) -> Banner | None:
        """Return the banner, or None if we left ourselves."""
        save = (BannerAction.SAVE,) if holds_messages else ()
        if self._error is None:
            return None
        if self.closed:
            return self._closed_banner(save)
        if self.full:
            return self._full_banner(self._error, save)
        return _error_banner(self._error, (*_rejoin_actions(self._error), *save, BannerAction.BACK))

    def _full_banner(self, error: MessangoError, save: tuple[BannerAction, ...]) -> Banner:
        if not self.waiting:
            return Banner(
                BannerSeverity.WARNING,
                str(error),
                error.hint,
                (BannerAction.WAIT_FOR_SEAT, *save, BannerAction.BACK),
            )
        is_locked = isinstance(error, JoinRefused) and error.code == error_codes.LOCKED
        until = "the host unlocks the room" if is_locked else "a seat is free"
        hint = f"You'll join when {until}. Your draft stays in the message field."
        return Banner(
            BannerSeverity.WARNING,
            f"{'Waiting.' if is_locked else 'Waiting for a seat.'} {error}",
            hint,
            (BannerAction.STOP_WAITING, BannerAction.BACK),
        )

    def _stale(self, room: FoundRoom, old: RoomInfo) -> bool:
        return room.id == old.id and self._clock() - self._ended_at < STALE_S

    def _closed_banner(self, save: tuple[BannerAction, ...]) -> Banner:
        text = "The host has closed the room."
        if self.successor is not None:
            actions = (BannerAction.JOIN, BannerAction.REHOST, *save, BannerAction.BACK)
            hint = "A room with the same name is open now. The messages here stay."
            return Banner(BannerSeverity.WARNING, text, hint, actions, _join_label(self.successor))
        if self._room is None:
            return Banner(
                BannerSeverity.WARNING,
                text,
                "Choose another room, or host one yourself.",
                (BannerAction.BACK,),
            )
        hint = "The messages are still here. If you take over hosting, others find the room in their lists."
        return Banner(BannerSeverity.WARNING, text, hint, (BannerAction.REHOST, *save, BannerAction.BACK))


def _rejoin_actions(error: MessangoError) -> tuple[BannerAction, ...]:
    """Return the action for joining again, unless it would fail again."""
    if isinstance(error, FingerprintMismatch):
        return ()
    code = error.code if isinstance(error, RoomClosed) else ""
    return (_REJOIN_ACTIONS.get(code, BannerAction.TRY_AGAIN),)


def _error_banner(error: MessangoError, actions: tuple[BannerAction, ...]) -> Banner:
    return Banner(BannerSeverity.DANGER, str(error), error.hint, actions)


def _join_label(room: FoundRoom) -> str:
    name = f"Join {quoted_name(_shorten(room.name))}"
    return f"{name} on {_shorten(room.host)}" if room.host else name


def _shorten(name: str) -> str:
    return name if len(name) <= MAX_LABEL_NAME else f"{name[: MAX_LABEL_NAME - 1]}…"
