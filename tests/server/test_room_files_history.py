"""The history of an open room: chosen files, and files that can't be used."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import FileInUse, HistoryUnusable
from messango.room.history.fallback_history import FallbackHistory
from messango.server.room_files import RoomFiles
from tests.room.messages import make_messages


def tea() -> RoomFiles:
    """Return the files of a room."""
    return RoomFiles("Tea", "ab" * 32)


@pytest.mark.parametrize("content", [b"a shopping list\n" * 99, b"SQLite format 3\0"])
def test_a_chosen_file_that_is_no_history_is_refused(tmp_path: Path, content: bytes) -> None:
    """It is as it was, and there is no lock beside it."""
    folder = tmp_path / "chosen"
    folder.mkdir()
    path = folder / "list.txt"
    path.write_bytes(content)
    with closing(tea()) as files, pytest.raises(HistoryUnusable):
        files.open_history(path)
    assert ([*folder.iterdir()], path.read_bytes()) == ([path], content)


@pytest.mark.parametrize("path", ["/", ".", "..", "./"])
def test_a_folder_is_not_a_history(path: str) -> None:
    """Not even one whose path has no name."""
    with closing(tea()) as files, pytest.raises(HistoryUnusable, match="There is a folder at"):
        files.open_history(Path(path))


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    """Nothing helps while the room is open."""
    with closing(tea()) as files, pytest.raises(HistoryUnusable, match="is too long"):
        files.open_history(tmp_path / ("x" * 300))


def test_a_file_with_the_name_of_a_database_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would keep what is in it in memory only."""
    monkeypatch.chdir(tmp_path)
    with closing(tea()) as files:
        files.open_history(Path(":memory:")).append(make_messages(1, 3))
    with closing(tea()) as files:
        assert files.open_history(Path(":memory:")).latest == 3


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """And not created."""
    with (
        closing(tea()) as files,
        pytest.raises(HistoryUnusable, match="There is no folder"),
    ):
        files.open_history(tmp_path / "no" / "room.sqlite")
    assert not (tmp_path / "no").exists()


def test_a_chosen_file_that_is_locked_is_not_refused(tmp_path: Path) -> None:
    """That passes: it is tried again, and there is a lock against a second room."""
    path = tmp_path / "room.sqlite"
    FallbackHistory(path, 1.0).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with (
            closing(tea()) as files,
            closing(RoomFiles("Office", "ab" * 32)) as others,
        ):
            history = files.open_history(path)
            assert history.problem is not None
            with pytest.raises(FileInUse):
                others.open_history(path)


def test_a_full_disk_has_no_room_for_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room opens nevertheless: a full disk passes."""

    def fail(_path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with closing(tea()) as files:
        monkeypatch.setattr("messango.server.room_lock._open_locked", fail)
        assert files.open_history(tmp_path / "room.sqlite").problem is None


def test_the_rooms_own_file_never_stops_the_room() -> None:
    """The host reads what is wrong with it."""
    with closing(tea()) as files:
        path = files.open_history(None).path
    path.write_bytes(b"a shopping list\n" * 99)
    with closing(tea()) as files:
        history = files.open_history(None)
        assert history.problem is not None
        assert "is not a Messango history" in history.problem.reason
        history.append(make_messages(history.latest + 1, history.latest + 1))
    assert history.unsaved_count == 1


def test_a_link_to_a_file_that_another_room_has(tmp_path: Path) -> None:
    """It is the same file, so it has the same lock."""
    link = tmp_path / "link.sqlite"
    try:
        link.symlink_to(tmp_path / "room.sqlite")
    except OSError:
        pytest.skip("this system does not let us create links")
    with closing(tea()) as files, closing(RoomFiles("Office", "ab" * 32)) as others:
        files.open_history(tmp_path / "room.sqlite")
        with pytest.raises(FileInUse, match=f"process .{os.getpid()}"):
            others.open_history(link)


def test_another_rooms_own_file_can_not_be_chosen_while_it_is_open() -> None:
    """Nor can a room open whose own file another room was given."""
    with closing(tea()) as files, closing(RoomFiles("Office", "ab" * 32)) as others:
        path = files.open_history(None).path
        with pytest.raises(FileInUse):
            others.open_history(path)
    with closing(RoomFiles("Office", "ab" * 32)) as others, closing(tea()) as files:
        others.open_history(path)
        with pytest.raises(FileInUse):
            files.open_history(None)


def test_a_room_whose_lock_was_deleted_is_not_opened_twice() -> None:
    """Its history is locked too."""
    with closing(tea()) as files:
        path = files.open_history(None).path
        path.with_suffix(".room").unlink()
        with closing(tea()) as again, pytest.raises(FileInUse):
            again.open_history(None)


def test_the_rooms_own_file_can_be_chosen() -> None:
    """It has one lock, however it was chosen."""
    with closing(tea()) as files:
        path = files.open_history(None).path
    with closing(tea()) as files:
        assert files.open_history(path).problem is None


def test_a_lock_that_can_not_be_created_does_not_stop_the_rooms_own_history() -> None:
    """A folder is in its place."""
    with closing(tea()) as files:
        path = files.open_history(None).path
    lock = path.with_name(f"{path.name}.lock")
    lock.unlink()
    lock.mkdir()
    with closing(tea()) as files:
        assert files.open_history(None).problem is None
