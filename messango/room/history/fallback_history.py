"""A history in a file, which continues in memory while the file can't be used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from messango.protocol.frames import Entry, Spoken
from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.room.files.shared_file import Announcements
from messango.room.history.entry_log import EntryLog, Reactions
from messango.room.history.file.check import check_history
from messango.room.history.file.faults import THEN_STORED, Fault, explain
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.file.place import Displacement, HistoryPlace
from messango.room.history.file.rescue import is_intact, log_notice, put_new_file
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import RETRY_S, MemoryHistory, SavedSession, StorageProblem, new_entries
from messango.room.history.recent_records import RecentRecords

T = TypeVar("T")

_STORAGE_ERRORS: Final = (*DATABASE_ERRORS, OSError)

#: In a flood of messages, seconds between looks at the file's place: a look costs as much as a small batch.
LOOK_S: Final = 0.05

_MEMORY_FULL: Final = " There are too many for the memory: the oldest of them are lost."


class _Stored:
    """The messages in the file, as those in memory look them up: none while it can't be read."""

    def __init__(self, history: FallbackHistory) -> None:
        self._history = history

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        return self._history.query_store(lambda store: store.messages(seqs), dict[int, Spoken]())

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        return self._history.query_store(lambda store: store.reactions(seqs), dict[int, Reactions]())


