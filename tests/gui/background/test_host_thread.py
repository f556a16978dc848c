"""A room is hosted from a thread of its own."""

from __future__ import annotations

import pytest

from messango.app.hosted_room import HostedRoom
from messango.errors import PortInUse
from messango.gui.background.host_thread import HostThread, OpenFailed, RoomOpened
from messango.server.server import ServerOptions
from messango.transport.probe import probe
from tests.gui.conftest import TIMEOUT_S


def office(port: int = 0) -> HostedRoom:
    """Return a room on loopback that the network is not told of."""
    return HostedRoom(ServerOptions("Office", host="127.0.0.1", port=port), advertise=False)


def test_it_opens_and_closes() -> None:
    """Its one event says where to join; after `close` the thread ends, and twice is harmless."""
    host = HostThread(office)
    host.start()
    opened = host.events.get(timeout=TIMEOUT_S)
    assert isinstance(opened, RoomOpened)
    seen = probe(opened.target.addresses)
    assert (seen.room.id, seen.fingerprint) == (opened.target.room_id, opened.target.fingerprint)
    host.close()
    host.close()
    assert host.join_thread(TIMEOUT_S)


def test_what_can_not_open_is_told() -> None:
    """In the error's own words, and the thread ends by itself."""
    with office() as first:
        host = HostThread(lambda: office(first.server.port))
        host.start()
        event = host.events.get(timeout=TIMEOUT_S)
        assert isinstance(event, OpenFailed)
        assert isinstance(event.error, PortInUse)
        assert host.join_thread(TIMEOUT_S)


def test_closed_before_it_is_open() -> None:
    """Who changes their mind meanwhile leaves no room open."""
    host = HostThread(office)
    host.close()
    host.start()
    assert host.join_thread(TIMEOUT_S)


def test_a_fault_of_ours_is_admitted(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the window hears of it."""

    def fail() -> HostedRoom:
        raise ZeroDivisionError("a fault of the test")

    host = HostThread(fail)
    host.start()
    assert isinstance(host.events.get(timeout=TIMEOUT_S), OpenFailed)
    assert host.join_thread(TIMEOUT_S)
    assert "a fault of the test" in caplog.text
