"""A history whose file is deleted, moved, replaced or overwritten while the room is open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.history import RETRY_S, SavedSession
from tests.room.messages import make_messages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed on Windows")

NOW_S = 1_700_000_000.0
LATER_S = NOW_S + RETRY_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    (tmp_path / "rooms").mkdir()
    return tmp_path / "rooms" / "room.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[FallbackHistory]:
    """A history with two messages, a fact and a session."""
    with closing(FallbackHistory(path, NOW_S)) as made:
        made.set_fact("name", "Tea")
        made.save_sessions([SavedSession("proof", "ann", "Ann")], NOW_S)
        made.append(make_messages(1, 2))
        yield made


def is_whole(path: Path, *seqs: int) -> bool:
    """Return whether the file has these messages, the fact and the session, as a killed server leaves it."""
    copy = path.with_name("copy.sqlite")
    for suffix in ("", "-wal"):
        if Path(f"{path}{suffix}").exists():
            shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    with closing(sqlite3.connect(copy)) as reader:
        found = reader.execute("SELECT seq FROM message ORDER BY seq").fetchall()
        facts = reader.execute("SELECT value FROM fact WHERE key = 'name'").fetchall()
        sessions = reader.execute("SELECT member FROM session").fetchall()
        intact = reader.execute("PRAGMA integrity_check").fetchall()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{copy}{suffix}").unlink(missing_ok=True)
    return (found, facts, sessions, intact) == (
        [(seq,) for seq in seqs],
        [("Tea",)],
        [("ann",)],
        [("ok",)],
    )


def foreign_database(path: Path) -> bytes:
    """Make another program's database; return its bytes."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipe (name)")
        other.execute("INSERT INTO recipe VALUES ('soup')")
        other.commit()
    return path.read_bytes()


def test_deleted(history: FallbackHistory, path: Path) -> None:
    """A new file has everything, before anybody sees the next message; the host is told."""
    path.unlink()
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    (notice,) = history.notices
    assert "was deleted or moved away while the room is open" in notice
    assert "the whole conversation (2 messages)" in notice
    assert history.problem is None
    history.append(make_messages(4, 4))
    assert is_whole(path, 1, 2, 3, 4)
    assert path.stat().st_mode & 0o777 == 0o600


def test_deleted_while_nobody_speaks(history: FallbackHistory, path: Path) -> None:
    """It is noticed within `RETRY_S`."""
    path.unlink()
    assert history.flush_pending(LATER_S)
    assert is_whole(path, 1, 2)


def test_deleted_with_its_log(history: FallbackHistory, path: Path) -> None:
    """All files of the history are gone."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink()
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)


def test_the_folder_is_deleted(history: FallbackHistory, path: Path) -> None:
    """It is created again."""
    shutil.rmtree(path.parent)
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)


def test_deleted_and_then_closed(history: FallbackHistory, path: Path) -> None:
    """Closing notices it too."""
    path.unlink()
    history.close()
    assert is_whole(path, 1, 2)
    assert history.unsaved_count == 0


def test_moved(history: FallbackHistory, path: Path, tmp_path: Path) -> None:
    """The moved file is complete without the log that stays behind, and is not written to any more."""
    moved = path.rename(tmp_path / "moved.sqlite")
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    assert is_whole(moved, 1, 2)


@pytest.mark.parametrize("with_log", [False, True])
def test_replaced(history: FallbackHistory, path: Path, tmp_path: Path, *, with_log: bool) -> None:
    """What the host has put there is renamed, unchanged."""
    content = foreign_database(tmp_path / "other")
    (tmp_path / "other").replace(path)
    if with_log:
        path.with_name(f"{path.name}-wal").unlink()
        path.with_name(f"{path.name}-wal").write_bytes(b"another log")
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    aside = path.with_name("room.sqlite.replaced-1")
    assert aside.read_bytes() == content
    assert f"is renamed to {aside.name}" in history.notices[0]
    assert path.with_name(f"{aside.name}-wal").exists() is with_log
    history.close()
    assert aside.read_bytes() == content
    assert not path.with_name(f"{path.name}.new").exists()


def test_replaced_by_links_and_folders(history: FallbackHistory, path: Path, tmp_path: Path) -> None:
    """A symbolic link, a folder and a pipe are no more trusted than a file."""
    (tmp_path / "target").write_text("mine")
    path.unlink()
    path.symlink_to(tmp_path / "target")
    history.append(make_messages(3, 3))
    path.unlink()
    path.mkdir()
    history.append(make_messages(4, 4))
    path.unlink()
    os.mkfifo(path)
    history.append(make_messages(5, 5))
    assert is_whole(path, 1, 2, 3, 4, 5)
    assert (tmp_path / "target").read_text() == "mine"
    assert len(history.notices) == 3


@pytest.mark.parametrize("content", ["foreign", "empty", "text"])
def test_overwritten(history: FallbackHistory, path: Path, tmp_path: Path, content: str) -> None:
    """The file is the same, with other bytes: what is in memory goes into a new one."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    history.flush_pending(LATER_S)
    data = foreign_database(tmp_path / "other") if content == "foreign" else b""
    data = b"a shopping list\n" * 99 if content == "text" else data
    path.write_bytes(data)
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    history.close()
    assert path.with_name("room.sqlite.replaced-1").read_bytes() == data
    assert "was overwritten by another program" in history.notices[0]
    assert "not with what is older" in history.notices[0]


