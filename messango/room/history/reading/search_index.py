"""An index of the texts of a history, in a file beside it that can be deleted at any time.

It holds the folded texts, in which SQLite finds parts of words (200,000 texts take a tenth of a second), and
an index of words (FTS5), which finds the beginnings of words at once, however many texts there are. Words are
taken apart here (`matching.search_tokens`), so that scripts without spaces have some too.

Private messages have an index of words of their own, with the two members as words in a second column. So
what others say in private costs a search nothing, and its time tells nobody what it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import Final, TypeAlias

from messango.protocol.frames import AnyMessage, Deleted, Edited, Entry, Spoken, Told
from messango.protocol.text.matching import FOLDING, fold, search_tokens
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.file.stored_message import COLUMNS, message_from_row

#: Entries that are added in one transaction: about 5 ms of work, for which the room's thread may wait.
#: A command takes more at once.
STEP_ENTRIES: Final = 250

_MAX_PURGED: Final = 200_000

#: Of the tables below; it changes when they do.
_VERSION: Final = 10 * FOLDING + 3

#: How long to wait for another process that updates the index, in seconds.
_BUSY_TIMEOUT_S: Final = 5.0

#: Only spaces part the tokens, which we have made. A prefix of one or two characters would be in too many
#: words to merge them at each search.
_WORDS_OPTIONS: Final = (
    "content = '', detail = full, prefix = '1 2',"
    " tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\""
)

#: The number, the folded text and the two members of a private message; nobody stands for everybody.
_Text: TypeAlias = tuple[int, str, str]


def index_path(history: Path) -> Path:
    """Return where the index of a history is."""
    return history.with_name(f"{history.name}-search")


def has_entries(history: sqlite3.Connection) -> bool:
    """Return whether a history can have more than messages to all.

    It can't before a room of this version has opened the file.
    """
    return any(row[1] == "recipient" for row in history.execute("PRAGMA table_info(message)"))


class SearchIndex:
    """Owns the connection to the index. Every method may raise `sqlite3.Error`."""

    def __init__(self, database: sqlite3.Connection, history: sqlite3.Connection) -> None:
        self._database = database
        self._history = history
        self._entries = StoredEntries(history)
        #: Whether words of removed texts are still somewhere in the file: see `purge`.
        self.has_leftovers = False

    @classmethod
    def open(cls, path: Path, history: sqlite3.Connection) -> SearchIndex:
        """Open or create the index of the history at `path` for `update`."""
        index = index_path(path)
        with contextlib.suppress(OSError):
            os.close(os.open(index, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.ExitStack() as undo:
            database = sqlite3.connect(index, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
            undo.callback(database.close)
            database.execute("PRAGMA secure_delete = ON")
            _create_tables(database)
            undo.pop_all()
        return cls(database, history)

    @classmethod
    def open_to_read(cls, path: Path, history: sqlite3.Connection) -> SearchIndex | None:
        """Open the index of the history at `path` as it is; None if there is none that is of use."""
        index = index_path(path)
        if not index.is_file():
            return None
        uri = f"{index.absolute().as_uri()}?mode=ro"
        with contextlib.ExitStack() as undo:
            database = sqlite3.connect(uri, isolation_level=None, timeout=_BUSY_TIMEOUT_S, uri=True)
            undo.callback(database.close)
            found = cls(database, history)
            if not _is_current(database) or not found._is_of_history(found.position()):
                return None
            undo.pop_all()
        return found

    def close(self) -> None:
        """Close the index. Twice is harmless."""
        self._database.close()

    def interrupt(self) -> None:
        """Let a query of another thread fail at once. For any thread, while it is open."""
        self._database.interrupt()

    def position(self) -> tuple[int, str]:
        """Return the number and the id of the last entry that is in the index."""
        seq, entry_id = self._database.execute("SELECT seq, id FROM place").fetchone() or (0, "")
        return int(seq), str(entry_id)

    def update(self) -> None:
        """Add everything that is new."""
        while self.update_step(40 * STEP_ENTRIES):
            pass

    def update_step(self, count: int = STEP_ENTRIES) -> bool:
        """Add the next entries; return whether there may be more.

        If the history is another one, the index starts again.
        """
        position = self.position()
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            if not self._is_of_history(position):
                _drop_tables(self._database)
                _make_tables(self._database)
                position = (0, "")
            entries = self._new_entries(position[0], count)
            if entries:
                self._add([entry for entry in entries if isinstance(entry, AnyMessage)])
                self._add_again({entry.target for entry in entries if isinstance(entry, Edited | Deleted)})
                self._database.execute("DELETE FROM place")
                self._database.execute("INSERT INTO place VALUES (?, ?)", (entries[-1].seq, entries[-1].id))
        return len(entries) == count

    def purge(self) -> None:
        """Remove what is left of removed texts: FTS5 only marks them as gone. Rewrites the index of words.

        That takes a second for 200,000 texts. Of more it is not worth it: FTS5 does the same bit by bit.
        """
        (texts,) = self._database.execute("SELECT count(*) FROM folded").fetchone()
        if texts <= _MAX_PURGED:
            for table in ("words", "private_words"):
                self._database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
        self.has_leftovers = False

    def find_parts(self, words: list[str], after_seq: int = 0) -> list[int]:
        """Return the numbers of the messages after `after_seq` that contain all these folded words."""
        condition = "".join(" AND instr(text, ?)" for _ in words)
        rows = self._database.execute(
            f"SELECT seq FROM folded WHERE seq > ?{condition} ORDER BY seq",  # noqa: S608 (only placeholders)
            (after_seq, *words),
        )
        return [seq for (seq,) in rows]

    def find_words(self, words: list[str], before: int, viewer: str) -> Iterator[int]:
        """Yield the numbers of the messages before `before` that may have words with these beginnings.

        Only those that the member `viewer` may see; the newest come first. It is the caller who compares the
        texts.
        """
        phrases = [" ".join(tokens) for word in words if (tokens := search_tokens(word))]
        if not phrases:
            yield from self._scan(words, before, viewer)
            return
        match = " AND ".join(f'"{phrase}" *' for phrase in phrases)
        found = [self._matches("words", match, before)]
        if self._has_private(viewer):
            match = f"text : ({match}) AND audience : {_quoted(viewer)}"
            found.append(self._matches("private_words", match, before))
        yield from merge(*found, reverse=True)

    def _matches(self, table: str, match: str, before: int) -> Iterator[int]:
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid < ? ORDER BY rowid DESC"  # noqa: S608
        return (seq for (seq,) in self._database.execute(query, (match, before)))

    def _scan(self, words: list[str], before: int, viewer: str) -> Iterator[int]:
        condition = "".join(" AND instr(text, ?)" for _ in words)
        query = f"SELECT seq, audience FROM folded WHERE seq < ?{condition} ORDER BY seq DESC"  # noqa: S608
        for seq, audience in self._database.execute(query, (before, *words)):
            if not audience or viewer in audience.split():
                yield seq

    def _has_private(self, viewer: str) -> bool:
        """Return whether a member is one of the two of any private message."""
        query = "SELECT EXISTS (SELECT 1 FROM private_words WHERE private_words MATCH ?)"
        return bool(self._database.execute(query, (f"audience : {_quoted(viewer)}",)).fetchone()[0])

    def _new_entries(self, after_seq: int, count: int) -> list[Entry]:
        if has_entries(self._history):
            return self._entries.since(after_seq, count)
        query = f"SELECT {COLUMNS} FROM message WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
        return [*map(message_from_row, self._history.execute(query, (after_seq, count)))]

    def _add(self, messages: list[Spoken]) -> None:
        self._remove({message.seq for message in messages})
        texts = [
            (message.seq, fold(message.text), _audience(message)) for message in messages if message.text
        ]
        self._database.executemany("INSERT INTO folded VALUES (?, ?, ?)", texts)
        for table, rows in _rows(texts).items():
            self._database.executemany(
                f"INSERT INTO {table} (rowid, text, audience) VALUES (?, ?, ?)",  # noqa: S608
                rows,
            )

    def _add_again(self, seqs: set[int]) -> None:
        if seqs:
            self._add([*self._entries.messages(seqs).values()])

    def _remove(self, seqs: set[int]) -> None:
        """Remove those of these texts that are in the index; a new one is not."""
        (newest,) = self._database.execute("SELECT coalesce(max(seq), 0) FROM folded").fetchone()
        for seq in seqs:
            if seq <= newest:
                self._remove_texts(
                    self._database.execute("SELECT * FROM folded WHERE seq = ?", (seq,)).fetchall()
                )

    def _remove_texts(self, texts: list[_Text]) -> None:
        for table, rows in _rows(texts).items():
            delete = f"INSERT INTO {table} ({table}, rowid, text, audience) VALUES ('delete', ?, ?, ?)"  # noqa: S608
            self._database.executemany(delete, rows)
        for seq, _text, _audience in texts:
            self._database.execute("DELETE FROM folded WHERE seq = ?", (seq,))
            self.has_leftovers = True

    def _is_of_history(self, position: tuple[int, str]) -> bool:
        seq, entry_id = position
        if not seq:
            return True
        tables = ("message", "change") if has_entries(self._history) else ("message",)
        queries = (f"SELECT id FROM {table} WHERE seq = ?" for table in tables)  # noqa: S608 (our own words)
        return any(self._history.execute(query, (seq,)).fetchone() == (entry_id,) for query in queries)


def _audience(message: Spoken) -> str:
    return f"{message.member} {message.to}" if isinstance(message, Told) else ""


def _rows(texts: list[_Text]) -> dict[str, list[_Text]]:
    """Return the words of texts by the tables that they belong into."""
    rows: dict[str, list[_Text]] = {"words": [], "private_words": []}
    for seq, text, audience in texts:
        table = "private_words" if audience else "words"
        rows[table].append((seq, " ".join(search_tokens(text)), audience))
    return rows


def _quoted(token: str) -> str:
    doubled = token.replace('"', '""')
    return f'"{doubled}"'


def _is_current(database: sqlite3.Connection) -> bool:
    return bool(database.execute("PRAGMA user_version").fetchone() == (_VERSION,))


def _create_tables(database: sqlite3.Connection) -> None:
    """Create the tables; those of an earlier version, or of another folding, are replaced."""
    if _is_current(database):
        return
    with database:
        database.execute("BEGIN IMMEDIATE")
        if not _is_current(database):  # Another search may just have replaced them.
            _drop_tables(database)
            _make_tables(database)


def _drop_tables(database: sqlite3.Connection) -> None:
    for table in ("said", "folded", "place", "words", "private_words"):
        database.execute(f"DROP TABLE IF EXISTS {table}")


def _make_tables(database: sqlite3.Connection) -> None:
    database.execute(
        "CREATE TABLE folded (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, audience TEXT NOT NULL)"
    )
    database.execute("CREATE TABLE place (seq INTEGER NOT NULL, id TEXT NOT NULL)")
    for table in ("words", "private_words"):
        database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 (text, audience, {_WORDS_OPTIONS})")
    database.execute(f"PRAGMA user_version = {_VERSION}")
