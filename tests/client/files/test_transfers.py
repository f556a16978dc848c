"""Which transfers run at once, and how they end with their session."""

from __future__ import annotations

import hashlib
import os
import queue
from pathlib import Path

from messango.client.events import FileFailed, FileProgress, RoomJoined, SessionEnded
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.files.transfer_frames import Data, Go, Stored
from messango.protocol.frames import Closed, FileInfo, Share
from tests.client.files.room import ROOM, FileRoom
from tests.support.raw_server import RawServer
from tests.support.sessions import ClientSession

DATA = os.urandom(50_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


def files(count: int) -> list[FileInfo]:
    """Return so many files with the same size and other bytes."""
    return [FileInfo(f"f{number}", f"{number}.bin", len(DATA), SHA256) for number in range(count)]


def test_two_downloads_at_once(tmp_path: Path) -> None:
    """The others wait in the order in which they were asked for."""
    with FileRoom() as room:
        ids = [room.client.fetch_file(file, tmp_path) for file in files(4)]
        waiting = [room.session.await_event(FileProgress, lambda event: event.waiting).id for _ in range(2)]
        assert waiting == ids[2:]
        peers = {}
        for _ in range(2):
            peer = room.accept_file()
            peers[peer.get().file] = peer
        assert set(peers) == {"f0", "f1"}
        for number in range(4):
            peers[f"f{number}"].send(Data(len(DATA), 0, SHA256), DATA)
            room.saved(ids[number])
            if number == 0:
                # The same bytes are copied from then on, so this room sees no more connections.
                break
        for number in (2, 3):
            room.saved(ids[number])
        peers["f1"].send(Data(len(DATA), 0, SHA256), DATA)
        room.saved(ids[1])
    assert len([*tmp_path.glob("*.bin")]) == 4


def test_an_upload_and_a_download_at_once(tmp_path: Path) -> None:
    """A second upload waits for the first, a second download does too."""
    with FileRoom() as room:
        ids = [
            room.client.share_file(OutgoingFile("a", data=DATA)),
            room.client.share_file(OutgoingFile("b", data=DATA)),
            *[room.client.fetch_file(file, tmp_path) for file in files(2)],
        ]
        waiting = {room.session.await_event(FileProgress, lambda event: event.waiting).id for _ in range(2)}
        assert waiting == {ids[1], ids[3]}


def test_one_that_waits_can_be_cancelled(tmp_path: Path) -> None:
    """It never begins; one that has ended can't be."""
    with FileRoom() as room:
        *_, last = [room.client.fetch_file(file, tmp_path) for file in files(3)]
        room.client.cancel_transfer(last)
        assert room.failed(last).cancelled
        room.client.cancel_transfer(last)
        room.client.cancel_transfer("unknown")
        room.client.leave()
        for _ in range(2):
            assert room.session.await_event(FileFailed).id != last
        room.session.await_event(SessionEnded)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".bin", ".part")] == []


def test_a_session_that_ends_without_us(tmp_path: Path) -> None:
    """The sentence says that it was not the person; a file may have been announced without our knowing."""
    with FileRoom() as room:
        sent = room.client.share_file(OutgoingFile("a", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send(Go(0))
        peer.read(len(DATA))
        peer.sum()
        peer.send(Stored(FileInfo("f", "a", len(DATA), SHA256)))
        room.talk.await_frame(Share)
        fetched = room.client.fetch_file(files(1)[0], tmp_path)
        room.accept_file().get()
        room.talk.send(Closed("closing", "The room is closed.", ""))
        failed = {event.id: event for event in (room.session.await_event(FileFailed) for _ in range(2))}
        room.session.await_event(SessionEnded)
        assert "not known whether the room has announced" in failed[sent].reason
        assert "The session ended before" in failed[fetched].reason
        assert not any(event.cancelled for event in failed.values())


def test_after_the_end_nothing_is_reported(tmp_path: Path) -> None:
    """The last event of a session stays the last one."""
    with FileRoom() as room:
        client = room.client
    room.session.await_event(SessionEnded)
    assert client.share_file(OutgoingFile("a", data=DATA))
    assert client.fetch_file(files(1)[0], tmp_path)
    client.cancel_transfer("x")
    try:
        event = client.events.get_nowait()
    except queue.Empty:
        return
    raise AssertionError(event)


def test_a_file_can_be_sent_before_the_room_is_joined() -> None:
    """It waits, as messages do."""
    with RawServer() as server:
        session = ClientSession(server.port)
        session.on_leave = server.hang_up
        transfer_id = session.client.share_file(OutgoingFile("a", data=DATA))
        with session:
            progress = session.await_event(FileProgress)
            assert (progress.id, progress.waiting) == (transfer_id, True)
            server.accept_client().welcome(room=ROOM)
            session.await_event(RoomJoined)
            assert server.accept_client().connection.alpn_protocol == "messango-file/1"
