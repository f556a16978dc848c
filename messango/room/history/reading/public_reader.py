"""Reads and searches a room's history file, also while the room is open: what was said to all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

from messango.errors import CorruptFile, HistoryUnusable, RoomNotFound
from messango.protocol.frames import Message, Spoken
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.matching import contains_words, search_words
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import normalized_name
from messango.room.history.file.check import check_header, open_read_only
from messango.room.history.file.faults import UnusableFile, empty, explain
from messango.room.history.file.migrations import DATABASE_ERRORS, check_version
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.file.stored_message import (
    COLUMNS,
    VALUES_PER_QUERY,
    ForeignValue,
    message_from_row,
    more_columns,
)
from messango.room.history.present import with_details
from messango.room.history.reading.search_index import SearchIndex, has_entries
from messango.storage import home

#: How long to wait for a program that has locked the file, in seconds.
_BUSY_TIMEOUT_S: Final = 5.0

#: The suffix of a room's history file.
HISTORY_SUFFIX: Final = ".sqlite"

#: The folder with the files of a history is called as that, with this in place of its ending or behind it.
FILES_SUFFIX: Final = ".files"


def find_history(room: str) -> Path:
    """Return the history of a room that was open on this computer, or the file with that name.

    Raises `RoomNotFound`, or `HistoryUnusable` if a folder can't be searched.
    """
    rooms = home() / "rooms"
    own = rooms / f"{room_file_stem(room)}{HISTORY_SUFFIX}"
    for path, is_there in ((Path(room), os.path.isfile), (own, os.path.lexists)):
        if _exists(path, is_there):
            return path
    paths_by_name = {}
    for path in sorted(rooms.glob(f"*{HISTORY_SUFFIX}")):
        with contextlib.suppress(CorruptFile), HistoryReader(path) as reader:
            paths_by_name[reader.room_name] = path
    if room in paths_by_name:
        return paths_by_name[room]
    wanted = normalized_name(room)
    for name, path in paths_by_name.items():
        if normalized_name(name) == wanted:
            return path
    if os.path.lexists(room):
        return Path(room)  # A folder, a pipe or a device: the reader says so.
    names = ", ".join(map(quoted_name, paths_by_name))
    raise RoomNotFound(
        f"There is no history of a room “{excerpt(room)}” on this computer, and no file with that name.",
        f"There are histories of {names}."
        if paths_by_name
        else "A room that you open with `messango server` has one.",
    )


def room_file_stem(name: str) -> str:
    """Return how the names of a room's files begin; on one computer, the same room has the same files."""
    return hashlib.sha256(normalized_name(name).encode(errors="surrogatepass")).hexdigest()[:16]


def _exists(path: Path, is_there: Callable[[Path], bool]) -> bool:
    """Return whether a file is there; raises `HistoryUnusable` if its folder can't be searched."""
    try:
        path.lstat()
    except PermissionError as error:
        raise _unusable(path, error) from error
    except (OSError, ValueError):
        return False
    return is_there(path)


def _unusable(path: Path, error: Exception) -> HistoryUnusable:
    fault = explain(error, path, writing=False)
    return HistoryUnusable(path, fault.reason, fault.cure)


class HistoryReader:
    """Owns a read-only connection to the file; a context manager, and its iterators end with it."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises `HistoryUnusable`."""
        self._path = path
        with contextlib.ExitStack() as undo:
            try:
                if not check_header(path):
                    raise UnusableFile(empty(path))
                database = open_read_only(path, timeout_s=_BUSY_TIMEOUT_S)
                self._database = undo.enter_context(contextlib.closing(database))
                if not check_version(self._database):
                    raise UnusableFile(empty(path))
                self._has_entries = has_entries(self._database)
            except (*DATABASE_ERRORS, OSError) as error:
                raise _unusable(path, error) from error
            undo.pop_all()

    def __enter__(self) -> HistoryReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @property
    def room_name(self) -> str:
        """The room's name, or the file's if it contains none; raises `HistoryUnusable`."""
        try:
            row = self._database.execute("SELECT value FROM fact WHERE key = 'name'").fetchone()
        except DATABASE_ERRORS as error:
            raise _unusable(self._path, error) from error
        if row is not None and not isinstance(row[0], str):
            raise _unusable(self._path, ForeignValue("the room's name in it is not a text"))
        return row[0] if row else self._path.stem

    def messages(self, *, after_seq: int = 0, after_time_s: float = 0.0) -> Iterator[Message]:
        """Yield the messages after a number and a time (seconds since 1970 UTC), in order."""
        yield from self._read(
            "seq > ? AND (time >= ? OR time IS NULL) ORDER BY seq", (after_seq, after_time_s)
        )

    def search(self, query: str, *, after_seq: int = 0, after_time_s: float = 0.0) -> Iterator[Message]:
        """Yield the messages with all of these words, also as parts of longer words, in order."""
        words = search_words(query)
        if not words:
            return
        try:
            with contextlib.closing(SearchIndex.open(self._path, self._database)) as index:
                index.update()
                seqs = index.find_parts(words, after_seq)
        except DATABASE_ERRORS:  # the index can't be written
            yield from self._scan(words, after_seq, after_time_s)
            return
        for start in range(0, len(seqs), VALUES_PER_QUERY):
            batch = seqs[start : start + VALUES_PER_QUERY]
            condition = f"seq IN ({', '.join('?' * len(batch))}) AND (time >= ? OR time IS NULL) ORDER BY seq"
            yield from self._read(condition, (*batch, after_time_s))

    def _with_details(self, messages: list[Spoken]) -> Iterator[Message]:
        details = with_details(StoredEntries(self._database), messages, "") if self._has_entries else messages
        return (message for message in details if isinstance(message, Message))

    def _scan(self, words: list[str], after_seq: int, after_time_s: float) -> Iterator[Message]:
        for message in self.messages(after_seq=after_seq, after_time_s=after_time_s):
            if contains_words(message.text, words):
                yield message

    def _read(self, condition: str, values: tuple[object, ...]) -> Iterator[Message]:
        columns, is_public = (
            (f"{COLUMNS}, {more_columns(self._database)}", "recipient IS NULL")
            if self._has_entries
            else (COLUMNS, "1")
        )
        query = f"SELECT {columns} FROM message WHERE {is_public} AND {condition}"  # noqa: S608
        try:
            rows = self._database.execute(query, values)
            while batch := rows.fetchmany(VALUES_PER_QUERY):
                yield from self._with_details([message_from_row(row) for row in batch])
        except DATABASE_ERRORS as error:
            raise _unusable(self._path, error) from error
