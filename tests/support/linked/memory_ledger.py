"""The room's part of a fold in memory: it numbers what members say, and knows what it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from messango.link.fold.acts import Based, LinkedPerson, Posted
from messango.protocol.frames import Say


class Kept(NamedTuple):
    """A message as the ledger keeps it."""

    seq: int
    member: str
    id: str
    name: str
    text: str
    time: float


class MemoryLedger:
    """A `Ledger` of messages to all; the result of a request is the message that it led to."""

    def __init__(self, kept: Iterable[Kept] = (), latest: int = 0) -> None:
        self.kept = [*kept]
        self._latest = max(latest, self.kept[-1].seq if self.kept else 0)
        self._by_id = {(one.member, one.id): one for one in self.kept}

    @property
    def latest(self) -> int:
        return self._latest

    def post(self, author: LinkedPerson, posted: Posted) -> Sequence[Kept]:
        """Number the messages that are new."""
        return [
            self._say(author, request, posted.time) for request in posted.requests if isinstance(request, Say)
        ]

    def base(self, based: Based) -> None:
        """Begin after the number of the room as it was."""
        self._latest = max(self._latest, based.seq)

    def _say(self, author: LinkedPerson, said: Say, time: float) -> Kept:
        known = self._by_id.get((author.id, said.id))
        if known is not None:
            return known
        self._latest += 1
        one = Kept(self._latest, author.id, said.id, author.name, said.text, time)
        self._by_id[one.member, one.id] = one
        self.kept.append(one)
        return one
