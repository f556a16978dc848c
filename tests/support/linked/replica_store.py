"""A server's replica in memory: a fold, and what its disk would have of it."""

from __future__ import annotations

from collections.abc import Sequence

from messango.link.fold.acts import AnyAct
from messango.link.fold.fold import Fold
from messango.link.fold.ordered import Ordered
from messango.link.fold.stream_entry import StreamEntry, encode_entry
from tests.support.linked.memory_ledger import Kept, MemoryLedger


class MemoryReplica:
    """Folds a stream that is a list; `store` is the one transaction of messages and state."""

    def __init__(self, server: str, life: str = "life") -> None:
        self.server = server
        self.life = life
        self.stored: dict[str, str] = {}
        self._stored_messages: list[Kept] = []
        self._stored_latest = 0
        self.restart()

    def restart(self, life: str | None = None) -> None:
        """Begin again with what is stored, in another life if one is given."""
        self.life = self.life if life is None else life
        self.ledger = MemoryLedger(self._stored_messages, self._stored_latest)
        self.fold = Fold(dict(self.stored), self.ledger, self.server, self.life)

    def read(self, stream: Sequence[bytes], until: int | None = None) -> list[Ordered[Kept]]:
        """Fold the stream up to the entry `until`, or all of it."""
        ordered = []
        first = self.fold.place.stream
        for seq, data in enumerate(stream[first:until], first + 1):
            ordered += self.fold.take(seq, data)
        return ordered

    def store(self) -> None:
        """Store all that was folded."""
        for key, text in self.fold.take_changes().items():
            if text is None:
                self.stored.pop(key, None)
            else:
                self.stored[key] = text
        self._stored_messages = [*self.ledger.kept]
        self._stored_latest = self.ledger.latest

    def round(self, *acts: AnyAct, n: int | None = None) -> bytes:
        """Return the next round of this life with these acts, as of what is folded."""
        number = self.fold.my_round + 1 if n is None else n
        return encode_entry(StreamEntry(self.server, self.life, number, self.fold.place, [*acts]))
