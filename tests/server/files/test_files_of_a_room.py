"""Files in a server with members: where they are, who may share them, and what survives a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.protocol.features import FILES
from messango.protocol.frames import Delete, Deleted, FileInfo, Message, Problem, Share
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import Uploader
from messango.server.files.store.lazy_store import TEMPORARY_FOLDER
from messango.server.files.store.upload import Upload
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.storage import home
from tests.server.files.stores import put_of, sha256
from tests.support.raw_client import RawClient


class Rooms:
    """Opens a room as often as a test wants."""

    def __init__(self, resources: ExitStack) -> None:
        self._resources = resources

    def open(self, **options: object) -> Server:
        server = Server(ServerOptions("Tea", "127.0.0.1", 0, **options))  # type: ignore[arg-type] # the test's
        server.open()
        self._resources.callback(server.close)
        return server


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    with ExitStack() as resources:
        yield Rooms(resources)


def upload(server: Server, member: str, data: bytes = b"hello") -> FileInfo:
    """Upload a file as a connection of this member does."""
    begun = server.file_store.get().begin_upload(Uploader(member, "127.0.0.1"), put_of(data))
    assert isinstance(begun, Upload)
    begun.write(data)
    return begun.finish(sha256(data))


def share(client: RawClient, file: FileInfo, request_id: str = "s") -> Message:
    client.send(Share(request_id, file.id, "look"))
    return client.await_frame(Message)


def read(server: Server, file: FileInfo) -> bytes:
    _info, opened = server.file_store.get().open_shared(file.id)
    with opened:
        return opened.read()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("files.sqlite")]


def file_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "messango-files"]


def test_a_room_that_nobody_sends_a_file_to_has_nothing_of_it(rooms: Rooms) -> None:
    server = rooms.open()
    with RawClient(server.port) as ann:
        assert FILES in ann.join("Ann").room.features
    assert file_threads() == []
    assert not [*home().rglob("*.files")]
    assert not (home() / TEMPORARY_FOLDER).exists()


@pytest.mark.parametrize("kind", ["own", "chosen", "linked"])
def test_files_are_beside_the_history_and_survive_a_restart(rooms: Rooms, tmp_path: Path, kind: str) -> None:
    history = None if kind == "own" else tmp_path / "tea.sqlite"
    if kind == "linked" and history is not None:
        (tmp_path / "elsewhere").mkdir()
        history.symlink_to(tmp_path / "elsewhere" / "real.sqlite")
    folder = {
        "own": home() / "rooms",
        "chosen": tmp_path / "tea.sqlite.files",
        "linked": tmp_path / "elsewhere" / "real.sqlite.files",
    }[kind]
    server = rooms.open(history=history)
    with RawClient(server.port) as ann:
        welcome = ann.join("Ann")
        file = upload(server, welcome.member)
        message = share(ann, file)
        assert (message.file, message.text) == (file, "look\n[file] a.txt (5 bytes)")
    server.close()
    assert file_threads() == []
    server = rooms.open(history=history)
    assert read(server, file) == b"hello"
    blobs = [path for path in folder.rglob("*") if len(path.name) == 32]
    assert len(blobs) == 1
    with RawClient(server.port) as ann:
        ann.join("Ann", welcome.session)
        assert ann.await_frame(Message).file == file
        ann.send(Delete("d", message.seq))
        ann.await_frame(Deleted)
        server.file_store.get().expire()
        assert not blobs[0].exists()


def test_an_upload_is_the_members_also_after_a_restart(rooms: Rooms) -> None:
    server = rooms.open()
    with RawClient(server.port) as ann:
        welcome = ann.join("Ann")
        file = upload(server, welcome.member)
    server.close()
    server = rooms.open()
    with RawClient(server.port) as ann, RawClient(server.port) as ben:
        ben.join("Ben")
        ben.send(Share("s", file.id))
        assert ben.await_frame(Problem).code == error_codes.UNKNOWN_ENTRY
        ann.join("Ann", welcome.session)
        assert share(ann, file).file == file


@pytest.mark.parametrize("is_killed", [False, True])
def test_without_a_history_files_go_with_the_server(rooms: Rooms, *, is_killed: bool) -> None:
    server = rooms.open(keep_history=False)
    with RawClient(server.port) as ann:
        file = upload(server, ann.join("Ann").member)
        share(ann, file)
        assert read(server, file) == b"hello"
    assert len(files_in(home() / TEMPORARY_FOLDER)) == 2
    server.close()
    assert files_in(home() / TEMPORARY_FOLDER) == []
    if is_killed:
        (home() / TEMPORARY_FOLDER / ("a" * 32)).mkdir()
        rooms.open()
        assert [*(home() / TEMPORARY_FOLDER).iterdir()] == []


def test_a_history_that_can_not_be_stored_keeps_files_for_this_run(rooms: Rooms) -> None:
    with closing(Server(ServerOptions("Tea", "127.0.0.1", 0))) as first:
        first.open()
    (history,) = (home() / "rooms").glob("*.sqlite")
    history.write_bytes(b"no database at all" * 100)
    server = rooms.open()
    with RawClient(server.port) as ann:
        file = upload(server, ann.join("Ann").member)
        share(ann, file)
    assert len(files_in(home() / TEMPORARY_FOLDER)) == 2
    server.close()
    assert files_in(home() / TEMPORARY_FOLDER) == []


def test_a_room_with_files_switched_off(rooms: Rooms) -> None:
    server = rooms.open(files=None)
    with RawClient(server.port) as ann:
        member = ann.join("Ann")
        assert FILES not in member.room.features
        ann.send(Share("s", "x"))
        assert ann.await_frame(Problem).code == error_codes.NO_FILES
        with pytest.raises(FileRefused):
            upload(server, member.member)
