"""A history that continues in memory while its file can't be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import CorruptFile
from messango.room.history.fallback_history import FallbackHistory, fresh_seq_base, storage_problem
from messango.room.history.file.faults import explain
from messango.room.history.history import SavedSession
from messango.room.history.reading.public_reader import HistoryReader
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "room.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[FallbackHistory]:
    """A history whose file is well."""
    with closing(FallbackHistory(path, NOW_S)) as made:
        yield made


@pytest.fixture
def other_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that can hold the file by beginning to write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        yield other


def stored_seqs(path: Path) -> list[int]:
    """Return the numbers of the messages that are in the file."""
    with closing(sqlite3.connect(path)) as reader:
        return [seq for (seq,) in reader.execute("SELECT seq FROM message ORDER BY seq")]


def sessions_in(path: Path) -> set[SavedSession]:
    """Return the sessions that are in the file."""
    with closing(sqlite3.connect(path)) as reader:
        return {
            SavedSession(*row) for row in reader.execute("SELECT proof, member, name, encrypted FROM session")
        }


def is_persistent(history: FallbackHistory) -> bool:
    """Return whether messages reach the file; a call, because mypy would remember the property's value."""
    return history.is_persistent


def test_without_a_problem(history: FallbackHistory, path: Path) -> None:
    """Appended messages are in the file."""
    history.append(make_messages(1, 3))
    assert (history.is_persistent, history.problem, stored_seqs(path)) == (True, None, [1, 2, 3])
    assert (history.latest, history.oldest, history.last(2)) == (3, 1, make_messages(2, 3))


def test_a_locked_file(history: FallbackHistory, other_connection: sqlite3.Connection, path: Path) -> None:
    """New messages are in memory, and are written when the file is free again."""
    history.append(make_messages(1, 2))
    other_connection.execute("BEGIN IMMEDIATE")
    history.append(make_messages(3, 4))
    assert history.problem is not None
    assert "Another program holds" in history.problem.reason
    assert not is_persistent(history)
    assert (history.latest, history.oldest) == (4, 1)
    assert history.last(3) == make_messages(2, 4)
    assert history.since(1) == make_messages(2, 4)
    assert history.since(1, 2) == make_messages(2, 3)
    assert history.find("ann", ["2", "4", "9"]) == {"2": make_messages(2, 2)[0], "4": make_messages(4, 4)[0]}
    other_connection.execute("ROLLBACK")
    history.append(make_messages(5, 5))
    assert not is_persistent(history), "it is not tried with every message"
    history.append(make_messages(10, 10))
    assert is_persistent(history)
    assert stored_seqs(path) == [1, 2, 3, 4, 5, 10]


def test_close_writes_pending_messages(
    history: FallbackHistory, other_connection: sqlite3.Connection, path: Path
) -> None:
    """If the file can be written by then."""
    other_connection.execute("BEGIN IMMEDIATE")
    history.append(make_messages(1, 2))
    other_connection.execute("ROLLBACK")
    history.close()
    history.close()
    assert stored_seqs(path) == [1, 2]


def test_pending_sessions_are_written_later(
    history: FallbackHistory, other_connection: sqlite3.Connection, path: Path
) -> None:
    """With the messages: a message that is repeated after a restart must not count as new."""
    ann, ben = SavedSession("proof-a", "ann", "Ann"), SavedSession("proof-b", "ben", "Ben")
    other_connection.execute("BEGIN IMMEDIATE")
    history.save_sessions([ann], NOW_S)
    history.append(make_messages(1, 1))
    other_connection.execute("ROLLBACK")
    history.append(make_messages(10, 10))
    assert is_persistent(history)
    assert sessions_in(path) == {ann}
    other_connection.execute("BEGIN IMMEDIATE")
    history.save_sessions([ben], NOW_S)
    other_connection.execute("ROLLBACK")
    history.close()
    assert sessions_in(path) == {ann, ben}


def test_a_damaged_file(path: Path) -> None:
    """It is reported at once and never written to; numbers are above any that it may contain."""
    path.write_bytes(b"no database at all, and long enough to be one" * 100)
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is not None
        assert history.problem.permanent
        assert str(path) in history.problem.reason
        assert history.latest == fresh_seq_base(NOW_S)
        history.append(make_messages(history.latest + 1, history.latest + 2))
        assert len(history.since(0)) == 2
        assert history.sessions(5) == []
    assert path.read_bytes() == b"no database at all, and long enough to be one" * 100


def test_a_file_that_is_damaged_while_in_use(history: FallbackHistory, path: Path) -> None:
    """A failed read is reported, and new messages are read from memory."""
    history.append(make_messages(1, 2000))
    size = path.stat().st_size
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * max(size, 300_000))
    history.last(2000)
    history.append(make_messages(2001, 2001))
    assert history.problem is not None
    assert history.last(1) == make_messages(2001, 2001)


def test_a_file_with_damaged_tables(tmp_path: Path) -> None:
    """SQLite quotes the damaged bytes, which may not be valid UTF-8; it is reported like other damage."""
    path = tmp_path / "room.sqlite"
    FallbackHistory(path, NOW_S).close()
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE fact", b"CREATE TABLE\xd7fact"))
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is not None
        assert history.problem.permanent
    with pytest.raises(CorruptFile), HistoryReader(path) as reader:
        assert reader.room_name


def test_a_missing_folder(tmp_path: Path) -> None:
    """The problem names the file, and the room can open."""
    with closing(FallbackHistory(tmp_path / "nowhere" / "room.sqlite", NOW_S)) as history:
        assert history.problem is not None
        assert "nowhere" in history.problem.reason
        assert not history.is_persistent


@pytest.mark.parametrize(
    ("error", "words", "lasting"),
    [
        (sqlite3.OperationalError("database or disk is full"), "The disk is full", False),
        (sqlite3.OperationalError("database is locked"), "Another program holds", False),
        (sqlite3.OperationalError("attempt to write a readonly database"), "read-only", True),
        (sqlite3.OperationalError("disk I/O error"), "reports an error (disk I/O error)", False),
        (sqlite3.DatabaseError("database disk image is malformed"), "is damaged", True),
        (sqlite3.DatabaseError("file is not a database"), "is damaged", True),
        (PermissionError(13, "Permission denied"), "no permission", True),
    ],
)
def test_each_error_has_its_text(error: Exception, words: str, lasting: bool, path: Path) -> None:  # noqa: FBT001 (a parameter)
    """It says what happened and what helps."""
    trouble = storage_problem(explain(error, path))
    assert words in trouble.reason
    assert trouble.hint
    assert trouble.permanent is lasting
