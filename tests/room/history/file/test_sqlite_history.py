"""The history in a file."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.room.history.file import sqlite_history, stored_entries
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import SavedSession
from tests.room.messages import make_messages


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "room.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[SqliteHistory]:
    """A new history."""
    with closing(SqliteHistory(path, 1.0)) as made:
        yield made


def test_empty(history: SqliteHistory) -> None:
    """There are no messages yet."""
    assert (history.latest, history.oldest, history.last(200), history.since(0)) == (0, 0, [], [])


def test_last_and_since(history: SqliteHistory) -> None:
    """In order: the last few, or all after a number, or the first of these."""
    history.append(make_messages(1, 3))
    history.append(make_messages(4, 5))
    assert (history.latest, history.oldest) == (5, 1)
    assert history.last(2) == make_messages(4, 5)
    assert history.last(200) == make_messages(1, 5)
    assert history.since(0) == make_messages(1, 5)
    assert history.since(3) == make_messages(4, 5)
    assert history.since(1, 2) == make_messages(2, 3)


def test_reopen(path: Path) -> None:
    """A file that is opened again continues."""
    with closing(SqliteHistory(path, 1.0)) as first:
        first.append(make_messages(1, 3))
    with closing(SqliteHistory(path, 2.0)) as second:
        assert (second.latest, second.oldest) == (3, 1)
        assert second.find("ann", ["2", "9"]) == {"2": make_messages(2, 2)[0]}
        second.append(make_messages(4, 4))
        assert second.since(0) == make_messages(1, 4)


def test_append_is_a_transaction(history: SqliteHistory) -> None:
    """A message that is there already stops its whole batch."""
    history.append(make_messages(1, 2))
    with pytest.raises(sqlite3.IntegrityError):
        history.append([*make_messages(3, 4), *make_messages(2, 2)])
    assert (history.latest, history.last(10)) == (2, make_messages(1, 2))


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_a_batch_of_any_size(history: SqliteHistory, count: int) -> None:
    """Also if it needs several statements."""
    history.append(make_messages(1, count))
    assert history.since(0) == make_messages(1, count)
    assert (history.latest, history.oldest) == (count, 1)


def test_find(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the cache or only in the file, and only for this member."""
    monkeypatch.setattr(sqlite_history, "_CACHED_IDS", 2)
    monkeypatch.setattr(stored_entries, "VALUES_PER_QUERY", 2)
    with closing(SqliteHistory(path, 1.0)) as history:
        assert history.find("ann", ["1"]) == {}
        for seq in range(1, 6):
            history.append(make_messages(seq, seq))
            for earlier in range(1, seq + 1):
                assert history.find("ann", [f"{earlier}"]) == {
                    f"{earlier}": make_messages(earlier, earlier)[0]
                }
        history.append(make_messages(6, 6, member="ben"))
        assert history.find("ann", [*"0123456"]) == {
            f"{seq}": make_messages(seq, seq)[0] for seq in range(1, 6)
        }
        assert history.find("ben", ["6"]) == {"6": make_messages(6, 6, member="ben")[0]}
        assert history.find("ben", ["5"]) == history.find("cleo", ["1"]) == {}


def test_sessions(path: Path) -> None:
    """The ones seen most recently, each with its last name."""
    ann, ben, cleo = (SavedSession(name, f"id of {name}", name) for name in ("ann", "ben", "cleo"))
    with closing(SqliteHistory(path, 1.0)) as first:
        first.save_sessions([ann], 1.0)
        first.save_sessions([ben, cleo], 2.0)
        first.save_sessions([SavedSession("ann", "id of ann", "Anna")], 3.0)
    with closing(SqliteHistory(path, 4.0)) as second:
        assert second.sessions(1) == [SavedSession("ann", "id of ann", "Anna")]
        assert {session.name for session in second.sessions(10)} == {"Anna", "ben", "cleo"}
        assert second.sessions(10)[-1].name == "Anna"


def test_facts(history: SqliteHistory) -> None:
    """A new value replaces the old one."""
    assert history.get_fact("id") is None
    history.set_fact("id", "1f")
    history.set_fact("id", "2f")
    assert history.get_fact("id") == "2f"


def test_reading_while_writing(history: SqliteHistory, path: Path) -> None:
    """A reader sees what is stored, and does not block the next batch."""
    history.append(make_messages(1, 1))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
        rows = reader.execute("SELECT seq FROM message")
        history.append(make_messages(2, 2))
        assert rows.fetchall() == [(1,)]
        assert reader.execute("SELECT count(*) FROM message").fetchone() == (2,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_the_files_are_private(history: SqliteHistory, path: Path) -> None:
    """Nobody else on the computer can read them."""
    history.append(make_messages(1, 1))
    for file in path.parent.glob("room.sqlite*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_not_a_database(path: Path) -> None:
    """It is not changed."""
    path.write_bytes(b"a letter to grandmother" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SqliteHistory(path, 1.0)
    assert path.read_bytes() == b"a letter to grandmother" * 100
