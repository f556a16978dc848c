"""This server's replica of a linked room: the fold, the history that it fills, and what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from messango.link.fold.checkpoints import UNCHECKED
from messango.link.fold.fold import Fold
from messango.link.fold.ordered import Ordered
from messango.link.fold.roster import Roster
from messango.link.fold.stream_entry import Place
from messango.protocol.frames import Entry
from messango.room.files.shelf import FileShelf
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.linked.room_ledger import Outcome, RoomLedger
from messango.room.sequencer import Sequencer


class ReplicaSequencer(Sequencer):
    """Stores the entries of a batch together with what the fold has made of the stream."""

    def __init__(
        self,
        history: ReplicaHistory,
        shelf: FileShelf,
        take_changes: Callable[[], Mapping[str, str | None]],
    ) -> None:
        super().__init__(history, shelf)
        self._replica = history
        self._take_changes = take_changes

    def reset(self, latest: int) -> None:
        """Forget what is not stored; `latest` is above the history's last number if the room began empty."""
        self._begin()
        self.latest = max(self._replica.latest, latest)

    def commit(self) -> None:
        """Store entries and changes in one transaction; raises `StorageFailed`."""
        super().commit()
        if changes := self._take_changes():
            self._replica.store([], changes)

    def _store(self, entries: Sequence[Entry], *, plain: bool) -> None:
        self._replica.store(entries, self._take_changes(), plain=plain)


class Replica:
    """Owns the fold and the sequencer of one linked room; for the room's thread.

    After `StorageFailed` from any method, call `reload` until it succeeds: it begins again with what is
    stored. `stored_place`, `stored_digest` and `stored_round` are for any thread.
    """

    def __init__(self, history: ReplicaHistory, shelf: FileShelf, server: str, life: str) -> None:
        self.history = history
        self.server, self.life = server, life
        self.sequencer = ReplicaSequencer(history, shelf, lambda: self.fold.take_changes())
        self._ledger = RoomLedger(self.sequencer)
        self.reload()

    def reload(self) -> None:
        """Begin with what is stored; raises `StorageFailed`."""
        state = self.history.link_state()
        self.fold: Fold[Outcome] = Fold(state, self._ledger, self.server, self.life)
        self.sequencer.reset(self.fold.place.room)
        self._ledger.people.roster = self.fold.roster.people
        self._note_stored()

    def begin_again(self, label: str, time_s: float, unchecked: int) -> Path | None:
        """Set the history aside, begin an empty one, and return where the old one is; raises `StorageFailed`.

        What other servers say of the stream up to entry `unchecked` is not compared any more.
        """
        old = self.history.set_aside(label, time_s)
        self.history.store([], {UNCHECKED: str(unchecked)})
        self.reload()
        return old

    @property
    def roster(self) -> Roster:
        """The people, servers and bans as of the last entry that was taken."""
        return self.fold.roster

    def take(self, stream_seq: int, data: bytes) -> list[Ordered[Outcome]]:
        """Fold an entry of the stream; raises as `Fold.take`, or `StorageFailed`."""
        return self.fold.take(stream_seq, data)

    def commit(self) -> None:
        """Store what was folded; raises `StorageFailed`."""
        self.sequencer.commit()
        self._note_stored()

    def _note_stored(self) -> None:
        self.stored_place: Place = self.fold.place
        self.stored_digest = self.fold.last_raw_digest
        self.stored_round = self.fold.my_round
