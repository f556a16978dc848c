"""The end of a stay: what is said of it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import Ended
from messango.discovery.rooms import FoundRoom
from messango.errors import FingerprintMismatch, MessangoError, RoomClosed
from messango.gui.banner import Banner, Step, Tone
from messango.gui.room_list import RoomList
from messango.protocol import codes
from messango.protocol.frames import RoomFacts

#: A room that has just closed may stay in the list for so long; until then its own row is not believed.
STALE_S: Final = 5.0

#: A button says no more of a room's name, or of a machine's.
LONGEST_NAME: Final = 24


class Ending:
    """Decides what to offer; `room` is None where we never got in, and `clock` never goes back."""

    def __init__(self, end: Ended, room: RoomFacts | None, clock: Callable[[], float]) -> None:
        self.end = end.end
        self.successor: FoundRoom | None = None
        self._error = end.error
        self._room = room
        self._clock = clock
        self._ended_at = clock()

    @property
    def closed(self) -> bool:
        """Whether the host has closed the room in good order."""
        return isinstance(self._error, RoomClosed) and self._error.code == codes.CLOSING

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
        again = () if isinstance(self._error, FingerprintMismatch) else (Step.TRY_AGAIN,)
        return _said(self._error, (*again, *keep, Step.BACK))

    def _stale(self, room: FoundRoom, old: RoomFacts) -> bool:
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


def _said(error: MessangoError, steps: tuple[Step, ...]) -> Banner:
    return Banner(Tone.DANGER, str(error), error.hint, steps)


def _join_words(room: FoundRoom) -> str:
    name = f"Join “{_short(room.name)}”"
    return f"{name} on {_short(room.host)}" if room.host else name


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