class FallbackHistory:
    """Owns the file's history, and the messages that are not in it yet. For one thread at a time.

    A failure of the file never raises: `problem` says what is wrong, and the conversation continues. Opening
    and writing are tried again every `RETRY_S`, so whatever helps, helps at once.
    """

    def __init__(self, path: Path, time_s: float) -> None:
        """Open or create the file; `time_s` is in seconds since 1970 UTC."""
        self.problem: StorageProblem | None = None
        #: What the host should read about the file, oldest first; the reader empties it.
        self.notices: list[str] = []
        #: How many messages are lost: more than fitted into memory while the file could not be used.
        self.lost_count = 0
        #: How many messages were not in the file when it was closed, those included that were lost.
        self.unsaved_count = 0
        self.path = path
        #: Called when the history goes on in a new file, because something happened to the old one.
        self.on_new_file: Callable[[], None] = lambda: None
        #: Called after entries were stored, in the middle of a batch: it must be quick.
        self.on_stored: Callable[[], None] = lambda: None
        self._last_attempt_s = time_s
        #: When the file was last looked for at its place.
        self._last_look_s = float("-inf")
        self._store: SqliteHistory | None = None
        self._place = HistoryPlace(path)
        self._recent = RecentRecords()
        #: Sessions that are not in the file yet, by their hashes.
        self._unsaved_sessions: dict[str, SavedSession] = {}
        #: Why the file that is at the place can't be used, until another one is there.
        self._refusal: Exception | None = None
        self._is_closed = False
        self._below = _Stored(self)
        self._memory = self._new_memory(0)
        self._write(lambda _: None, time_s)
        # If the file can't be read, use numbers above any that it can contain.
        self._memory = self._new_memory(self._store.latest if self._store else fresh_seq_base(time_s))

    @property
    def is_persistent(self) -> bool:
        return self.problem is None

    @property
    def latest(self) -> int:
        return self._memory.latest

    @property
    def oldest(self) -> int:
        return (self._store.oldest if self._store else 0) or self._memory.oldest

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Store entries, in the file if possible."""
        time_s = entries[-1].time
        if self.problem is None and self._write(lambda store: store.append(entries, plain=plain), time_s):
            self._recent.add_entries(entries, plain=plain)
            self._memory.skip_to(entries[-1].seq)
            self.on_stored()
            return
        self._append_to_memory(entries)
        self.flush_pending(time_s)

    def _new_memory(self, latest: int) -> MemoryHistory:
        return MemoryHistory(latest, self._below)

    def _append_to_memory(self, entries: Sequence[Entry]) -> None:
        dropped_before = self._memory.dropped
        self._memory.append(entries)
        dropped = self._memory.dropped - dropped_before
        self.lost_count += dropped
        if dropped and self.problem and not self.problem.reason.endswith(_MEMORY_FULL):
            self.problem = self._with_loss(self.problem)

    def flush_pending(self, time_s: float) -> bool:
        """Check the file, if the last attempt was `RETRY_S` ago; true: call again after that.

        The file can be deleted at any time, also while nobody writes, so it is always true.
        """
        if abs(time_s - self._last_attempt_s) >= RETRY_S:
            self._save_pending(time_s)
        return True

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        unsaved = self._memory.last(count, viewer, before)
        remaining = count - len(unsaved)
        if not remaining:
            return unsaved
        stored = self.query_store(lambda store: store.last(remaining, viewer, before), list[Spoken]())
        return [*self._memory.over(stored), *unsaved]

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        stored = self.query_store(lambda store: store.since(seq, count, viewer), list[Entry]())
        remaining = None if count is None else count - len(stored)
        return [*self._memory.over(stored), *self._memory.since(seq, remaining, viewer)]

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        stored = self.query_store(lambda store: store.find(member, ids), dict[str, Entry]())
        if len(self._memory):
            stored = dict(zip(stored, self._memory.over(stored.values()), strict=True))
        return stored | self._memory.find(member, ids)

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        return self._memory.messages(seqs)

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        return self._memory.reactions(seqs)

    def announcements(self, since_s: float, seqs: Collection[int]) -> Announcements | None:
        """Return the stored messages from this time on that announce files, and those with these numbers.

        None if they can't be read.
        """
        return self.query_store(
            lambda store: Announcements(store.shared_files(since_s), store.messages(seqs)), None
        )

    def unsaved(self) -> EntryLog:
        return self._memory.unsaved()

    @property
    def stored_at(self) -> Path | None:
        return self.path if self._store else None

    def get_fact(self, key: str) -> str | None:
        """Return a fact about the room, such as its `id` or `name`, or None."""
        return self.query_store(lambda store: store.get_fact(key), None) or self._recent.facts.get(key)

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room, as soon as the file can be written."""
        self._recent.facts[key] = value
        if self.problem is None:
            self._write(lambda store: store.set_fact(key, value), self._last_attempt_s)

    def sessions(self, count: int) -> list[SavedSession]:
        none: list[SavedSession] = []
        found = self.query_store(lambda store: store.sessions(count), none)
        self._recent.add_sessions(found)
        return found

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        new = [*sessions]
        self._recent.add_sessions(new)
        self._unsaved_sessions.update((session.session_hash, session) for session in new)
        while len(self._unsaved_sessions) > len(self._recent.sessions):
            del self._unsaved_sessions[next(iter(self._unsaved_sessions))]
        if self.problem is None and self._write(lambda store: store.save_sessions(new, time_s), time_s):
            self._unsaved_sessions = {}

    def close(self) -> None:
        """Write what is not in the file yet, if possible, and close it. Twice is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        self._last_look_s = float("-inf")
        self._save_pending(self._last_attempt_s)
        self.unsaved_count = len(self._memory) + self.lost_count
        if self._store is not None:
            if self.problem is not None and self._place.displacement() is not None:
                # All of it is in a file that is not at its place any more.
                self.unsaved_count += self.query_store(SqliteHistory.count, 0)
            self._store.close()
            self._store = None

    def _save_pending(self, time_s: float) -> None:
        """Write everything that is not in the file: messages, sessions and, after a problem, facts."""
        sessions = [*self._unsaved_sessions.values()]
        after_problem = self.problem is not None

        def save(store: SqliteHistory) -> None:
            if after_problem:
                self._save_facts(store)
            if sessions:
                store.save_sessions(sessions, time_s)
            # The file may have been opened late, and have some of them already.
            if pending := new_entries(store, self._memory.since(0)):
                store.append(pending)
                self._recent.add_entries(pending)

        if self._write(save, time_s):
            stored_latest = self._store.latest if self._store else 0
            # The file has higher numbers if the clock was set back before it could be opened.
            self._memory = self._new_memory(max(self._memory.latest, stored_latest))
            self._unsaved_sessions = {}

    def _save_facts(self, store: SqliteHistory) -> None:
        for key, value in self._recent.facts.items():
            # A file that was opened late may be the history of a room with another id, which it keeps.
            if key != "id" or store.get_fact(key) is None:
                store.set_fact(key, value)

    def _write(self, write: Callable[[SqliteHistory], None], time_s: float) -> bool:
        """Write to the file at the history's place, which is opened or created again if necessary.

        Returns whether it was written. `problem` is None only if the file is at its place afterwards.
        """
        self._last_attempt_s = time_s
        is_written = False
        looks = self.problem is not None or abs(time_s - self._last_look_s) >= LOOK_S
        try:
            store = self._usable_store(time_s) if looks or self._store is None else self._store
            write(store)
            is_written = True
            if looks:
                self._settle(store, time_s, after_write=True)
                self._last_look_s = time_s
            else:
                self._place.accept_write()
        except _STORAGE_ERRORS as error:
            self._record_failure(error)
        else:
            self.problem = None
        return is_written

    def _usable_store(self, time_s: float) -> SqliteHistory:
        if self._refusal is not None:
            if self._place.displacement() is None:
                raise self._refusal
            self._refusal = None
        if self._store is not None:
            return self._settle(self._store, time_s)
        return self._open(time_s)

    def _open(self, time_s: float) -> SqliteHistory:
        self._place = HistoryPlace(self.path)
        check_history(self.path)
        self._store = SqliteHistory(self.path, time_s)
        self._place = HistoryPlace(self.path, has_log=self._store.has_log)
        self._place.record()
        if not self._recent.entries:
            # If the file is overwritten before anybody has spoken, the numbers still continue from these.
            self._recent.add_entries(self._store.last(MAX_BACKLOG_MESSAGES))
        return self._store

    def _settle(self, store: SqliteHistory, time_s: float, *, after_write: bool = False) -> SqliteHistory:
        """Return the history whose file is at its place: this one, or a new one with its contents."""
        how = self._place.displacement(after_write=after_write)
        if how is None:
            return store
        if how is Displacement.OVERWRITTEN and is_intact(self.path, store.latest):
            self._place.record()
            return store
        if how is Displacement.LOG_GONE:
            store.empty_log()
            self.notices.append(log_notice(self.path))
        elif not (how is Displacement.REPLACED and self._is_same_content(store)):
            self.notices.append(put_new_file(store, self._place, how, self._recent, time_s))
            self.on_new_file()
        store.close()
        self._store = None
        return self._open(time_s)

    def _is_same_content(self, store: SqliteHistory) -> bool:
        """Return whether a file with another inode is ours: some network drives give a file a new one.

        With a log this can't be seen, because the log's pages hide those of the file. Such drives have none.
        """
        return not self._place.has_log and is_intact(self.path, store.latest)

    def query_store(self, query: Callable[[SqliteHistory], T], default: T) -> T:
        """Return the answer of the file, or `default` if it can't be read."""
        if self._store is None:
            return default
        try:
            return query(self._store)
        except DATABASE_ERRORS as error:
            self._record_failure(error)
            return default

    def _record_failure(self, error: Exception) -> None:
        fault = explain(error, self.path)
        problem = storage_problem(fault)
        self.problem = self._with_loss(problem) if self._memory.dropped else problem
        if fault.is_bad_file and self._refusal is None:
            self._refusal = error
            self._place.record()

    @staticmethod
    def _with_loss(problem: StorageProblem) -> StorageProblem:
        return replace(
            problem, reason=problem.reason + _MEMORY_FULL, for_members=problem.for_members + _MEMORY_FULL
        )


def fresh_seq_base(time_s: float) -> int:
    """Return a number above all that an earlier run can have used, for a history without them.

    Microseconds since 1970: above the numbers of any earlier run, and exact in JSON for 250 years.
    """
    return int(time_s * 1_000_000)


def storage_problem(fault: Fault, effect: str = "New messages are only in memory.") -> StorageProblem:
    """Return what the host and the members of an open room read about a fault of its file.

    `effect` is a sentence about new messages.
    """
    return StorageProblem(
        f"{fault.reason} {effect}",
        fault.cure_while_open or f"{fault.cure} {THEN_STORED}",
        permanent=not fault.passes,
        for_members=f"{fault.for_members} {effect}",
        cause=fault.reason,
    )
