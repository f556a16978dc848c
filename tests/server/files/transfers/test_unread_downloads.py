"""Downloads that nobody reads: more bytes than the system takes wait in the server."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any, cast

import pytest

from messango.protocol.files.transfer_frames import Data, Get
from messango.protocol.frames import Leave, Message, Say
from messango.server.clients.client_thread import ClientThread
from messango.server.files.transfers import transfer_stream
from tests.server.files.transfers.rooms import FileRoom, open_file_room
from tests.support.file_client import FileClient, get_file, put_file
from tests.support.raw_client import TIMEOUT_S, RawClient

#: Far more than the buffers of both sockets.
LARGE = bytes(range(256)) * 120_000


@pytest.fixture
def room() -> Iterator[FileRoom]:
    with open_file_room(len(LARGE)) as opened:
        yield opened


def await_end_of_transfer(room: FileRoom) -> None:
    """Wait until the server has ended its file connection."""
    for client in room.server._connections.all():
        if isinstance(client, ClientThread) and client._first_stage.has_no_frames:
            client.join_thread(TIMEOUT_S)


def test_a_download_ends_with_the_membership(room: FileRoom) -> None:
    """Although the client takes nothing, and without the rest of the file."""
    with RawClient(room.port) as ann, FileClient(room.port) as client:
        session = ann.join("ann").session
        file = put_file(room.port, session, "u1", LARGE)
        room.share(ann, file)
        client.send(Get(session, file.id))
        client.await_reply(Data)
        ann.send(Leave())
        ann.await_end()
        await_end_of_transfer(room)
        assert len(client.await_end()) < len(LARGE)


def test_a_download_that_stands_still_ends(room: FileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes on at that byte."""
    with RawClient(room.port) as ann:
        session = ann.join("ann").session
        file = put_file(room.port, session, "u1", LARGE)
        room.share(ann, file)
        with monkeypatch.context() as patch, FileClient(room.port) as client:
            patch.setattr(transfer_stream, "TRANSFER_STALL_S", 0.6)
            client.send(Get(session, file.id))
            client.await_reply(Data)
            await_end_of_transfer(room)
            begun = client.await_end()
        assert 0 < len(begun) < len(LARGE)
        assert begun + get_file(room.port, session, file.id, len(begun)) == LARGE


def test_a_closing_room_does_not_wait_for_a_download(room: FileRoom) -> None:
    """The client gets no frame in the middle of a file."""
    with RawClient(room.port) as ann, FileClient(room.port) as client:
        session = ann.join("ann").session
        file = put_file(room.port, session, "u1", LARGE)
        room.share(ann, file)
        client.send(Get(session, file.id))
        client.await_reply(Data)
        room.server.close()
        begun = client.await_end()
        assert begun == LARGE[: len(begun)]


def test_files_that_are_shared_are_no_talk(room: FileRoom) -> None:
    """Many files in a row do not make each other slow; what people say does, unless they are alone."""
    pace = room.server._context.pace
    with RawClient(room.port) as ann:
        session = ann.join("ann").session
        ann.send(Say("alone", "hello?"))
        ann.await_frame(Message)
        with RawClient(room.port) as ben:
            ben.join("ben")
            room.share(ann, put_file(room.port, session, "u1", b"hello"))
            assert pace.delay_s(1) == 0
            ann.send(Say("1", "hello"))
            ann.await_frame(Message)
            assert pace.delay_s(1) > 0
            assert get_file(room.port, session, put_and_share(room, ann, session)) == LARGE[:70_000]


def put_and_share(room: FileRoom, ann: RawClient, session: str) -> str:
    """Share another file while people talk."""
    file = put_file(room.port, session, "u2", LARGE[:70_000])
    room.share(ann, file)
    return file.id


def test_the_same_file_twice_at_once(room: FileRoom) -> None:
    """As when a picture is shown and saved: neither ends the other. A third takes over from the older one."""
    with RawClient(room.port) as ann, ExitStack() as clients:
        session = ann.join("ann").session
        file = put_file(room.port, session, "u1", LARGE)
        room.share(ann, file)
        first, second, third = (clients.enter_context(FileClient(room.port)) for _ in range(3))
        for client in (first, second):
            client.send(Get(session, file.id))
            client.await_reply(Data)
        assert second.receive(len(LARGE)) == LARGE
        assert second.await_end() == b""
        clients.callback(third.connection.close)
        with FileClient(room.port) as other:
            for client in (other, third):
                client.send(Get(session, file.id))
                client.await_reply(Data)
            assert third.receive(len(LARGE)) == LARGE
            assert len(first.await_end()) < len(LARGE)


def test_a_disk_that_fails_during_a_download(
    room: FileRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends like any broken connection, and is no bug that anybody has to report."""
    with RawClient(room.port) as ann, FileClient(room.port) as client:
        session = ann.join("ann").session
        file = put_file(room.port, session, "u1", LARGE)
        room.share(ann, file)
        folder = room.store._folder
        really_open = folder.open_blob

        def open_blob(name: str, size: int) -> IO[bytes]:
            return cast("IO[bytes]", FailingFile(really_open(name, size)))

        monkeypatch.setattr(folder, "open_blob", open_blob)
        client.send(Get(session, file.id))
        client.await_reply(Data)
        assert len(client.await_end()) < len(LARGE)
        await_end_of_transfer(room)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


class FailingFile:
    """A file on a disk that fails after the first piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._has_read = False

    def __enter__(self) -> FailingFile:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int) -> bytes:
        if self._has_read:
            raise OSError(errno.EIO, "Input/output error")
        self._has_read = True
        return self._file.read(size)
