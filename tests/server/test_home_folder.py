"""What a room and a member leave in Messango's folder."""

from __future__ import annotations

import os

import pytest

from messango.client.events import RoomJoined
from messango.storage import home, home_warning
from tests.support.rooms import open_room
from tests.support.sessions import ClientSession


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_a_folder_in_use_is_closed_to_others() -> None:
    """With every file in it: one that Messango did not know would count as somebody else's."""
    with open_room() as server, ClientSession(server.port) as session:
        session.await_event(RoomJoined)
    folder = home()
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in (folder, folder / "rooms", *files):
        path.chmod(path.stat().st_mode | 0o055)
    assert home() == folder
    assert [path.name for path in (folder, *files) if path.stat().st_mode & 0o077] == []
    assert home_warning() is None
