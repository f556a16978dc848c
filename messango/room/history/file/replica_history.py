"""The history of a linked room: this server's replica of what all servers have."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from messango.protocol.frames import Entry, Spoken
from messango.room.files.shared_file import Announcements
from messango.room.history.entry_log import EntryLog, Reactions
from messango.room.history.fallback_history import storage_problem
from messango.room.history.file.check import check_history
from messango.room.history.file.displaced_file import leave_displaced, move_away
from messango.room.history.file.faults import explain
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.place import Displacement, HistoryPlace
from messango.room.history.file.replica_owner import LAST_ENTRY, LINK, claim, of_another_room
from messango.room.history.file.rescue import is_intact, log_notice
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import SavedSession, StorageProblem

T = TypeVar("T")

_STORAGE_ERRORS: Final = (*DATABASE_ERRORS, OSError)

_EFFECT: Final = "Until it can be used, this server takes no new messages."
_REFILLED: Final = "Messango gets what is missing from the linked room."


_CLOSED: Final = StorageProblem("The history is closed.", "Open the room again.", permanent=True)


class StorageFailed(Exception):
    """The replica can't be read or written; nothing was changed.

    `problem` says why, and what helps while the room is open; `cure` what helps before it opens.
    """

    def __init__(self, problem: StorageProblem, cure: str = "") -> None:
        super().__init__(str(problem))
        self.problem, self.cure = problem, cure or problem.hint


class ReplicaHistory:
    """Owns the file's history. For one thread at a time, but `stored_at`, which any thread may read.

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
        self.path = path
        self.problem: StorageProblem | None = None
        #: What the host should read about the file, oldest first; the reader empties it.
        self.notices: list[str] = []
        #: Nothing is lost here that is in the stream.
        self.lost_count = self.unsaved_count = 0
        #: Called when the history goes on in a new file, because something happened to the old one.
        self.on_new_file: Callable[[], None] = lambda: None
        #: Called after entries were stored, in the middle of a batch: it must be quick.
        self.on_stored: Callable[[], None] = lambda: None
        self._link = link
        self._may_found = is_base
        self._store: SqliteHistory | None = None
        self._place = HistoryPlace(path)
        self._latest = self._oldest = 0
        #: The facts that this run has set, for a new file.
        self._facts = {LINK: link}
        self._open(now_s)

    @property
    def is_persistent(self) -> bool:
        return self.problem is None

    @property
    def latest(self) -> int:
        """The number of the last entry that is stored."""
        return self._latest

    @property
    def oldest(self) -> int:
        return self._oldest

    @property
    def stored_at(self) -> Path | None:
        return self.path if self._store else None

    def store(
        self, entries: Sequence[Entry], changes: Mapping[str, str | None], *, plain: bool = False
    ) -> None:
        """Store entries and changes to the state of the link, all or none; `plain` as in `History.append`.

        A change to None removes the key. Entries that are there already are left out: those with which the
        linked room begins are in the file of the room that it was before, and may come twice to the others.
        Raises `StorageFailed`, or `NotOfThisLink` if there are other entries instead.
        """
        if entries and entries[0].seq <= self._latest:
            entries, plain = self._without_stored(entries), False
        latest = str(entries[-1].seq if entries else self._latest)
        store = self._write(
            lambda store: store.append_with_state(entries, changes, {LAST_ENTRY: latest}, plain=plain)
        )
        self._may_found = False
        self._latest, self._oldest = store.latest, store.oldest
        if entries:
            self.on_stored()

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Store entries without a change to the state of the link; raises as `store` does."""
        self.store(entries, {}, plain=plain)

    def link_state(self) -> dict[str, str]:
        """Return the state of the link as of the last `store`; empty before the first one."""
        return self._read(SqliteHistory.link_state)

    def reopen(self, now_s: float) -> None:
        """Open the file at the history's place again, or create it, if that is necessary.

        Raises `StorageFailed`; or `NotOfThisLink` if there is another room's file now.
        """
        store, how = self._store, self._displacement()
        if store is not None and how is None:
            self._write(self._save_facts)
            return
        self._store = None
        try:
            if store is not None:
                self._leave(store, how)
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self._open(now_s)
        if how is not None:
            self.on_new_file()
            lost = f"The history {self.path} {how.value} while the room is open. {_REFILLED}"
            self.notices.append(log_notice(self.path) if how is Displacement.LOG_GONE else lost)

    def set_aside(self, label: str, now_s: float) -> Path | None:
        """Rename the file, with `label` after its name, and begin with an empty one; return the new path.

        None if there was no file. Raises `StorageFailed`; what is at the place then is for `reopen`.
        """
        store, self._store = self._store, None
        try:
            moved_to = move_away(store, self.path, label)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self._may_found = False
        self._open(now_s)
        self.on_new_file()
        return moved_to

    def flush_pending(self, time_s: float) -> bool:  # noqa: ARG002 (the history's interface)
        """Look for the file at its place, so that `problem` says at once if it is not there; always true."""
        if self.problem is None:
            with contextlib.suppress(StorageFailed):
                self._usable_store()
        return True

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        return self._read(lambda store: store.find(member, ids))

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        return self._read(lambda store: store.messages(seqs))

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        return self._read(lambda store: store.reactions(seqs))

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
        return self._read(lambda store: store.get_fact(key))

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room; raises `StorageFailed`."""
        self._facts[key] = value
        self._write(lambda store: store.set_fact(key, value))

    def sessions(self, count: int) -> list[SavedSession]:
        return self._read_or(lambda store: store.sessions(count), [])

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Store sessions for a room that is not linked any more: the linked room has them in its state."""
        new = [*sessions]
        with contextlib.suppress(StorageFailed):
            self._write(lambda store: store.save_sessions(new, time_s))

    def close(self) -> None:
        store, self._store = self._store, None
        if store is None:
            return
        if self._place.displacement() is None:
            store.close()
            return
        with contextlib.suppress(OSError):
            leave_displaced(store, self._place)

    def _open(self, now_s: float) -> None:
        try:
            check_history(self.path)
            with contextlib.ExitStack() as undo:
                store = undo.enter_context(contextlib.closing(SqliteHistory(self.path, now_s)))
                claim(store, self.path, self._link, may_found=self._may_found)
                self._save_facts(store)
                undo.pop_all()
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self._place = HistoryPlace(self.path, has_log=store.has_log)
        self._place.record()
        self._store, self.problem = store, None
        self._latest, self._oldest = store.latest, store.oldest

    def _save_facts(self, store: SqliteHistory) -> None:
        for key, value in self._facts.items():
            # The file keeps the room's id that is in it.
            if key != "id" or store.get_fact(key) is None:
                store.set_fact(key, value)

    def _leave(self, store: SqliteHistory, how: Displacement | None) -> None:
        """Close a file that can't be used any more; one that was overwritten is not opened again."""
        if how is Displacement.OVERWRITTEN:
            move_away(store, self.path, "replaced")
        else:
            leave_displaced(store, self._place)

    def _without_stored(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return the entries after the last one; raises `NotOfThisLink` if there are others instead."""
        old = [entry for entry in entries if entry.seq <= self._latest]
        stored = self._read(lambda store: store.since(old[0].seq - 1, len(old)))
        for entry, own in itertools.zip_longest(old, stored):
            if own is None or (entry.seq, entry.member, entry.id) != (own.seq, own.member, own.id):
                raise of_another_room(self.path, entry.seq)
        return entries[len(old) :]

    def _displacement(self) -> Displacement | None:
        """Return what has happened to the open file, unless it is whole nevertheless."""
        how = self._place.displacement() if self._store else None
        try:
            if how is not Displacement.OVERWRITTEN or not is_intact(self.path, self._latest):
                return how
        except DATABASE_ERRORS as error:
            raise self._failed(error) from error
        self._place.record()
        return None

    def _usable_store(self) -> SqliteHistory:
        """Return the history whose file is at its place; raises `StorageFailed`."""
        if (how := self._displacement()) is not None:
            raise self._displaced(how)
        if self._store is None:
            raise StorageFailed(self.problem or _CLOSED)
        return self._store

    def _write(self, write: Callable[[SqliteHistory], None]) -> SqliteHistory:
        store = self._usable_store()
        try:
            write(store)
        except _STORAGE_ERRORS as error:
            raise self._failed(error) from error
        self._place.accept_write()
        self.problem = None
        return store

    def _read(self, query: Callable[[SqliteHistory], T]) -> T:
        """Return the answer of the file; raises `StorageFailed` if it can't be read."""
        if self._store is None:
            raise StorageFailed(self.problem or _CLOSED)
        try:
            return query(self._store)
        except DATABASE_ERRORS as error:
            raise self._failed(error) from error

    def _read_or(self, query: Callable[[SqliteHistory], T], default: T) -> T:
        try:
            return self._read(query)
        except StorageFailed:
            return default

    def _failed(self, error: Exception) -> StorageFailed:
        fault = explain(error, self.path)
        self.problem = storage_problem(fault, _EFFECT)
        return StorageFailed(self.problem, fault.cure)

    def _displaced(self, how: Displacement) -> StorageFailed:
        happened = f"The history {self.path} {how.value} while the room is open."
        for_members = f"The host's history file is missing. {_EFFECT}"
        self.problem = StorageProblem(
            f"{happened} {_EFFECT}", _REFILLED, permanent=False, for_members=for_members, cause=happened
        )
        return StorageFailed(self.problem)
