"""The history of a linked room: this server's replica of what all servers have."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from messango.protocol.frames import Entry, Spoken
from messango.room.files.shared_file import Announcements
from messango.room.history.entry_log import EntryLog, Reactions
from messango.room.history.file.replica_file import ReplicaFile, StorageFailed
from messango.room.history.file.replica_owner import LAST_ENTRY, of_another_room
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import SavedSession

__all__ = ["ReplicaHistory", "StorageFailed"]

T = TypeVar("T")


class ReplicaHistory(ReplicaFile):
    """The entries in a replica's file, and the state of the link. For one thread at a time, but `stored_at`.

    Nothing is in memory only: what could not be stored does not exist, and comes from the stream again. What
    the room decides by (`find`, `messages`, `reactions`, `link_state`) raises `StorageFailed` if it can't be
    read; what members read (`last`, `since`) is empty then, and `problem` says why.

    After a `StorageFailed`, `reopen` until it succeeds, and fold again from `link_state`.
    """

    def __init__(self, path: Path, link: str, now_s: float, *, is_base: bool = False) -> None:
        """Open or create the file as a replica of the link with this id; `now_s` in seconds since 1970 UTC.

        `is_base`: what the file has is the conversation with which the linked room begins. Raises
        `NotOfThisLink` if it has one that is not the link's, or `StorageFailed`.
        """
        super().__init__(path, link, is_base=is_base)
        #: Nothing is lost here that is in the stream.
        self.lost_count = self.unsaved_count = 0
        #: Called after entries were stored, in the middle of a batch: it must be quick.
        self.on_stored: Callable[[], None] = lambda: None
        self.open(now_s)

    @property
    def is_persistent(self) -> bool:
        return self.problem is None

    def store(
        self, entries: Sequence[Entry], changes: Mapping[str, str | None], *, plain: bool = False
    ) -> None:
        """Store entries and changes to the state of the link, all or none; `plain` as in `History.append`.

        A change to None removes the key. Entries that are there already are left out: those with which the
        linked room begins are in the file of the room that it was before, and may come twice to the others.
        Raises `StorageFailed`, or `NotOfThisLink` if there are other entries instead.
        """
        if entries and entries[0].seq <= self.latest:
            entries, plain = self._without_stored(entries), False
        latest = str(entries[-1].seq if entries else self.latest)
        self.write(lambda store: store.append_with_state(entries, changes, {LAST_ENTRY: latest}, plain=plain))
        self.may_found = False
        if entries:
            self.on_stored()

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Store entries without a change to the state of the link; raises as `store` does."""
        self.store(entries, {}, plain=plain)

    def link_state(self) -> dict[str, str]:
        """Return the state of the link as of the last `store`; empty before the first one."""
        return self.read(SqliteHistory.link_state)

    def flush_pending(self, time_s: float) -> bool:  # noqa: ARG002 (the history's interface)
        """Look for the file at its place, so that `problem` says at once if it is not there; always true."""
        self.look()
        return True

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        return self.read(lambda store: store.find(member, ids))

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        return self.read(lambda store: store.messages(seqs))

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        return self.read(lambda store: store.reactions(seqs))

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        return self._read_or(lambda store: store.last(count, viewer, before), [])

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        return self._read_or(lambda store: store.since(seq, count, viewer), [])

    def announcements(self, since_s: float, seqs: Collection[int]) -> Announcements | None:
        """Return the stored messages from this time on that announce files, and those with these numbers.

        None if they can't be read.
        """
        return self._read_or(
            lambda store: Announcements(store.shared_files(since_s), store.messages(seqs)), None
        )

    def unsaved(self) -> EntryLog:
        return EntryLog()

    def get_fact(self, key: str) -> str | None:
        """Return a fact about the room, such as its `id` or `name`, or None."""
        return self.read(lambda store: store.get_fact(key))

    def sessions(self, count: int) -> list[SavedSession]:
        return self._read_or(lambda store: store.sessions(count), [])

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Store sessions for a room that is not linked any more: the linked room has them in its state."""
        new = [*sessions]
        with contextlib.suppress(StorageFailed):
            self.write(lambda store: store.save_sessions(new, time_s))

    def _without_stored(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return the entries after the last one; raises `NotOfThisLink` if there are others instead."""
        old = [entry for entry in entries if entry.seq <= self.latest]
        stored = self.read(lambda store: store.since(old[0].seq - 1, len(old)))
        for entry, own in itertools.zip_longest(old, stored):
            if own is None or (entry.seq, entry.member, entry.id) != (own.seq, own.member, own.id):
                raise of_another_room(self.path, entry.seq)
        return entries[len(old) :]

    def _read_or(self, query: Callable[[SqliteHistory], T], default: T) -> T:
        try:
            return self.read(query)
        except StorageFailed:
            return default
