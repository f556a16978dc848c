"""A room that is open and announced on the network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from messango.app.hosted_room import HostedRoom
from messango.discovery.searching.search import find_by_name
from messango.errors import PortInUse, RoomInUse
from messango.protocol.frames import RoomInfo
from messango.room.host.host_events import RoomRenamed
from messango.server.server_options import ServerOptions
from messango.transport.dialing.probe import probe
from tests.support.program import open_room

LINKED = RoomInfo(1, "a" * 32, "Hall", "1.0.0", 0, 5, False, True, False, link="b" * 32)

pytestmark = pytest.mark.program


def options(name: str = "Office", port: int = 0) -> ServerOptions:
    """Return the options of a room on loopback."""
    return ServerOptions(name, host="127.0.0.1", port=port)


def test_a_hosted_room_is_found_by_its_name() -> None:
    """The announced id, port and fingerprint are the room's."""
    with HostedRoom(options()) as hosted_room:
        found = find_by_name("office", timeout_s=20)
        assert found.id == hosted_room.server.room_info().id
        assert found.addresses[0].port == hosted_room.server.port == hosted_room.addresses[0].port
        assert found.fingerprint == hosted_room.server.fingerprint


def test_a_room_that_is_not_advertised_is_open() -> None:
    """It can be joined by its address."""
    with HostedRoom(options(), advertise=False) as hosted_room:
        assert probe(hosted_room.addresses).room.name == "Office"


def test_a_room_that_is_not_advertised_loads_no_mdns() -> None:
    """zeroconf and asyncio would slow down the start."""
    program = (
        "import sys; from messango.app.hosted_room import HostedRoom\n"
        "from messango.server.server_options import ServerOptions\n"
        "with HostedRoom(ServerOptions('Office', host='127.0.0.1', port=0), advertise=False): "
        "print(*{'asyncio', 'zeroconf'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == []


def test_a_name_that_is_open_on_this_computer() -> None:
    """It is not opened a second time; another room of the same folder is, with its own id."""
    with open_room("Office"), HostedRoom(options("Kitchen")) as second:
        with pytest.raises(RoomInUse, match=r"already open in process \d+"), HostedRoom(options()):
            pass
        office = find_by_name("Office", timeout_s=20)
        assert office.id != second.server.room_info().id
        assert office.fingerprint == second.server.fingerprint


def test_a_name_that_is_open_on_another_computer(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that differ only in case count as the same, so the later room gets a number."""
    with open_room("Office"):
        find_by_name("Office", timeout_s=20)
        monkeypatch.setenv("MESSANGO_HOME", str(tmp_path_factory.mktemp("another")))
        with HostedRoom(options("OFFICE")) as hosted_room:
            event = await_room_renamed(hosted_room)
            assert event == RoomRenamed("OFFICE 2")
            assert find_by_name("OFFICE 2", timeout_s=20).addresses[0].port == hosted_room.server.port
            assert probe(hosted_room.addresses).room.name == "OFFICE 2"


def test_a_linked_room_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """All its servers have the same name, and only the list of mDNS gives each another one; told once."""
    hosted_room = HostedRoom(options("Hall"))
    monkeypatch.setattr(hosted_room.server, "room_info", lambda: LINKED)
    for _ in range(2):
        hosted_room._on_name_changed("Hall 2")
    assert hosted_room.server.events.get_nowait() == RoomRenamed("Hall 2", linked=True)
    assert hosted_room.server.events.empty()


def await_room_renamed(hosted_room: HostedRoom) -> RoomRenamed:
    """Return the event with the new name."""
    while True:
        event = hosted_room.server.events.get(timeout=20)
        if isinstance(event, RoomRenamed):
            return event


def test_a_room_that_can_not_open() -> None:
    """A port that is taken raises `PortInUse`, and nothing is left open."""
    with HostedRoom(options()) as hosted_room:
        second = HostedRoom(options("Other", hosted_room.server.port))
        with pytest.raises(PortInUse):
            second.open()
        second.close()
