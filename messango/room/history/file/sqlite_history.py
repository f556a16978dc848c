"""A history in an SQLite file: messages and sessions outlive the server."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from msgspec.structs import astuple

from messango.protocol.frames import Entry, Spoken
from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.room.files.shared_file import SharedFile
from messango.room.history.entry_log import Reactions
from messango.room.history.file.check import BUSY_TIMEOUT_S
from messango.room.history.file.link_state import read_link_state, write_link_state
from messango.room.history.file.migrations import migrate
from messango.room.history.file.stored_change import write_entry
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.file.stored_message import ForeignValue
from messango.room.history.history import SavedSession
from messango.room.history.id_cache import RecentIdCache

#: More than the messages of five people in a long evening.
_CACHED_IDS: Final = 20_000

#: Rows in one statement: each statement releases the interpreter's lock, and under load getting it back
#: costs more than a row. SQLite may be built with a limit of 999 values.
_ROWS_PER_STATEMENT: Final = 100
#: A plain message's first fields are its columns, in this order.
_COLUMNS_OF: Final = itemgetter(slice(6))
_INSERT: Final = "INSERT INTO message (seq, id, member, time, name, text) VALUES (?, ?, ?, ?, ?, ?)"
_SET_FACT: Final = "INSERT OR REPLACE INTO fact VALUES (?, ?)"
_MORE_VALUES: Final = ", (?, ?, ?, ?, ?, ?)"
_INSERT_MANY: Final = _INSERT + _MORE_VALUES * (_ROWS_PER_STATEMENT - 1)


class SqliteHistory:
    """Owns the connection to the file; for one thread at a time. Every method may raise `sqlite3.Error`."""

    def __init__(self, path: Path, now_s: float) -> None:
        """Open or create the file; `now_s` is in seconds since 1970 UTC."""
        path.touch(mode=0o600)
        #: Whether SQLite writes to a log beside the file.
        self.has_log = True
        try:
            self._database = _connect(path, "WAL")
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "full" in str(error):
                raise
            # The WAL mode needs memory that processes share, which network drives lack (sqlite.org/wal.html).
            self._database = _connect(path, "TRUNCATE")
            self.has_log = False
        try:
            self._prepare(now_s)
        except BaseException:
            self._database.close()
            raise
        self._recent_ids = RecentIdCache(_CACHED_IDS)
        #: Whether the file contains entries of a member that are not in the cache, and whether it contains
        #: changes by a member; queried once.
        self._has_older: dict[str, bool] = {}
        self._has_changes: dict[str, bool] = {}

    def _prepare(self, now_s: float) -> None:
        """Bring the tables up to date, and read what everybody gets first."""
        # FULL syncs each commit: a machine that loses power must not lose acknowledged messages, or the order
        # would fork (sqlite.org/wal.html).
        self._database.execute("PRAGMA synchronous = FULL")
        # Copy pages that change often from the log to the file every 16 MB, not every 4 MB.
        self._database.execute("PRAGMA wal_autocheckpoint = 4000")
        migrate(self._database, now_s)
        # From now on the file itself, without the log, is known as ours.
        self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        # What was edited or deleted must not stay in the free parts of the file.
        self._database.execute("PRAGMA secure_delete = ON")
        self._entries = StoredEntries(self._database)
        self._latest = self._entries.latest()
        (self._oldest,) = self._database.execute("SELECT coalesce(min(seq), 0) FROM message").fetchone()
        # What everybody gets first has to be valid; the rest is checked when it is read.
        self.last(MAX_BACKLOG_MESSAGES)

    @property
    def latest(self) -> int:
        return int(self._latest)

    @property
    def oldest(self) -> int:
        return int(self._oldest)

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Store entries in one transaction. `plain` as in `History.append`."""
        if plain:
            self._append_messages([*map(_COLUMNS_OF, map(astuple, entries))])
        else:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._write_entries(entries)
        self._note_stored(entries, plain=plain)

    def append_with_state(
        self,
        entries: Sequence[Entry],
        changes: Mapping[str, str | None],
        facts: Mapping[str, str],
        *,
        plain: bool,
    ) -> None:
        """Store entries, changes to the state of the link and facts in one transaction.

        A change to None removes the key. There may be no entries; `plain` as in `History.append`.
        """
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            if plain:
                self._insert_rows([*map(_COLUMNS_OF, map(astuple, entries))])
            else:
                self._write_entries(entries)
            write_link_state(self._database, changes)
            self._database.executemany(_SET_FACT, facts.items())
        if entries:
            self._note_stored(entries, plain=plain)

    def _note_stored(self, entries: Sequence[Entry], *, plain: bool) -> None:
        if not plain:
            self._has_changes.clear()
        self._latest = entries[-1].seq
        self._oldest = self._oldest or entries[0].seq
        self._has_older |= dict.fromkeys(self._recent_ids.add(entries), True)

    def _write_entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            write_entry(self._database, entry)

    def _append_messages(self, rows: list[tuple[Any, ...]]) -> None:
        if len(rows) <= _ROWS_PER_STATEMENT:
            # A single statement is a transaction of its own.
            insert = _INSERT + _MORE_VALUES * (len(rows) - 1)
            self._database.execute(insert, [*chain.from_iterable(rows)])
        else:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._insert_rows(rows)

    def _insert_rows(self, rows: list[tuple[Any, ...]]) -> None:
        full_rows = len(rows) // _ROWS_PER_STATEMENT * _ROWS_PER_STATEMENT
        for start in range(0, full_rows, _ROWS_PER_STATEMENT):
            values = [*chain.from_iterable(rows[start : start + _ROWS_PER_STATEMENT])]
            self._database.execute(_INSERT_MANY, values)
        self._database.executemany(_INSERT, rows[full_rows:])

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        return self._entries.last(count, viewer, before)

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        return self._entries.since(seq, count, viewer)

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        if not self._may_have_older(member) and not self._recent_ids.has_any(member, ids):
            return {}
        return self._entries.find(member, ids, has_changes=self._may_have_changes(member))

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are."""
        return self._entries.messages(seqs)

    def shared_files(self, since_s: float) -> list[SharedFile]:
        """Return the messages from this time on that announce files."""
        return self._entries.shared_files(since_s)

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages."""
        return self._entries.reactions(seqs)

    def get_fact(self, key: str) -> str | None:
        """Return a stored fact about the room, or None."""
        row = self._database.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        if row is not None and not isinstance(row[0], str):
            raise ForeignValue(f"its fact “{key}” is not a text")
        return row[0] if row else None

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the room, replacing an older one."""
        self._database.execute(_SET_FACT, (key, value))

    def link_state(self) -> dict[str, str]:
        """Return the state of the link; empty if the room is not linked."""
        return read_link_state(self._database)

    def begin_link(self, facts: Mapping[str, str], removed_facts: Sequence[str]) -> None:
        """Set and remove facts, and begin without a state of the link, in one transaction."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute("DELETE FROM link_state")
            self._database.executemany("DELETE FROM fact WHERE key = ?", [(key,) for key in removed_facts])
            self._database.executemany(_SET_FACT, facts.items())

    def sessions(self, count: int) -> list[SavedSession]:
        """Return the `count` sessions seen most recently, the oldest first.

        A session is left out if the file does not say whether it was encrypted.
        """
        rows = self._database.execute(
            "SELECT proof, member, name, encrypted FROM session WHERE encrypted IN (0, 1)"
            " AND typeof(proof) = 'text' AND typeof(member) = 'text' AND typeof(name) = 'text'"
            " ORDER BY seen DESC LIMIT ?",
            (count,),
        ).fetchall()
        return [
            SavedSession(proof, member, name, bool(encrypted))
            for proof, member, name, encrypted in reversed(rows)
        ]

    def save_sessions(self, sessions: Iterable[SavedSession], now_s: float) -> None:
        """Store sessions as seen at `now_s`, in seconds since 1970 UTC."""
        rows = [
            (session.session_hash, session.member, session.name, now_s, session.encrypted)
            for session in sessions
        ]
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany("INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)", rows)

    def count(self) -> int:
        """Return the number of messages."""
        return int(self._database.execute("SELECT count(*) FROM message").fetchone()[0])

    def copy_to(self, path: Path) -> None:
        """Copy everything into the new file `path`, also if the file that is open has no name any more."""
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
            self._database.backup(target)

    def empty_log(self) -> None:
        """Move everything from SQLite's log into the file itself."""
        busy, *_ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("database is locked")

    def close(self) -> None:
        """Close the file. Twice is harmless."""
        self._database.close()

    def _may_have_older(self, member: str) -> bool:
        known = self._has_older.get(member)
        if known is None:
            known = self._entries.has_messages(member) or self._may_have_changes(member)
            self._has_older[member] = known
        return known

    def _may_have_changes(self, member: str) -> bool:
        known = self._has_changes.get(member)
        if known is None:
            known = self._has_changes[member] = self._entries.has_changes(member)
        return known


def _connect(path: Path, journal_mode: str) -> sqlite3.Connection:
    """Return a connection that can write in this mode; raises `sqlite3.Error`.

    In WAL mode others read while we write. The other modes work on every drive.
    """
    database = sqlite3.connect(
        # Without its folder, a file called `:memory:` would not be one (sqlite.org/inmemorydb.html).
        path.absolute(),
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=128,
    )
    try:
        if journal_mode != "WAL":
            # A file that is in WAL mode can be opened without shared memory by one process only.
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute(f"PRAGMA journal_mode = {journal_mode}")
        database.execute("PRAGMA locking_mode = NORMAL")
        # Only this shows whether the mode works, and in the other modes it lets others in again.
        database.execute("BEGIN IMMEDIATE")
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
        database.execute("ROLLBACK")
    except BaseException:
        database.close()
        raise
    return database
