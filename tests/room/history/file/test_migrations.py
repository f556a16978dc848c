"""The steps that create a history file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from messango.room.history.file.migrations import (
    APPLICATION_ID,
    MIGRATIONS,
    ForeignDatabase,
    LaterVersion,
    Schema,
    migrate,
)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        yield made


def recorded_migrations(database: sqlite3.Connection) -> list[tuple[str, float]]:
    """Return which steps were recorded, and when."""
    return database.execute("SELECT name, applied FROM step").fetchall()


def test_each_step_is_applied_once_and_recorded(database: sqlite3.Connection) -> None:
    """A second start changes nothing, and the file shows when each was applied."""
    migrate(database, 1.0)
    migrate(database, 2.0)
    assert sorted(recorded_migrations(database)) == sorted((name, 1.0) for name, _ in MIGRATIONS)
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_an_older_file(database: sqlite3.Connection) -> None:
    """Steps of a later version are applied, and the data stays."""
    migrate(database, 1.0)
    database.execute(
        "INSERT INTO message (seq, id, member, time, name, text) VALUES (1, 'a', 'ann', 0.0, 'Ann', 'hello')"
    )
    later = Schema(APPLICATION_ID, (*MIGRATIONS, ("more", "CREATE TABLE more (x)")))
    migrate(database, 2.0, later)
    assert ("more", 2.0) in recorded_migrations(database)
    assert database.execute("SELECT text FROM message").fetchall() == [("hello",)]


def test_a_failed_step_leaves_nothing(database: sqlite3.Connection) -> None:
    """All or none: half a schema would fit no version."""
    broken = Schema(APPLICATION_ID, (*MIGRATIONS, ("broken", "CREATE NONSENSE")))
    with pytest.raises(sqlite3.Error):
        migrate(database, 1.0, broken)
    assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_database_of_another_program(database: sqlite3.Connection) -> None:
    """It is not changed."""
    database.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(ForeignDatabase):
        migrate(database, 1.0)
    assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_a_file_of_a_later_version(database: sqlite3.Connection) -> None:
    """It is not changed: this version cannot maintain the additions."""
    migrate(database, 1.0)
    database.execute("INSERT INTO step VALUES ('from the future', 3.0)")
    with pytest.raises(LaterVersion, match="from the future"):
        migrate(database, 4.0)
