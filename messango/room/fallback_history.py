"""History that is kept in a file as long as the file can be written, and in memory meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from messango.protocol.frames import Message
from messango.room.history import RETRY_S, KnownSession, MemoryHistory, Trouble
from messango.room.members import MAX_SESSIONS
from messango.room.migrations import FILE_ERRORS
from messango.room.sqlite_history import SqliteHistory

T = TypeVar("T")

_NONE: Final[list[Message]] = []


class KeptHistory:
    """Owns the file's history and the memory of what is not in it yet; for one thread at a time.

    It never raises for the file's sake: `trouble` says what is wrong, and the conversation goes on.
    """

    def __init__(self, path: Path, time_s: float) -> None:
        """Open the file, or make it; `time_s` is seconds since 1970 UTC."""
        self.trouble: Trouble | None = None
        self._path = path
        self._tried_s = time_s
        self._store: SqliteHistory | None = None
        #: Sessions that are not in the file yet, by their proofs.
        self._unnoted: dict[str, KnownSession] = {}
        try:
            self._store = SqliteHistory(path, time_s)
        except (*FILE_ERRORS, OSError) as error:
            self._fail(error)
        # Without the file's numbers, go on above any that it can have.
        self._unsaved = MemoryHistory(self._store.latest if self._store else number_above_all(time_s))

    @property
    def kept(self) -> bool:
        return self.trouble is None

    @property
    def latest(self) -> int:
        return self._unsaved.latest

    @property
    def oldest(self) -> int:
        return (self._store.oldest if self._store else 0) or self._unsaved.oldest

    def append(self, messages: Sequence[Message]) -> None:
        """Keep messages, in the file if it can be."""
        time_s = messages[-1].time
        if self.trouble is not None:
            self._unsaved.append(messages)
            self.write_waiting(time_s)
        elif not self._save(messages, time_s):
            self._unsaved.append(messages)

    def write_waiting(self, time_s: float) -> bool:
        """Write what is in memory alone, when the last try was long enough ago."""
        if self._unsaved.last(1) and abs(time_s - self._tried_s) >= RETRY_S:
            self._save_waiting(time_s)
        may_be_written = self._store is not None and not (self.trouble and self.trouble.lasting)
        return may_be_written and bool(self._unsaved.last(1))

    def last(self, count: int) -> list[Message]:
        unsaved = self._unsaved.last(count)
        wanted = count - len(unsaved)
        return [*self._ask(lambda store: store.last(wanted), _NONE), *unsaved] if wanted else unsaved

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        stored = self._ask(lambda store: store.since(seq, count), _NONE)
        wanted = None if count is None else count - len(stored)
        return [*stored, *self._unsaved.since(seq, wanted)]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        stored = self._ask(lambda store: store.find(member, message_ids), dict[str, Message]())
        return stored | self._unsaved.find(member, message_ids)

    def fact(self, key: str) -> str | None:
        """Return something noted of the room, or None."""
        return self._ask(lambda store: store.fact(key), None)

    def note_fact(self, key: str, value: str) -> None:
        """Note something of the room, if the file can be written."""
        self._ask(lambda store: store.note_fact(key, value), None)

    def sessions(self, count: int) -> list[KnownSession]:
        none: list[KnownSession] = []
        return self._ask(lambda store: store.sessions(count), none)

    def note_sessions(self, sessions: Iterable[KnownSession], time_s: float) -> None:
        self._unnoted.update((session.proof, session) for session in sessions)
        while len(self._unnoted) > MAX_SESSIONS:
            del self._unnoted[next(iter(self._unnoted))]
        self._write_sessions(time_s)

    def close(self) -> None:
        """Write what is not written yet, if it can be, and close the file. Twice is harmless."""
        if self._unsaved.last(1):
            self._save_waiting(self._tried_s)
        self._write_sessions(self._tried_s)
        if self._store is not None:
            self._store.close()
            self._store = None

    def _save_waiting(self, time_s: float) -> None:
        self._save(self._unsaved.last(self._unsaved.latest), time_s)

    def _save(self, messages: Sequence[Message], time_s: float) -> bool:
        """Write all that is not in the file, in one transaction; tell whether it is there now."""
        self._tried_s = time_s
        if self._store is None or (self.trouble and self.trouble.lasting):
            return False
        try:
            self._store.append(messages)
        except FILE_ERRORS as error:
            self._fail(error)
            return False
        self.trouble = None
        self._unsaved = MemoryHistory(messages[-1].seq)
        self._write_sessions(time_s)
        return True

    def _write_sessions(self, time_s: float) -> None:
        """Write the sessions that are not in the file, if it can be."""
        if not self._unnoted:
            return
        waiting = [*self._unnoted.values()]

        def note(store: SqliteHistory) -> dict[str, KnownSession]:
            store.note_sessions(waiting, time_s)
            return {}

        self._unnoted = self._ask(note, self._unnoted)

    def _ask(self, question: Callable[[SqliteHistory], T], otherwise: T) -> T:
        if self._store is None or (self.trouble and self.trouble.lasting):
            return otherwise
        try:
            return question(self._store)
        except FILE_ERRORS as error:
            self._fail(error)
            return otherwise

    def _fail(self, error: Exception) -> None:
        self.trouble = explain(error, self._path)


def number_above_all(time_s: float) -> int:
    """Return a `seq` above any that was given before, for a history that knows none of them.

    Microseconds since 1970: above the numbers of any earlier run, and exact in JSON for 250 years.
    """
    return int(time_s * 1_000_000)


def explain(error: Exception, path: Path) -> Trouble:
    """Return the plain words for what SQLite or the system said."""
    said = str(error)
    in_memory = "What is said from now on is kept in memory alone"
    if "full" in said:
        return Trouble(
            f"The disk is full. {in_memory}.", "Free some space: it is written then.", lasting=False
        )
    if "locked" in said:
        reason = f"Another program holds the history {path}. {in_memory}."
        return Trouble(reason, "Close that program: it is written then.", lasting=False)
    if isinstance(error, (sqlite3.OperationalError, OSError)) and "malformed" not in said:
        reason = f"The history {path} can't be written ({said}). {in_memory}."
        return Trouble(reason, "Check the disk and the file's permissions.", lasting=False)
    reason = f"The history {path} can't be read ({said}), and is left as it is. {in_memory}."
    return Trouble(
        reason, "Move the file away to begin a new one, or mend it with sqlite3's .recover.", lasting=True
    )
