"""A history in a file, which falls back to memory while the file can't be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from messango.protocol.frames import Message
from messango.room.history import RETRY_S, MemoryHistory, SavedSession, StorageProblem
from messango.room.members import MAX_SESSIONS
from messango.room.migrations import DATABASE_ERRORS
from messango.room.sqlite_history import SqliteHistory

T = TypeVar("T")

_NO_MESSAGES: Final[list[Message]] = []


class FallbackHistory:
    """Owns the file's history, and the messages that are not in it yet. For one thread at a time.

    A failure of the file never raises: `problem` says what is wrong, and the conversation continues.
    """

    def __init__(self, path: Path, time_s: float) -> None:
        """Open or create the file; `time_s` is in seconds since 1970 UTC."""
        self.problem: StorageProblem | None = None
        self._path = path
        self._last_attempt_s = time_s
        self._sqlite: SqliteHistory | None = None
        #: Sessions that are not in the file yet, by their hashes.
        self._unsaved_sessions: dict[str, SavedSession] = {}
        try:
            self._sqlite = SqliteHistory(path, time_s)
        except (*DATABASE_ERRORS, OSError) as error:
            self._record_failure(error)
        # If the file can't be read, use numbers above any that it can contain.
        self._memory = MemoryHistory(self._sqlite.latest if self._sqlite else fresh_seq_base(time_s))

    @property
    def is_persistent(self) -> bool:
        return self.problem is None

    @property
    def latest(self) -> int:
        return self._memory.latest

    @property
    def oldest(self) -> int:
        return (self._sqlite.oldest if self._sqlite else 0) or self._memory.oldest

    def append(self, messages: Sequence[Message]) -> None:
        """Store messages, in the file if possible."""
        time_s = messages[-1].time
        if self.problem is not None:
            self._memory.append(messages)
            self.flush_pending(time_s)
        elif not self._save(messages, time_s):
            self._memory.append(messages)

    def flush_pending(self, time_s: float) -> bool:
        """Write the messages that are only in memory, if the last attempt was `RETRY_S` ago."""
        if self._memory.last(1) and abs(time_s - self._last_attempt_s) >= RETRY_S:
            self._save_pending(time_s)
        can_be_written = self._sqlite is not None and not (self.problem and self.problem.permanent)
        return can_be_written and bool(self._memory.last(1))

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
        """Return a stored fact about the room, such as its `id` or `name`, or None."""
        return self._query(lambda store: store.get_fact(key), None)

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room, if the file can be written."""
        self._query(lambda store: store.set_fact(key, value), None)

    def sessions(self, count: int) -> list[SavedSession]:
        none: list[SavedSession] = []
        return self._query(lambda store: store.sessions(count), none)

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        self._unsaved_sessions.update((session.session_hash, session) for session in sessions)
        while len(self._unsaved_sessions) > MAX_SESSIONS:
            del self._unsaved_sessions[next(iter(self._unsaved_sessions))]
        self._save_unsaved_sessions(time_s)

    def close(self) -> None:
        """Write what is not in the file yet, if possible, and close it. Twice is harmless."""
        if self._memory.last(1):
            self._save_pending(self._last_attempt_s)
        self._save_unsaved_sessions(self._last_attempt_s)
        if self._sqlite is not None:
            self._sqlite.close()
            self._sqlite = None

    def _save_pending(self, time_s: float) -> None:
        self._save(self._memory.last(self._memory.latest), time_s)

    def _save(self, messages: Sequence[Message], time_s: float) -> bool:
        """Write messages in one transaction; return whether they are in the file now."""
        self._last_attempt_s = time_s
        if self._sqlite is None or (self.problem and self.problem.permanent):
            return False
        try:
            self._sqlite.append(messages)
        except DATABASE_ERRORS as error:
            self._record_failure(error)
            return False
        self.problem = None
        self._memory = MemoryHistory(messages[-1].seq)
        self._save_unsaved_sessions(time_s)
        return True

    def _save_unsaved_sessions(self, time_s: float) -> None:
        """Write the sessions that are not in the file, if possible."""
        if not self._unsaved_sessions:
            return
        pending = [*self._unsaved_sessions.values()]

        def save(store: SqliteHistory) -> dict[str, SavedSession]:
            store.save_sessions(pending, time_s)
            return {}

        self._unsaved_sessions = self._query(save, self._unsaved_sessions)

    def _query(self, query: Callable[[SqliteHistory], T], default: T) -> T:
        if self._sqlite is None or (self.problem and self.problem.permanent):
            return default
        try:
            return query(self._sqlite)
        except DATABASE_ERRORS as error:
            self._record_failure(error)
            return default

    def _record_failure(self, error: Exception) -> None:
        self.problem = storage_problem(error, self._path)


def fresh_seq_base(time_s: float) -> int:
    """Return a number above all that an earlier run can have used, for a history without them.

    Microseconds since 1970: above the numbers of any earlier run, and exact in JSON for 250 years.
    """
    return int(time_s * 1_000_000)


def storage_problem(error: Exception, path: Path) -> StorageProblem:
    """Return an error of SQLite or of the system in plain words."""
    message = str(error)
    in_memory = "New messages are only in memory"
    if "full" in message:
        return StorageProblem(
            f"The disk is full. {in_memory}.", "Free some space; then Messango writes them.", permanent=False
        )
    if "locked" in message:
        reason = f"Another program holds the history {path}. {in_memory}."
        return StorageProblem(reason, "Close that program; then Messango writes them.", permanent=False)
    if isinstance(error, (sqlite3.OperationalError, OSError)) and "malformed" not in message:
        reason = f"The history {path} can't be written ({message}). {in_memory}."
        return StorageProblem(reason, "Check the disk and the file's permissions.", permanent=False)
    reason = f"The history {path} can't be read ({message}), so it stays unchanged. {in_memory}."
    return StorageProblem(
        reason, "Move the file away to start a new one, or repair it with sqlite3's .recover.", permanent=True
    )
