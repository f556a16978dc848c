"""A file of somebody else's may contain anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from messango.errors import CorruptFile
from messango.protocol.frames import Message
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.file.stored_message import ForeignValue, message_from_row
from messango.room.history.reading.public_reader import HistoryReader

GOOD: tuple[Any, ...] = (1, "a", "m1", 1.5, "Ann", "hello")


def test_a_row_that_we_wrote() -> None:
    """It is the message."""
    assert message_from_row(GOOD) == Message(1, "a", "m1", 1.5, "Ann", "hello")


def test_a_text_of_an_earlier_version_is_cleaned() -> None:
    """Its lines are apart, and nothing in it controls a terminal."""
    old = (*GOOD[:5], "10%\u202820%\r\x1b[1;31mred")
    assert message_from_row(old).text == "10%\n20%\nred"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((column, None) for column in range(6)),
        *((column, b"x") for column in range(6)),
        (0, -1),
        (3, float("inf")),
        (3, "noon"),
        (1, "x" * 65),
        (4, "x" * 129),
        (5, "x" * 8_001),
        (5, 7),
    ],
)
def test_a_row_that_we_never_write(column: int, value: object) -> None:
    """Each value of another type, or that does not fit into a frame, is an error that names the message."""
    row = (*GOOD[:column], value, *GOOD[column + 1 :])
    with pytest.raises(ForeignValue, match="message"):
        message_from_row(row)


def damage(path: Path, statement: str) -> None:
    """Create a history of one message, and change it as another program could."""
    with closing(SqliteHistory(path, 1.0)) as history:
        history.set_fact("name", "Tea")
        history.append([message_from_row(GOOD)])
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE type = 'table'")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(statement)


def read_all(path: Path) -> None:
    with HistoryReader(path) as reader:
        assert reader.room_name
        assert [*reader.messages()]


def search(path: Path) -> None:
    with HistoryReader(path) as reader:
        assert [*reader.search("hello")]


@pytest.mark.parametrize("read", [read_all, search])
@pytest.mark.parametrize("column", ["id", "member", "time", "name"])
def test_null_in_a_column_is_an_error_in_words(
    tmp_path: Path, column: str, read: Callable[[Path], None]
) -> None:
    """Both for `history` and for the server, which keeps the room open without the file."""
    path = tmp_path / "a.sqlite"
    damage(path, f"UPDATE message SET {column} = NULL")  # noqa: S608 (a test's)
    with pytest.raises(CorruptFile, match="message 1 in it has a value"):
        read(path)
    with closing(FallbackHistory(path, 2.0)) as history:
        assert history.problem is not None
        assert "message 1 in it" in str(history.problem)
        assert history.last(10) == []


@pytest.mark.parametrize("value", ["NULL", "x'ff'"])
def test_a_foreign_fact(tmp_path: Path, value: str) -> None:
    """A room's name that is not a text."""
    path = tmp_path / "a.sqlite"
    damage(path, f"UPDATE fact SET value = {value}")  # noqa: S608 (a test's)
    with pytest.raises(CorruptFile, match="not a text"):
        read_all(path)
    with closing(FallbackHistory(path, 2.0)) as history:
        assert history.get_fact("name") is None
        assert history.problem is not None


def test_a_foreign_session_does_not_return(tmp_path: Path) -> None:
    """And the others do."""
    path = tmp_path / "a.sqlite"
    damage(path, "INSERT INTO session VALUES ('a', NULL, 'Ann', 1.0, 1), ('b', 'm1', x'ff', 1.0, 1)")
    with closing(FallbackHistory(path, 2.0)) as history:
        assert history.sessions(10) == []
        assert history.problem is None
