"""Reads and searches a room's history file, also while the room is open."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

from messango.errors import CorruptFile, RoomNotFound
from messango.protocol.frames import Message
from messango.protocol.validation import normalized_name
from messango.room.migrations import APPLICATION_ID, DATABASE_ERRORS
from messango.storage import home

#: SQLite's columns hold values of any type; a file from somebody else may contain them.
_COLUMNS: Final = (
    "seq, CAST(id AS TEXT), CAST(member AS TEXT), CAST(time AS REAL), CAST(name AS TEXT), CAST(text AS TEXT)"
)

#: The suffix of a room's history file.
HISTORY_SUFFIX: Final = ".sqlite"

#: Messages that are added to the search index in one transaction.
_INDEX_BATCH: Final = 10_000


def find_history(room: str) -> Path:
    """Return the history of a room that was open on this computer, or the file with that name.

    Raises `RoomNotFound`.
    """
    if Path(room).is_file():
        return Path(room)
    paths_by_name = {}
    for path in sorted((home() / "rooms").glob(f"*{HISTORY_SUFFIX}")):
        with contextlib.suppress(CorruptFile), HistoryReader(path) as reader:
            paths_by_name[reader.room_name] = path
    if room in paths_by_name:
        return paths_by_name[room]
    wanted = normalized_name(room)
    for name, path in paths_by_name.items():
        if normalized_name(name) == wanted:
            return path
    names = ", ".join(f"“{name}”" for name in paths_by_name)
    raise RoomNotFound(
        f"There is no history of a room “{room}” on this computer, and no file with that name.",
        f"There are histories of {names}."
        if paths_by_name
        else "A room that you open with `messango server` has one.",
    )


class HistoryReader:
    """Owns a read-only connection to the file; a context manager, and its iterators end with it."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises `CorruptFile`."""
        self._path = path
        try:
            self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        except DATABASE_ERRORS as error:
            raise self._corrupt_file(error) from error
        try:
            (application_id,) = self._database.execute("PRAGMA application_id").fetchone()
        except DATABASE_ERRORS as error:
            self._database.close()
            raise self._corrupt_file(error) from error
        if application_id != APPLICATION_ID:
            self._database.close()
            raise self._corrupt_file(None)

    def __enter__(self) -> HistoryReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def room_name(self) -> str:
        """The room's name, or the file's if it contains none; raises `CorruptFile`."""
        try:
            row = self._database.execute("SELECT value FROM fact WHERE key = 'name'").fetchone()
        except DATABASE_ERRORS as error:
            raise self._corrupt_file(error) from error
        return str(row[0]) if row else self._path.stem

    def messages(self, *, after_seq: int = 0, after_time_s: float = 0.0) -> Iterator[Message]:
        """Yield the messages after a number and a time (seconds since 1970 UTC), in order."""
        yield from self._read("WHERE seq > ? AND time >= ? ORDER BY seq", (after_seq, after_time_s))

    def search(self, query: str, *, after_seq: int = 0, after_time_s: float = 0.0) -> Iterator[Message]:
        """Yield the messages with all of these words, or words that begin with them, in order."""
        words = query.split()
        try:
            with contextlib.closing(SearchIndex(self._path, self._database)) as index:
                seqs = index.find(words)
        except DATABASE_ERRORS:
            # SQLite lacks FTS5, or the index can't be written: scan, which also finds parts of words.
            yield from self._scan(words, after_seq, after_time_s)
            return
        for seq in seqs:
            if seq > after_seq:
                yield from self._read("WHERE seq = ? AND time >= ?", (seq, after_time_s))

    def _scan(self, words: list[str], after_seq: int, after_time_s: float) -> Iterator[Message]:
        folded = [word.casefold() for word in words]
        for message in self.messages(after_seq=after_seq, after_time_s=after_time_s):
            text = message.text.casefold()
            if all(word in text for word in folded):
                yield message

    def _read(self, condition: str, values: tuple[object, ...]) -> Iterator[Message]:
        query = f"SELECT {_COLUMNS} FROM message {condition}"  # noqa: S608 (our own words only)
        try:
            for row in self._database.execute(query, values):
                yield Message(*row)
        except DATABASE_ERRORS as error:
            raise self._corrupt_file(error) from error

    def _corrupt_file(self, error: Exception | None) -> CorruptFile:
        hint = "Is it the history of a Messango room? If it is damaged, try `sqlite3 FILE .recover`."
        return CorruptFile(self._path, f"The history{f' ({error})' if error else ''}", hint)


class SearchIndex:
    """A full-text index of a history, in a file beside it that can be deleted at any time.

    Each search updates it first, so a room that nobody searches needs none. Owns the connection to its
    file. Every method may raise `sqlite3.Error`.
    """

    def __init__(self, path: Path, history: sqlite3.Connection) -> None:
        self._history = history
        index = path.with_name(f"{path.name}-search")
        with contextlib.suppress(OSError):
            os.close(os.open(index, os.O_RDWR | os.O_CREAT, 0o600))
        self._database = sqlite3.connect(index, isolation_level=None)
        try:
            self._create_tables()
        except BaseException:
            self._database.close()
            raise

    def find(self, words: list[str]) -> list[int]:
        """Return the numbers of the messages with all these words, or words that begin with them."""
        self._index_new_messages()
        query = " ".join(f'"{word.replace(chr(34), "")}"*' for word in words if word.strip('"'))
        if not query:
            return []
        rows = self._database.execute("SELECT rowid FROM said WHERE said MATCH ? ORDER BY rowid", (query,))
        return [seq for (seq,) in rows]

    def close(self) -> None:
        """Close the index. Twice is harmless."""
        self._database.close()

    def _create_tables(self) -> None:
        self._database.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS said"
            " USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2')"
        )
        self._database.execute("CREATE TABLE IF NOT EXISTS place (seq INTEGER NOT NULL, id TEXT NOT NULL)")

    def _index_new_messages(self) -> None:
        """Add the messages since the last search; if the history is another one, start the index again."""
        position = self._database.execute("SELECT seq, id FROM place").fetchone() or (0, "")
        if position[0] and self._history.execute(
            "SELECT id FROM message WHERE seq = ?", (position[0],)
        ).fetchone() != (position[1],):
            self._database.execute("INSERT INTO said (said) VALUES ('delete-all')")
            position = (0, "")
        while rows := self._history.execute(
            "SELECT seq, text, id FROM message WHERE seq > ? ORDER BY seq LIMIT ?",
            (position[0], _INDEX_BATCH),
        ).fetchall():
            position = (rows[-1][0], rows[-1][2])
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany(
                    "INSERT INTO said (rowid, text) VALUES (?, ?)", [row[:2] for row in rows]
                )
                self._database.execute("DELETE FROM place")
                self._database.execute("INSERT INTO place VALUES (?, ?)", position)
