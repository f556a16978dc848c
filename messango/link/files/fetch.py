"""Gets one file from the servers that have it: finds one, and asks it for piece after piece."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from messango.link.files.file_frames import (
    PIECE_BYTES,
    AnyFileFrame,
    Ask,
    Done,
    Full,
    Have,
    Lack,
    Piece,
    WhoHas,
)
from messango.link.files.window import MAX_PIECES, Window

#: How often the servers are asked who has the file, and for how long if none has begun to send it.
LOOK_EVERY_S: Final = 1.0
LOOK_FOR_S: Final = 3.0

#: A piece is asked for again after this long, and the server is given up after the other.
PIECE_TIMEOUT_S: Final = 2.0
SOURCE_SILENT_S: Final = 6.0

#: How long a file that was coming may not go on, as while an engine starts again. A client that gets no byte
#: for `TRANSFER_STALL_S` gives up.
GIVE_UP_AFTER_S: Final = 20.0


class FetchFailure(enum.Enum):
    """Why a file does not come: no server has it; the one that has it is away; or it is busy."""

    GONE = enum.auto()
    AWAY = enum.auto()
    BUSY = enum.auto()


class Sending(NamedTuple):
    """A frame to send: to the server with this id, or to all others if that is empty."""

    to: str
    frame: AnyFileFrame


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to get: `size` bytes of `file`. `others` are the other servers that the room knows."""

    file: str
    size: int
    others: Collection[str]


class Fetch:
    """Frames and times in, frames and bytes out; for one thread. `now_s` never goes back.

    `offset` is how far the bytes go that `handle` has returned. In the end it `is_done`, or there
    is a `failure`.
    """

    def __init__(self, server: str, transfer: str, wanted: Wanted, offset: int, now_s: float) -> None:
        """`server` is ours; bytes before `offset` are not needed."""
        self.offset = offset
        self.failure: FetchFailure | None = None
        self._server, self._transfer, self._wanted = server, transfer, wanted
        self._source = ""
        self._window = Window()
        self._next_offset = offset
        #: The pieces that were asked for, and when; and those that came before the one that is next.
        self._asked: dict[int, float] = {}
        self._early: dict[int, bytes] = {}
        self._lacking: set[str] = set()
        self._met_full = False
        self._look_at_s = self._heard_at_s = now_s
        self._give_up_at_s = now_s + LOOK_FOR_S

    @property
    def is_done(self) -> bool:
        """Whether all bytes have come."""
        return self.offset == self._wanted.size

    @property
    def has_begun(self) -> bool:
        """Whether a server has the file and sends it."""
        return bool(self._source) or self.is_done

    def wait_s(self, now_s: float) -> float:
        """Return after how long `due` should be called although nothing came."""
        if not self._source:
            return max(0.0, min(self._look_at_s, self._give_up_at_s) - now_s)
        return max(0.0, min(self._asked.values(), default=now_s) + PIECE_TIMEOUT_S - now_s)

    def due(self, now_s: float) -> list[Sending]:
        """Return what to send now; sets `failure` when it is time to give up."""
        if self.is_done:
            return []
        if self._source and now_s - self._heard_at_s >= SOURCE_SILENT_S:
            self._lose_source(now_s)
        if not self._source and now_s >= self._give_up_at_s:
            self.failure = FetchFailure.BUSY if self._met_full else FetchFailure.AWAY
        if self.failure is not None:
            return []
        return [*self._asks(now_s)] if self._source else self._look(now_s)

    def last_words(self) -> list[Sending]:
        """Return what to send when it is over, whatever the reason."""
        return [Sending(self._source, Done(self._server, self._transfer))] if self._source else []

    def handle(self, frame: AnyFileFrame, now_s: float) -> list[bytes]:
        """Take an answer; returns the bytes that follow at `offset` now, in pieces."""
        if isinstance(frame, Have) and not self._source:
            self._source = frame.server
            self._came(now_s)
        elif isinstance(frame, Lack):
            self._lacks(frame.server, now_s)
        elif isinstance(frame, Full):
            self._met_full = True
            if frame.server == self._source:
                self._lose_source(now_s + LOOK_EVERY_S)
        elif isinstance(frame, Piece) and frame.server == self._source:
            return [*self._take(frame, now_s)]
        return []

    def _look(self, now_s: float) -> list[Sending]:
        if now_s < self._look_at_s:
            return []
        self._look_at_s = now_s + LOOK_EVERY_S
        self._lacking.clear()
        self._met_full = False
        return [Sending("", WhoHas(self._server, self._transfer, self._wanted.file))]

    def _lacks(self, server: str, now_s: float) -> None:
        if server == self._source:
            self._lose_source(now_s)
        self._lacking.add(server)
        if not self._source and self._lacking.issuperset(self._wanted.others):
            self.failure = FetchFailure.GONE

    def _lose_source(self, look_at_s: float) -> None:
        """Look for another server that has the file, or the same one when it is back."""
        self._source = ""
        self._asked.clear()
        self._early.clear()
        self._next_offset = self.offset
        self._look_at_s = look_at_s

    def _asks(self, now_s: float) -> Iterator[Sending]:
        for offset, asked_s in self._asked.items():
            if now_s - asked_s >= PIECE_TIMEOUT_S:
                self._window.lost()
                yield self._ask(offset, now_s)
        end = min(self._wanted.size, self.offset + MAX_PIECES * PIECE_BYTES)
        while len(self._asked) < self._window.size and self._next_offset < end:
            yield self._ask(self._next_offset, now_s)
            self._next_offset += PIECE_BYTES

    def _ask(self, offset: int, now_s: float) -> Sending:
        self._asked[offset] = now_s
        ask = Ask(self._server, self._transfer, self._wanted.file, offset, self._size_at(offset))
        return Sending(self._source, ask)

    def _size_at(self, offset: int) -> int:
        return min(PIECE_BYTES, self._wanted.size - offset)

    def _take(self, piece: Piece, now_s: float) -> Iterator[bytes]:
        if piece.offset not in self._asked or len(piece.data) != self._size_at(piece.offset):
            return
        self._window.arrived(now_s - self._asked.pop(piece.offset))
        self._came(now_s)
        self._early[piece.offset] = piece.data
        while (data := self._early.pop(self.offset, None)) is not None:
            self.offset += len(data)
            yield data

    def _came(self, now_s: float) -> None:
        self._heard_at_s = now_s
        self._give_up_at_s = now_s + GIVE_UP_AFTER_S
