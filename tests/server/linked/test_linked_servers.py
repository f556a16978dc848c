"""Two servers of one room with a real engine: what members and hosts see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from messango.link.link_choice import LinkChoice
from messango.link.link_file import write_link_file
from messango.protocol import error_codes
from messango.protocol.frames import Joined, Left, Message, Problem, Say
from messango.room.host.host_events import ServerNotice, ServerWarning
from messango.room.host.link_commands import ShowLink
from messango.room.host.link_report import LinkReport
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.linked.nats_server import NatsServer
from tests.support.raw_client import PatientClient
from tests.support.rooms import await_host_event

pytestmark = pytest.mark.engine


@pytest.fixture(params=["syncing", "older"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NatsServer]:
    """An engine of each kind, which runs."""
    with NatsServer(request.param, tmp_path / "engine") as server:
        yield server


@contextmanager
def linked_server(engine: NatsServer, name: str, folder: Path, *, begins: bool = False) -> Iterator[Server]:
    """Open a server that is linked, and wait until the others know it."""
    file = folder / f"{name}.link"
    write_link_file(file, replace(engine.link_file(), replicas=1 if begins else None))
    server = Server(ServerOptions(name, host="127.0.0.1", port=0, link=LinkChoice(file)))
    server.open()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def servers(engine: NatsServer, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers; the first has begun the room."""
    with (
        linked_server(engine, "East", tmp_path, begins=True) as east,
        linked_server(engine, "West", tmp_path) as west,
    ):
        yield east, west


def test_people_at_two_servers_talk(servers: tuple[Server, Server]) -> None:
    """Both get everything, with the same numbers."""
    east, west = servers
    with PatientClient(east.port) as ann, PatientClient(west.port) as ben:
        ann.join("Ann")
        welcome = ben.join("Ben")
        assert [person.name for person in welcome.people] == ["Ben", "Ann"]
        assert {card.id for card in welcome.servers} == {east.room_info().id, west.room_info().id}
        assert ann.await_frame(Joined).name == "Ben"
        ann.send(Say("1", "hello"), Say("2", "again"))
        assert [ben.await_frame(Message).text for _ in range(2)] == ["hello", "again"]
        ben.send(Say("1", "hello yourself"))
        heard = [[who.await_frame(Message) for _ in range(count)] for who, count in ((ann, 3), (ben, 1))]
        assert heard[0][-1] == heard[1][-1]


def test_a_server_that_closes_says_so(engine: NatsServer, tmp_path: Path) -> None:
    """Its members have left at once, not after 15 seconds."""
    with linked_server(engine, "East", tmp_path, begins=True) as east, PatientClient(east.port) as ann:
        ann.join("Ann")
        with linked_server(engine, "West", tmp_path) as west, PatientClient(west.port) as ben:
            ben.join("Ben")
            assert ann.await_frame(Joined).name == "Ben"
        assert ann.await_frame(Left).reason == error_codes.LEFT


def test_the_engine_dies_and_returns(engine: NatsServer, servers: tuple[Server, Server]) -> None:
    """Members and hosts read it; what was said meanwhile waits, and arrives."""
    east, west = servers
    with PatientClient(east.port) as ann, PatientClient(west.port) as ben:
        ann.join("Ann")
        ben.join("Ben")
        engine.kill()
        assert ann.await_frame(Problem).code == error_codes.LINK_DOWN
        assert "engine" in await_host_event(east, ServerWarning, lambda event: "link" in event.reason).reason
        ann.send(Say("1", "still here"))
        engine.start()
        assert ben.await_frame(Message).text == "still here"
        assert ann.await_frame(Message).text == "still here"
        assert await_host_event(east, ServerNotice, lambda event: "back" in event.text)


def test_what_the_host_reads(servers: tuple[Server, Server]) -> None:
    """By the command `link`."""
    east, west = servers
    with PatientClient(west.port) as ben:
        ben.join("Ben")
        east.run_command(ShowLink())
        report = await_host_event(east, LinkReport)
        assert report.up
        assert sorted(server.members for server in report.servers) == [0, 1]
        assert report.engine.version[0].isdigit()


def test_a_room_that_was_there_before(engine: NatsServer, tmp_path: Path) -> None:
    """The server that begins the linked room brings its conversation along, with its numbers."""
    old = Server(ServerOptions("East", host="127.0.0.1", port=0))
    old.open()
    with PatientClient(old.port) as ann:
        session = ann.join("Ann").session
        ann.send(Say("1", "before"))
        said = ann.await_frame(Message)
    old.close()
    with (
        linked_server(engine, "East", tmp_path, begins=True),
        linked_server(engine, "West", tmp_path) as west,
        PatientClient(west.port) as ann,
    ):
        welcome = ann.join("Ann", session=session)
        assert ann.await_frame(Message) == said
        ann.send(Say("2", "after"))
        assert ann.await_frame(Message).seq == said.seq + 1
        assert welcome.member == said.member