def test_written_to_by_another_program(history: FallbackHistory, path: Path) -> None:
    """A history that is still whole goes on."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    history.append(make_messages(3, 3))
    assert (history.notices, history.problem) == ([], None)
    assert is_whole(path, 1, 2, 3)


def test_the_log_is_deleted(history: FallbackHistory, path: Path) -> None:
    """A killed server would lose what is only in the log, so it goes into the file."""
    path.with_name(f"{path.name}-wal").unlink()
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    assert "Nothing was lost" in history.notices[0]


def test_the_index_of_the_log_is_deleted(history: FallbackHistory, path: Path) -> None:
    """It is made again when it is needed."""
    path.with_name(f"{path.name}-shm").unlink()
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)


def test_moved_back(history: FallbackHistory, path: Path, tmp_path: Path) -> None:
    """While no new file can be made, everything stays readable, and nothing is lost when the file is back."""
    folder = path.parent.rename(tmp_path / "elsewhere")
    path.parent.write_text("a file where the folder was")
    history.append(make_messages(3, 3))
    assert history.problem is not None
    assert history.last(9) == make_messages(1, 3)
    path.parent.unlink()
    folder.rename(path.parent)
    history.flush_pending(LATER_S)
    assert is_whole(path, 1, 2, 3)
    assert history.notices == []


def test_all_that_is_not_at_its_place_is_counted(history: FallbackHistory, path: Path) -> None:
    """If no new file can be made until the end, the whole conversation is lost with the old one."""
    shutil.rmtree(path.parent)
    path.parent.write_text("a file where the folder was")
    history.append(make_messages(3, 3))
    history.close()
    assert history.unsaved_count == 3


def test_a_damaged_file_that_is_moved_away(history: FallbackHistory, path: Path, tmp_path: Path) -> None:
    """What the hint says helps at once: a new file gets what is still known."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stamp = path.stat()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (stamp.st_size - 4096))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3) or history.problem is not None
    if history.problem is not None:
        assert "Move the file away: Messango then stores them in a new one" in history.problem.hint
        path.rename(tmp_path / "damaged")
        history.flush_pending(LATER_S)
        assert is_whole(path, 1, 2, 3)


def test_a_flood_that_grows_the_file_is_our_own_doing(
    history: FallbackHistory, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite moves its log into the file now and then: that is not another program."""
    monkeypatch.setattr(
        "messango.room.history.fallback_history.is_intact", lambda *_: pytest.fail("suspicious")
    )
    size = path.stat().st_size
    for first in range(3, 20_000, 1000):
        batch = make_messages(first, first + 999)
        history.append([replace(each, time=1002.0, text="x" * 1000) for each in batch])
    history.append([replace(make_messages(50_000, 50_000)[0], time=2000.0)])
    assert path.stat().st_size > size
    assert (history.problem, history.notices) == (None, [])


def test_touched(history: FallbackHistory, path: Path) -> None:
    """A new time of the file is no damage, also before SQLite has moved anything into it."""
    path.touch()
    history.append(make_messages(3, 3))
    assert (history.problem, history.notices) == (None, [])


def test_overwritten_before_anybody_speaks(path: Path) -> None:
    """The newest messages of earlier runs are known; after a restart the numbers do not begin again."""
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.set_fact("name", "Tea")
        history.save_sessions([SavedSession("proof", "ann", "Ann")], NOW_S)
        history.append(make_messages(1, 500))
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.set_fact("name", "Tea")
        assert history.sessions(10)
        path.write_bytes(b"a shopping list\n" * 5_000)
        history.flush_pending(LATER_S)
        (notice,) = history.notices
        assert "with the latest of it (200 messages), not with what is older" in notice
        assert is_whole(path, *range(301, 501))
        history.append(make_messages(501, 501))
    with closing(FallbackHistory(path, LATER_S)) as history:
        assert history.latest == 501


def test_a_file_that_happens_to_be_called_like_ours_stays(history: FallbackHistory, path: Path) -> None:
    """The new file is written beside it: it may be a backup, or what a power cut has left."""
    backup = path.with_name(f"{path.name}.new-1")
    backup.write_text("mine")
    path.unlink()
    history.append(make_messages(3, 3))
    assert is_whole(path, 1, 2, 3)
    assert backup.read_text() == "mine"
    assert not path.with_name(f"{path.name}.new-2").exists()


def test_the_log_is_deleted_beside_the_target_of_a_link(path: Path, tmp_path: Path) -> None:
    """SQLite keeps it there, not beside the link."""
    path.symlink_to(tmp_path / "target.sqlite")
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.append(make_messages(1, 2))
        (tmp_path / "target.sqlite-wal").unlink()
        history.flush_pending(LATER_S)
        (notice,) = history.notices
        assert "The log of the history" in notice
