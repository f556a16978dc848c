"""The end of a stay: what is said of it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import SessionEnded
from messango.discovery.events import FoundRoom
from messango.errors import FingerprintMismatch, JoinRefused, MessangoError, RoomClosed
from messango.gui.model.banner import Banner, Step, Tone
from messango.gui.model.room_list import RoomList
from messango.protocol import error_codes
from messango.protocol.frames import RoomInfo

#: A room that has just closed may stay in the list for so long; until then its own row is not believed.
STALE_S: Final = 5.0

#: Who waits for a seat asks for one this often.
ASK_EVERY_S: Final = 5.0

#: What trying again means where the room itself has ended the stay.
_AGAIN: Final = {error_codes.REPLACED: Step.HERE_AGAIN, error_codes.KICKED: Step.JOIN_ANEW}

#: A button says no more of a room's name, or of a machine's.
LONGEST_NAME: Final = 24


class Ending:
    """Decides what to offer; `room` is None where we never got in, and `clock` never goes back."""

    def __init__(self, end: SessionEnded, room: RoomInfo | None, clock: Callable[[], float]) -> None:
        self.end = end.reason
        self.successor: FoundRoom | None = None
        self._error = end.error
        self._room = room
        self._clock = clock
        self._ended_at = clock()
        self._ask_at: float | None = None

    @property
    def closed(self) -> bool:
        """Whether the host has closed the room in good order."""
        return isinstance(self._error, RoomClosed) and self._error.code == error_codes.CLOSING

    @property
    def full(self) -> bool:
        """Whether there was no seat for us."""
        return isinstance(self._error, JoinRefused) and self._error.code == error_codes.FULL

    @property
    def ask_again(self) -> bool:
        """Whether somebody waits for a seat, and it is time to ask for one."""
        return self._ask_at is not None and self._clock() >= self._ask_at

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for a seat."""
        return self._ask_at is not None

    def wait(self) -> None:
        """Ask for a seat at once."""
        self._ask_at = self._clock() if self.full else None

    def wait_on(self) -> None:
        """There was none; ask once more after a while."""
        self._ask_at = self._clock() + ASK_EVERY_S if self.full else None

    def wait_no_more(self) -> None:
        """Ask no more."""
        self._ask_at = None

    def look(self, rooms: RoomList) -> None:
        """Look whether somebody hosts the room on, or has opened it again."""
        if self._room is None or not self.closed:
            return
        named = rooms.to_join_by_name(self._room.name)
        self.successor = next((room for room in named if not self._stale(room, self._room)), None)

    def banner(self, *, holds_messages: bool) -> Banner | None:
        """Return what is said, or None where we left ourselves."""
        keep = (Step.KEEP,) if holds_messages else ()
        if self._error is None:
            return None
        if self.closed:
            return self._closed_banner(keep)
        if self.full:
            return self._full_banner(self._error, keep)
        return _said(self._error, (*_again(self._error), *keep, Step.BACK))

    def _full_banner(self, error: MessangoError, keep: tuple[Step, ...]) -> Banner:
        if not self.waiting:
            return Banner(Tone.CAUTION, str(error), error.hint, (Step.WAIT, *keep, Step.BACK))
        hint = "You are let in as soon as somebody leaves. What you write meanwhile stays in the field."
        return Banner(Tone.CAUTION, f"Waiting for a seat. {error}", hint, (Step.WAIT_NO_MORE, Step.BACK))

    def _stale(self, room: FoundRoom, old: RoomInfo) -> bool:
        return room.id == old.id and self._clock() - self._ended_at < STALE_S

    def _closed_banner(self, keep: tuple[Step, ...]) -> Banner:
        text = "The host has closed the room."
        if self.successor is not None:
            steps = (Step.JOIN, Step.HOST_ON, *keep, Step.BACK)
            hint = "A room of the same name is open again. What you have read stays here."
            return Banner(Tone.CAUTION, text, hint, steps, _join_words(self.successor))
        if self._room is None:
            return Banner(Tone.CAUTION, text, "Choose another one, or open one yourself.", (Step.BACK,))
        hint = "What was said is still here. Host it on, and the others find it in their lists again."
        return Banner(Tone.CAUTION, text, hint, (Step.HOST_ON, *keep, Step.BACK))


def _again(error: MessangoError) -> tuple[Step, ...]:
    """Return how to try once more, where that is not in vain."""
    if isinstance(error, FingerprintMismatch):
        return ()
    code = error.code if isinstance(error, RoomClosed) else ""
    return (_AGAIN.get(code, Step.TRY_AGAIN),)


def _said(error: MessangoError, steps: tuple[Step, ...]) -> Banner:
    return Banner(Tone.DANGER, str(error), error.hint, steps)


def _join_words(room: FoundRoom) -> str:
    name = f"Join “{_short(room.name)}”"
    return f"{name} on {_short(room.host)}" if room.host else name


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
