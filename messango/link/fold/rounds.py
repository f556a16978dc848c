"""Acts become rounds: what waits goes into one stream entry, and the next gathers while that is on its way.

Each act is encoded when it is offered, so its size is known, and an entry is put together from bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from messango.link.fold.acts import AnyAct, Posted
from messango.link.fold.stream_entry import MAX_ENTRY_BYTES, STREAM_VERSION, Place
from messango.protocol.frames import Share

EncodedAct: TypeAlias = bytes


class Round(NamedTuple):
    """One entry of this server: round `n` of its life, as bytes."""

    n: int
    data: bytes


class _PackedEntry(msgspec.Struct, frozen=True):
    """A `StreamEntry` whose acts are encoded already."""

    server: str
    life: str
    n: int
    at: Place
    entries: list[msgspec.Raw]
    version: int = STREAM_VERSION


_encoder = msgspec.json.Encoder()


class Rounds:
    """The acts of one life of a server on their way into the stream. Its owner sees to one thread at a time;
    only `encode` is for any.

    `waiting_bytes`: what was offered and is not in the stream yet, as far as the room has `seen`.
    """

    def __init__(self, server: str, life: str) -> None:
        self._server, self._life = server, life
        self._waiting: deque[EncodedAct] = deque()
        self._in_flight: Round | None = None
        self._bytes_in_flight = 0
        self._last_n = 0
        # Names and numbers have their most digits, so that no entry is larger than it may be.
        empty = _PackedEntry(server, life, 2**63, Place(2**63, 2**63, "0" * 16), [])
        self._act_bytes_limit = MAX_ENTRY_BYTES - len(_encoder.encode(empty))
        self.waiting_bytes = 0

    def encode(self, acts: Sequence[AnyAct]) -> list[EncodedAct]:
        """Return acts as `add` takes them; raises `ValueError` for one that no entry can hold."""
        encoded: list[EncodedAct] = []
        for act in _merged(acts):
            data = _encoder.encode(act)
            if len(data) < self._act_bytes_limit:
                encoded.append(data)
            else:
                encoded += self._split(act, len(data))
        return encoded

    def offer(self, acts: Sequence[AnyAct]) -> None:
        """Put acts behind those that wait; raises as `encode`."""
        self.add(self.encode(acts))

    def add(self, encoded: Sequence[EncodedAct]) -> None:
        """Put encoded acts behind those that wait."""
        self._waiting.extend(encoded)
        self.waiting_bytes += sum(map(len, encoded))

    def next_round(self, place: Place) -> Round | None:
        """Return the round that is to be published: the same one until it is `seen`, with the same bytes.

        `place`: how far the server has folded. None if nothing waits.
        """
        if self._in_flight is None and self._waiting:
            self._last_n += 1
            acts = self._pack()
            self._bytes_in_flight = sum(map(len, acts))
            entry = _PackedEntry(
                self._server, self._life, self._last_n, place, [msgspec.Raw(act) for act in acts]
            )
            self._in_flight = Round(self._last_n, _encoder.encode(entry))
        return self._in_flight

    @property
    def has_waiting(self) -> bool:
        """Whether acts wait for the next round."""
        return bool(self._waiting)

    def seen(self, n: int) -> None:
        """Round `n` has come back from the stream and is stored. Repeated ones change nothing."""
        if self._in_flight is not None and self._in_flight.n == n:
            self._in_flight = None
            self.waiting_bytes -= self._bytes_in_flight

    def _pack(self) -> list[bytes]:
        """Take from what waits as much as one entry can hold."""
        acts = []
        left = self._act_bytes_limit
        while self._waiting and len(self._waiting[0]) < left:
            act = self._waiting.popleft()
            left -= len(act) + 1  # and a comma
            acts.append(act)
        return acts

    def _split(self, act: AnyAct, size: int) -> Iterator[bytes]:
        """Yield the parts of an act that is too large for one entry."""
        if not isinstance(act, Posted) or len(act.requests) < 2:
            raise ValueError(f"an act of {size} bytes fits into no entry of the stream")
        for half in _halves(act):
            data = _encoder.encode(half)
            if len(data) < self._act_bytes_limit:
                yield data
            else:
                yield from self._split(half, len(data))


def _merged(acts: Sequence[AnyAct]) -> list[AnyAct]:
    """Return the acts; what one member said in the same moment is one act, which is shorter."""
    merged: list[AnyAct] = []
    last: Posted | None = None
    is_copy = False
    for act in acts:
        if not isinstance(act, Posted):
            last = None
        elif last is None or not _continues(last, act):
            last, is_copy = act, False
        else:
            if not is_copy:
                # The caller's own lists stay as they are.
                last = Posted(last.member, last.time, [*last.requests], last.host, [*last.files])
                merged[-1], is_copy = last, True
            last.requests.extend(act.requests)
            last.files.extend(act.files)
            continue
        merged.append(act)
    return merged


def _continues(last: Posted, act: Posted) -> bool:
    return act.member == last.member and act.time == last.time and act.host == last.host


def _halves(act: Posted) -> Iterator[Posted]:
    """Yield the act in two parts, each with the files that it shares."""
    middle = len(act.requests) // 2
    for requests in (act.requests[:middle], act.requests[middle:]):
        shared = {request.file for request in requests if isinstance(request, Share)}
        yield Posted(
            act.member, act.time, requests, act.host, [file for file in act.files if file.id in shared]
        )
