"""Histories of versions that knew no files are read as they are, and extended by a room that opens them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import FileInfo, Message
from messango.room.files.shared_file import Announcements
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.migrations import APPLICATION_ID, MIGRATIONS, Schema, migrate
from messango.room.history.reading.public_reader import HistoryReader

FILE = FileInfo("f" * 32, "holiday.jpg", 2_100_000, "ab" * 32)


_WITH_FILES = [name for name, _ in MIGRATIONS].index("messages with files")


@pytest.fixture(params=[5, _WITH_FILES])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A history of one message, made by the first steps only."""
    file = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        migrate(database, 1.0, Schema(APPLICATION_ID, MIGRATIONS[: request.param]))
        database.execute(
            "INSERT INTO message (seq, id, member, time, name, text)"
            " VALUES (1, 'a', 'm', 1.0, 'Ann', 'lunch?')"
        )
    return file


def test_it_is_read_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    with HistoryReader(path) as reader:
        assert [message.text for message in reader.messages()] == ["lunch?"]
        assert [message.text for message in reader.search("lunch")] == ["lunch?"]
    assert path.read_bytes() == before


def test_a_room_extends_it(path: Path) -> None:
    with closing(FallbackHistory(path, 2.0)) as history:
        assert history.problem is None
        assert history.announcements(0.0, []) == Announcements([], {})
        history.append([Message(2, "b", "m", 3.0, "Ann", "[file] holiday.jpg (2.1 MB)", file=FILE)])
        assert [message.file for message in history.last(10)] == [None, FILE]
    with HistoryReader(path) as reader:
        assert [message.file for message in reader.messages()] == [None, FILE]


def test_messages_with_files_are_found_without_reading_the_others(tmp_path: Path) -> None:
    with closing(FallbackHistory(tmp_path / "a.sqlite", 1.0)):
        pass
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        plan = database.execute(
            "EXPLAIN QUERY PLAN SELECT seq FROM message WHERE file IS NOT NULL AND time >= 1.0"
        )
        assert "message_with_file" in plan.fetchone()[-1]
