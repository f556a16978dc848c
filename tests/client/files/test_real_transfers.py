"""Files between two members of a real room, whose connections break and whose server begins again."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.client.connection import backoff
from messango.client.events import (
    FileFailed,
    FileProgress,
    FileSaved,
    MessageDeleted,
    MessageReceived,
    RoomJoined,
)
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol import error_codes, features
from messango.protocol.frames import FileInfo
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.proxy import Proxy
from tests.support.sessions import ClientSession

DATA = os.urandom(3_000_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(backoff, "_STEPS_S", (0.0, 0.1))


def shared(session: ClientSession, transfer_id: str) -> MessageReceived:
    """Wait for the message that announces our file."""
    message = session.await_event(
        MessageReceived,
        lambda event: event.id == transfer_id,
    )
    assert message.own
    return message


def file_of(message: MessageReceived) -> FileInfo:
    """Return the file of a message."""
    assert message.file is not None
    return message.file


def test_a_file_goes_from_one_member_to_another(server: Server, tmp_path: Path) -> None:
    """With its name, its bytes, and what its sender wrote."""
    path = tmp_path / "notes.bin"
    path.write_bytes(DATA)
    with ClientSession(server.port) as ann, ClientSession(server.port, "ben") as ben:
        assert features.FILES in ann.await_event(RoomJoined).room.features
        ben.await_event(RoomJoined)
        shared(ann, ann.client.share_file(OutgoingFile("notes.bin", path), "look"))
        message = ben.await_event(MessageReceived)
        assert (message.name, message.caption, file_of(message).sha256) == ("ann", "look", SHA256)
        transfer_id = ben.client.fetch_file(file_of(message), tmp_path / "ben")
        saved = ben.await_event(FileSaved)
        assert (saved.id, saved.path) == (transfer_id, tmp_path / "ben" / "notes.bin")
        assert saved.path.read_bytes() == DATA
        ann.client.delete(message.seq)
        ben.await_event(MessageDeleted)
        ann.client.fetch_file(file_of(message), path=tmp_path / "again")
        ann.await_event(FileSaved)  # Copied: it never left this computer.
        with ClientSession(server.port, "cleo") as cleo:
            cleo.await_event(RoomJoined)
            cleo.client.fetch_file(file_of(message), tmp_path)
            assert cleo.await_event(FileFailed).code == error_codes.UNKNOWN_ENTRY


@pytest.mark.parametrize("seed", range(3))
def test_connections_that_break_at_random(server: Server, proxy: Proxy, tmp_path: Path, seed: int) -> None:
    """Both ways: every file arrives whole, and is announced once."""
    chance = random.Random(seed)  # noqa: S311 (a plan of faults)
    stop = threading.Event()

    def cut_again_and_again() -> None:
        while not stop.wait(chance.uniform(0.01, 0.25)):
            proxy.cut()

    with ClientSession(proxy.port) as ann, ClientSession(server.port, "ben") as ben:
        ann.await_event(RoomJoined)
        ben.await_event(RoomJoined)
        cutter = threading.Thread(target=cut_again_and_again, name="messango-test-cutter")
        cutter.start()
        try:
            sizes = [chance.randrange(3_000_000) for _ in range(4)]
            ids = [
                ann.client.share_file(OutgoingFile(f"{number}.bin", data=DATA[:size]))
                for number, size in enumerate(sizes)
            ]
            messages = [ben.await_event(MessageReceived) for _ in ids]
            assert [message.id for message in messages] == ids
            fetched = [ann.client.fetch_file(file_of(message), tmp_path) for message in messages]
            saved = {event.id: event.path for event in (ann.await_event(FileSaved) for _ in fetched)}
        finally:
            stop.set()
            cutter.join()
        for transfer_id, size in zip(fetched, sizes, strict=True):
            assert saved[transfer_id].read_bytes() == DATA[:size]
        assert sorted(path.name for path in tmp_path.glob("*.part")) == []
        ben.client.send_message("end")
        while (message := ben.await_event(MessageReceived)).text != "end":
            pytest.fail(f"announced twice: {message}")


@pytest.fixture
def restartable() -> Iterator[Proxy]:
    """A line to nowhere."""
    with Proxy(1) as proxy:
        yield proxy


@pytest.mark.parametrize("keep_history", [True, False])
def test_a_server_that_begins_again(restartable: Proxy, tmp_path: Path, *, keep_history: bool) -> None:
    """In the middle of an upload: it goes on, or begins again where the room has kept nothing."""
    options = ServerOptions("Tea", host="127.0.0.1", port=0, keep_history=keep_history, rate_limit=0)
    first = Server(options)
    first.open()
    restartable.redirect_to(first.port)
    second = Server(options)
    try:
        with ClientSession(restartable.port) as ann:
            ann.await_event(RoomJoined)
            data = os.urandom(30_000_000)
            transfer_id = ann.client.share_file(OutgoingFile("big.bin", data=data))
            ann.await_event(FileProgress, lambda event: event.done > 0)
            restartable.cut(refusing=True)
            first.close()
            second.open()
            restartable.redirect_to(second.port)
            restartable.resume()
            message = shared(ann, transfer_id)
            assert file_of(message).sha256 == hashlib.sha256(data).hexdigest()
            ann.client.fetch_file(file_of(message), tmp_path)
            assert ann.await_event(FileSaved).path.read_bytes() == data
    finally:
        first.close()
        second.close()


def test_what_the_room_does_not_take() -> None:
    """Too large: before a byte is sent, in words."""
    options = ServerOptions("Tea", host="127.0.0.1", port=0, files=1_000, rate_limit=0)
    server = Server(options)
    server.open()
    try:
        with ClientSession(server.port) as ann:
            ann.await_event(RoomJoined)
            ann.client.share_file(OutgoingFile("big", data=DATA))
            failed = ann.await_event(FileFailed)
            assert (failed.code, failed.reason) == (
                error_codes.TOO_LARGE,
                "This file is too large: the room takes files of up to 1.0 kB.",
            )
    finally:
        server.close()


def test_leaving_in_the_middle_is_quick(server: Server, tmp_path: Path) -> None:
    """Every transfer has its last event before the session's."""
    with ClientSession(server.port) as ann:
        ann.await_event(RoomJoined)
        big = tmp_path / "big"
        with big.open("wb") as file:
            file.truncate(180_000_000)
        ids = [ann.client.share_file(OutgoingFile("big", big)) for _ in range(3)]
        ann.await_event(FileProgress, lambda event: event.done > 0)
        ann.client.leave()
        assert ann.client.join_thread(2.0)
        failed = [ann.await_event(FileFailed) for _ in ids]
        assert [event.id for event in failed] == ids
        assert all(event.cancelled and "You left the room" in event.reason for event in failed)


def test_a_session_costs_nothing_before_the_first_file(server: Server) -> None:
    """No thread, and nothing is loaded."""
    with ClientSession(server.port) as ann:
        ann.await_event(RoomJoined)
        assert not [thread.name for thread in threading.enumerate() if "messango-file" in thread.name]
