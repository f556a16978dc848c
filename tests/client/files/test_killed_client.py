"""A download of a process that is killed goes on in the next one."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from messango.protocol.files.transfer_frames import Data
from messango.protocol.frames import FileInfo
from tests.client.files.room import ROOM, FileRoom
from tests.support.raw_file_peer import RawFilePeer
from tests.support.raw_server import RawServer

DATA = os.urandom(300_000)
FILE = FileInfo("f1", "notes.txt", len(DATA), hashlib.sha256(DATA).hexdigest())
SENT = 123_456

_PROGRAM = """
import sys
from pathlib import Path
from messango.client.events import FileProgress
from messango.protocol.frames import FileInfo
from tests.support.sessions import ClientSession
port, folder, size, sha256, until = sys.argv[1:]
with ClientSession(int(port)) as session:
    session.client.fetch_file(FileInfo("f1", "notes.txt", int(size), sha256), Path(folder))
    session.await_event(FileProgress, lambda event: event.done == int(until))
    print("there", flush=True)
    sys.stdin.read()
"""


@pytest.mark.program
def test_a_killed_client_goes_on_at_the_byte(tmp_path: Path) -> None:
    """Its part is on the disk, and the list of what broke off says whose it is."""
    folder = tmp_path / "downloads"
    with RawServer() as server:
        arguments = [str(server.port), str(folder), str(FILE.size), FILE.sha256, str(SENT)]
        with subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            server.accept_client().welcome(room=ROOM)
            peer = RawFilePeer(server.accept_client().connection)
            assert peer.get().offset == 0
            peer.send(Data(FILE.size, 0, FILE.sha256), DATA[:SENT])
            assert process.stdout.readline() == b"there\n"
            process.kill()
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        assert peer.get().offset == SENT
        peer.send(Data(FILE.size, SENT, FILE.sha256), DATA[SENT:])
        assert room.saved(transfer_id).path.read_bytes() == DATA
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
