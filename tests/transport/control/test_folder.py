"""The folder of the control sockets, if something else is in its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from messango.errors import RoomNotFound
from messango.storage import home
from messango.transport.control.client import choose_room, running_rooms
from messango.transport.control.folder import (
    FOLDER_NAME,
    RoomRecord,
    control_folder,
    read_records,
    record_path,
    write_record,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Unix sockets")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_something_else_in_its_place(tmp_path: Path, kind: str) -> None:
    """The host reads what it is, on both sides, and not that no room is open."""
    place = home() / FOLDER_NAME
    home().mkdir(parents=True, exist_ok=True)
    if kind == "file":
        place.touch()
    else:
        place.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(PermissionError, match="is not a folder: remove it"):
        control_folder()
    with pytest.raises(RoomNotFound) as caught:
        choose_room(running_rooms(), None)
    assert f"{place} is not a folder: remove it" in caught.value.hint


def test_a_record_that_is_a_pipe() -> None:
    """It is passed over: reading it would wait for a writer."""
    folder = control_folder()
    record = RoomRecord("1f" * 16, "Tea", os.getpid())
    write_record(record_path(folder, record.id), record)
    os.mkfifo(record_path(folder, "2f" * 16))
    record_path(folder, "3f" * 16).mkdir()
    assert [*read_records().values()] == [record]
