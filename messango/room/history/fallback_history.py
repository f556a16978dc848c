"""A history in a file, which continues in memory while the file can't be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from messango.protocol.frames import Message
from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.room.history.check import check_history
from messango.room.history.faults import THEN_STORED, Fault, explain
from messango.room.history.history import RETRY_S, MemoryHistory, SavedSession, StorageProblem, new_messages
from messango.room.history.migrations import DATABASE_ERRORS
from messango.room.history.place import Displacement, HistoryPlace
from messango.room.history.recent_records import RecentRecords
from messango.room.history.rescue import is_intact, log_notice, put_new_file
from messango.room.history.sqlite_history import SqliteHistory

T = TypeVar("T")

_NO_MESSAGES: Final[list[Message]] = []

_STORAGE_ERRORS: Final = (*DATABASE_ERRORS, OSError)

#: In a flood of messages, seconds between looks at the file's place: a look costs as much as a small batch.
LOOK_S: Final = 0.05

_MEMORY_FULL: Final = " There are too many for the memory: the oldest of them are lost."


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
        self._memory = MemoryHistory()
        self._write(lambda _: None, time_s)
        # If the file can't be read, use numbers above any that it can contain.
        self._memory = MemoryHistory(self._store.latest if self._store else fresh_seq_base(time_s))

    @property
    def is_persistent(self) -> bool:
        return self.problem is None

    @property
    def latest(self) -> int:
        return self._memory.latest

    @property
    def oldest(self) -> int:
        return (self._store.oldest if self._store else 0) or self._memory.oldest

    def append(self, messages: Sequence[Message]) -> None:
        """Store messages, in the file if possible."""
        time_s = messages[-1].time
        if self.problem is None and self._write(lambda store: store.append(messages), time_s):
            self._recent.add_messages(messages)
            self._memory = MemoryHistory(messages[-1].seq)
            return
        self._append_to_memory(messages)
        self.flush_pending(time_s)

    def _append_to_memory(self, messages: Sequence[Message]) -> None:
        dropped_before = self._memory.dropped
        self._memory.append(messages)
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

    def last(self, count: int) -> list[Message]:
        unsaved = self._memory.last(count)
        remaining = count - len(unsaved)
        return (
            [*self._query(lambda store: store.last(remaining), _NO_MESSAGES), *unsaved]
            if remaining
            else unsaved
        )

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        stored = self._query(lambda store: store.since(seq, count), _NO_MESSAGES)
        remaining = None if count is None else count - len(stored)
        return [*stored, *self._memory.since(seq, remaining)]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        stored = self._query(lambda store: store.find(member, message_ids), dict[str, Message]())
        return stored | self._memory.find(member, message_ids)

    def get_fact(self, key: str) -> str | None:
        """Return a fact about the room, such as its `id` or `name`, or None."""
        return self._query(lambda store: store.get_fact(key), None) or self._recent.facts.get(key)

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room, as soon as the file can be written."""
        self._recent.facts[key] = value
        if self.problem is None:
            self._write(lambda store: store.set_fact(key, value), self._last_attempt_s)

    def sessions(self, count: int) -> list[SavedSession]:
        none: list[SavedSession] = []
        found = self._query(lambda store: store.sessions(count), none)
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
                self.unsaved_count += self._query(SqliteHistory.count, 0)
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
            if pending := new_messages(store, self._memory.last(len(self._memory))):
                store.append(pending)
                self._recent.add_messages(pending)

        if self._write(save, time_s):
            stored_latest = self._store.latest if self._store else 0
            # The file has higher numbers if the clock was set back before it could be opened.
            self._memory = MemoryHistory(max(self._memory.latest, stored_latest))
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
        if not self._recent.messages:
            # If the file is overwritten before anybody has spoken, the numbers still continue from these.
            self._recent.add_messages(self._store.last(MAX_BACKLOG_MESSAGES))
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
        store.close()
        self._store = None
        return self._open(time_s)

    def _is_same_content(self, store: SqliteHistory) -> bool:
        """Return whether a file with another inode is ours: some network drives give a file a new one.

        With a log this can't be seen, because the log's pages hide those of the file. Such drives have none.
        """
        return not self._place.has_log and is_intact(self.path, store.latest)

    def _query(self, query: Callable[[SqliteHistory], T], default: T) -> T:
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


def storage_problem(fault: Fault) -> StorageProblem:
    """Return what the host and the members of an open room read about a fault of its file."""
    in_memory = "New messages are only in memory."
    return StorageProblem(
        f"{fault.reason} {in_memory}",
        fault.cure_while_open or f"{fault.cure} {THEN_STORED}",
        permanent=not fault.passes,
        for_members=f"{fault.for_members} {in_memory}",
        cause=fault.reason,
    )
