"""Two servers of a linked room with a real engine: a file goes up at one, and comes down at the other."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from messango.link.link_choice import LinkChoice
from messango.link.link_file import write_link_file
from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Data, Get
from messango.protocol.frames import Delete, Deleted, FileInfo, Message, Problem, Share
from messango.room.files.shared_file import Uploader
from messango.room.host.host_events import ServerNotice
from messango.room.linked.link_notices import LINK_BACK
from messango.server.files.store.upload import Upload
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport.identity.link_certificates import create_authority
from tests.server.files.stores import put_of, sha256
from tests.support.file_client import FileClient
from tests.support.linked.nats_server import LINK, NatsServer
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event

pytestmark = pytest.mark.engine

DATA = random.Random(3).randbytes(50_000_000)  # noqa: S311 (a made-up file)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[NatsServer]:
    """An engine with TLS and client certificates."""
    with NatsServer("syncing", tmp_path / "engine", create_authority(LINK)) as server:
        yield server


@contextmanager
def linked_server(engine: NatsServer, name: str, *, founds: bool = False) -> Iterator[Server]:
    """Yield a server of the linked room."""
    path = engine.folder / f"{name}.link"
    write_link_file(path, replace(engine.link_file(), replicas=1 if founds else None))
    server = Server(ServerOptions(name, "127.0.0.1", 0, rate_limit=0, link=LinkChoice(path)))
    server.open()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def two_servers(engine: NatsServer) -> Iterator[tuple[Server, Server]]:
    """Yield two servers of one room."""
    with linked_server(engine, "Hall", founds=True) as first, linked_server(engine, "Annex") as second:
        yield first, second


def join(server: Server, name: str) -> tuple[RawClient, str, str]:
    """Join as soon as the link is up; return the client, its session and its id."""
    client = RawClient(server.port)
    try:
        welcome = client.join(name)
    except AssertionError:
        # The link was not up within the time that newcomers wait for it.
        client.close()
        await_host_event(server, ServerNotice, lambda notice: notice == LINK_BACK)
        return join(server, name)
    return client, welcome.session, welcome.member


def upload(server: Server, member: str, data: bytes) -> FileInfo:
    """Upload a file as a connection of this member does."""
    begun = server.file_store.get().begin_upload(Uploader(member, "127.0.0.1"), put_of(data))
    assert isinstance(begun, Upload)
    begun.write(data)
    return begun.finish(sha256(data))


def download(server: Server, session: str, file: FileInfo, offset: int = 0) -> bytes:
    """Return what comes, up to the end or to where it breaks."""
    with FileClient(server.port) as client:
        client.send(Get(session, file.id, offset))
        data = client.await_reply(Data)
        assert (data.size, data.sha256) == (file.size, file.sha256)
        return client.receive(file.size - offset)


def test_a_large_file_crosses(engine: NatsServer) -> None:
    """Equal; and when its message is deleted, it can't be had any more, in words."""
    with two_servers(engine) as (first, second):
        ann, _, ann_id = join(first, "Ann")
        ben, session, _ = join(second, "Ben")
        with ann, ben:
            file = upload(first, ann_id, DATA)
            ann.send(Share("s", file.id, "look"))
            message = ben.await_frame(Message)
            assert message.file == file
            assert download(second, session, file) == DATA
            assert download(second, session, file, 49_000_000) == DATA[49_000_000:]
            ann.send(Delete("d", message.seq))
            ben.await_frame(Deleted)
            with FileClient(second.port) as client:
                client.send(Get(session, file.id))
                assert client.await_reply(Problem).code == error_codes.UNKNOWN_ENTRY


def test_an_engine_that_is_killed_in_the_middle_is_waited_for(engine: NatsServer) -> None:
    """The download goes on by itself when the engine runs again."""
    with two_servers(engine) as (first, second):
        ann, _, ann_id = join(first, "Ann")
        ben, session, _ = join(second, "Ben")
        with ann, ben, FileClient(second.port) as client:
            file = upload(first, ann_id, DATA)
            ann.send(Share("s", file.id, "look"))
            ben.await_frame(Message)
            client.send(Get(session, file.id))
            client.await_reply(Data)
            got = [client.receive(1_000_000)]
            engine.kill()
            reader = threading.Thread(target=lambda: got.append(client.receive(file.size - 1_000_000)))
            reader.start()
            engine.start()
            reader.join()
            assert b"".join(got) == DATA


def test_a_server_that_is_closed_is_said_in_words(engine: NatsServer) -> None:
    """After some seconds, not never."""
    with linked_server(engine, "Annex") as second:
        with linked_server(engine, "Hall", founds=True) as first:
            ann, _, ann_id = join(first, "Ann")
            ben, session, _ = join(second, "Ben")
            with ann:
                file = upload(first, ann_id, DATA[:1_000])
                ann.send(Share("s", file.id, "look"))
                ben.await_frame(Message)
        with ben, FileClient(second.port) as client:
            client.send(Get(session, file.id))
            problem = client.await_reply(Problem)
            assert problem.code == error_codes.LINK_DOWN
            assert "another server" in problem.reason
