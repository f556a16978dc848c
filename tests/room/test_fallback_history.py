"""History that goes on in memory while its file can't be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import DamagedFile
from messango.room.fallback_history import KeptHistory, explain, number_above_all
from messango.room.history import KnownSession
from messango.room.history_reader import Archive
from tests.room.messages import said

NOW_S = 1_700_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "room.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[KeptHistory]:
    """A history whose file is well."""
    with closing(KeptHistory(path, NOW_S)) as made:
        yield made


@pytest.fixture
def held(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that can hold the file by beginning to write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        yield other


def stored(path: Path) -> list[int]:
    """Return the numbers of the messages that are in the file."""
    with closing(sqlite3.connect(path)) as reader:
        return [seq for (seq,) in reader.execute("SELECT seq FROM message ORDER BY seq")]


def sessions_in(path: Path) -> set[KnownSession]:
    """Return the sessions that are in the file."""
    with closing(sqlite3.connect(path)) as reader:
        return {KnownSession(*row) for row in reader.execute("SELECT proof, member, name FROM session")}


def is_kept(history: KeptHistory) -> bool:
    """Tell whether messages reach the file; asked anew each time, where a type checker would remember."""
    return history.kept


def test_while_all_is_well_it_is_kept(history: KeptHistory, path: Path) -> None:
    """What is appended is in the file, and there is no trouble."""
    history.append(said(1, 3))
    assert (history.kept, history.trouble, stored(path)) == (True, None, [1, 2, 3])
    assert (history.latest, history.oldest, history.last(2)) == (3, 1, said(2, 3))


def test_a_locked_file(history: KeptHistory, held: sqlite3.Connection, path: Path) -> None:
    """The conversation goes on in memory, and is written when the file is free again."""
    history.append(said(1, 2))
    held.execute("BEGIN IMMEDIATE")
    history.append(said(3, 4))
    assert history.trouble is not None
    assert "Another program holds" in history.trouble.reason
    assert not is_kept(history)
    assert (history.latest, history.oldest) == (4, 1)
    assert history.last(3) == said(2, 4)
    assert history.since(1) == said(2, 4)
    assert history.since(1, 2) == said(2, 3)
    assert history.find("ann", ["2", "4", "9"]) == {"2": said(2, 2)[0], "4": said(4, 4)[0]}
    held.execute("ROLLBACK")
    history.append(said(5, 5))
    assert not is_kept(history), "it is not tried with every message"
    history.append(said(10, 10))
    assert is_kept(history)
    assert stored(path) == [1, 2, 3, 4, 5, 10]


def test_what_is_not_written_yet_is_written_at_the_end(
    history: KeptHistory, held: sqlite3.Connection, path: Path
) -> None:
    """A room that closes takes the last chance."""
    held.execute("BEGIN IMMEDIATE")
    history.append(said(1, 2))
    held.execute("ROLLBACK")
    history.close()
    history.close()
    assert stored(path) == [1, 2]


def test_who_came_while_the_file_could_not_be_written_is_known_later(
    history: KeptHistory, held: sqlite3.Connection, path: Path
) -> None:
    """Sessions are written with the messages: what is sent again after a restart must not count as new."""
    ann, ben = KnownSession("proof-a", "ann", "Ann"), KnownSession("proof-b", "ben", "Ben")
    held.execute("BEGIN IMMEDIATE")
    history.note_sessions([ann], NOW_S)
    history.append(said(1, 1))
    held.execute("ROLLBACK")
    history.append(said(10, 10))
    assert is_kept(history)
    assert sessions_in(path) == {ann}
    held.execute("BEGIN IMMEDIATE")
    history.note_sessions([ben], NOW_S)
    held.execute("ROLLBACK")
    history.close()
    assert sessions_in(path) == {ann, ben}


def test_a_damaged_file_is_left_as_it_is(path: Path) -> None:
    """It is told at once, never written to, and numbers go on above any that it may have."""
    path.write_bytes(b"no database at all, and long enough to be one" * 100)
    with closing(KeptHistory(path, NOW_S)) as history:
        assert history.trouble is not None
        assert history.trouble.lasting
        assert str(path) in history.trouble.reason
        assert history.latest == number_above_all(NOW_S)
        history.append(said(history.latest + 1, history.latest + 2))
        assert len(history.since(0)) == 2
        assert history.sessions(5) == []
    assert path.read_bytes() == b"no database at all, and long enough to be one" * 100


def test_a_file_that_is_damaged_while_it_is_used(history: KeptHistory, path: Path) -> None:
    """Reading it fails: that is told, and what is said from then on is had from memory."""
    history.append(said(1, 2000))
    size = path.stat().st_size
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * max(size, 300_000))
    history.last(2000)
    history.append(said(2001, 2001))
    assert history.trouble is not None
    assert history.last(1) == said(2001, 2001)


def test_a_file_whose_tables_are_damaged(tmp_path: Path) -> None:
    """SQLite quotes what is wrong in it, which need not be a text: that is told as any other damage."""
    path = tmp_path / "room.sqlite"
    KeptHistory(path, NOW_S).close()
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE fact", b"CREATE TABLE\xd7fact"))
    with closing(KeptHistory(path, NOW_S)) as history:
        assert history.trouble is not None
        assert history.trouble.lasting
    with pytest.raises(DamagedFile), Archive(path) as archive:
        assert archive.room_name


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The sentence names the file, and the room can open."""
    with closing(KeptHistory(tmp_path / "nowhere" / "room.sqlite", NOW_S)) as history:
        assert history.trouble is not None
        assert "nowhere" in history.trouble.reason
        assert not history.kept


@pytest.mark.parametrize(
    ("error", "words", "lasting"),
    [
        (sqlite3.OperationalError("database or disk is full"), "The disk is full", False),
        (sqlite3.OperationalError("database is locked"), "Another program holds", False),
        (sqlite3.OperationalError("attempt to write a readonly database"), "can't be written", False),
        (sqlite3.OperationalError("disk I/O error"), "can't be written", False),
        (sqlite3.DatabaseError("database disk image is malformed"), "left as it is", True),
        (sqlite3.DatabaseError("file is not a database"), "left as it is", True),
        (PermissionError(13, "Permission denied"), "can't be written", False),
    ],
)
def test_each_fault_has_its_own_words(error: Exception, words: str, lasting: bool, path: Path) -> None:  # noqa: FBT001 (a parameter)
    """A person reads what happened and what helps."""
    trouble = explain(error, path)
    assert words in trouble.reason
    assert trouble.hint
    assert trouble.lasting is lasting
