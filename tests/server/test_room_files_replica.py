"""The history of a linked room: as that of any room, but without it the room does not open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import FileInUse, HistoryUnusable
from messango.protocol.room_id import stored_tag_of
from messango.room.history.file.replica_owner import NotOfThisLink
from messango.server.room_files import RoomFiles
from tests.room.messages import make_messages

LINK = "1" * 32


def hall() -> RoomFiles:
    """Return the files of a room."""
    return RoomFiles("Hall", "ab" * 32)


def test_it_is_the_rooms_own_file_with_the_rooms_id() -> None:
    """The room's former conversation is in it, if the linked room begins with that."""
    with closing(hall()) as files:
        before = files.open_history(None)
        before.append(make_messages(1, 2))
        room_id = files.room_id
    with closing(hall()) as files:
        replica = files.open_replica(None, LINK, is_base=True)
        assert (replica.path, replica.latest, files.room_id) == (before.path, 2, room_id)
        assert files.history is replica
        replica.store(make_messages(3, 3), {"place": "3"})
    with closing(hall()) as files:
        replica = files.open_replica(None, LINK, is_base=False)
        assert (replica.get_fact("id"), replica.get_fact("name")) == (room_id, "Hall")
        assert replica.link_state() == {"place": "3"}


def test_a_file_set_aside_leaves_the_rooms_id() -> None:
    with closing(hall()) as files:
        replica = files.open_replica(None, LINK, is_base=False)
        replica.set_aside("forked", 1.0)
        assert replica.get_fact("id") == files.room_id
        assert stored_tag_of(files.room_id)


def test_another_conversation_is_refused_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "chosen" / "tea.sqlite"
    path.parent.mkdir()
    with closing(hall()) as files:
        files.open_history(path).append(make_messages(1, 2))
    path.with_name("tea.sqlite.lock").unlink()
    with (
        closing(hall()) as files,
        pytest.raises(NotOfThisLink, match="already has a conversation of its own"),
    ):
        files.open_replica(path, LINK, is_base=False)
    assert [*path.parent.iterdir()] == [path]


def test_a_file_in_use_is_refused(tmp_path: Path) -> None:
    with closing(hall()) as files, closing(RoomFiles("Tea", "ab" * 32)) as others:
        files.open_replica(tmp_path / "hall.sqlite", LINK, is_base=False)
        with pytest.raises(FileInUse):
            others.open_replica(tmp_path / "hall.sqlite", LINK, is_base=False)


def test_even_the_rooms_own_file_has_to_be_a_history() -> None:
    """A room that is not linked would go on in memory."""
    with closing(hall()) as files:
        path = files.open_replica(None, LINK, is_base=False).path
    path.write_bytes(b"a shopping list\n" * 99)
    with (
        closing(hall()) as files,
        pytest.raises(HistoryUnusable, match="is not a Messango history") as refused,
    ):
        files.open_replica(None, LINK, is_base=False)
    assert refused.value.hint.startswith("Choose another file.")


def test_a_locked_file_is_refused_too() -> None:
    with closing(hall()) as files:
        path = files.open_replica(None, LINK, is_base=False).path
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(hall()) as files, pytest.raises(HistoryUnusable, match="holds the history") as refused:
            files.open_replica(None, LINK, is_base=False)
        assert refused.value.hint == "Close that program."
    with closing(hall()) as files:
        files.open_replica(None, LINK, is_base=False)


def test_a_file_that_can_not_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(hall()) as files:
        path = files.open_replica(None, LINK, is_base=False).path
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    with closing(hall()) as files, pytest.raises(HistoryUnusable, match="You have no permission to use"):
        files.open_replica(None, LINK, is_base=False)
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed on Windows")
def test_a_room_whose_folder_was_deleted_is_not_opened_twice() -> None:
    """Its replica begins again in a new file, which is locked again."""
    with closing(hall()) as files:
        replica = files.open_replica(None, LINK, is_base=False)
        shutil.rmtree(replica.path.parent)
        replica.reopen(1.0)
        with closing(hall()) as again, pytest.raises(FileInUse):
            again.open_replica(None, LINK, is_base=False)


def test_its_files_are_those_that_the_history_announces() -> None:
    """The store asks the replica, as it asks any history."""
    with closing(hall()) as files:
        files.open_replica(None, LINK, is_base=False)
        store = files.open_file_store(1_000, 60.0, lambda _event: None)
        assert store.largest_file == 1_000
        store.get()
    with closing(hall()) as files:
        files.open_replica(None, LINK, is_base=False)
        assert files.open_file_store(1_000, 60.0, lambda _event: None).listing().files == ()


def test_a_room_that_is_not_linked_does_not_load_it() -> None:
    program = "import sys, messango.server.server; print([name for name in sys.modules if 'replica' in name])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
