"""Hosting a room in a thread."""

from __future__ import annotations

import os

import pytest

from messango.app.hosted_room import HostedRoom
from messango.errors import PortInUse, RoomInUse
from messango.gui.background.host_thread import HostThread, OpenFailed, RoomOpened
from messango.server.server_options import ServerOptions
from messango.transport.dialing.probe import probe
from tests.gui.conftest import TIMEOUT_S


def office(port: int = 0, name: str = "Office") -> HostedRoom:
    """Return a room on loopback that is not announced."""
    return HostedRoom(ServerOptions(name, host="127.0.0.1", port=port), advertise=False)


def test_room_opens_and_closes() -> None:
    """The event says where to join; closing twice is harmless."""
    host = HostThread(office)
    host.start()
    opened = host.events.get(timeout=TIMEOUT_S)
    assert isinstance(opened, RoomOpened)
    answer = probe(opened.target.addresses)
    assert (answer.room.id, answer.fingerprint) == (opened.target.room_id, opened.target.fingerprint)
    host.close()
    host.close()
    assert host.join_thread(TIMEOUT_S)


def test_error_is_an_event() -> None:
    """And the thread ends."""
    with office() as first:
        host = HostThread(lambda: office(first.server.port, "Kitchen"))
        host.start()
        event = host.events.get(timeout=TIMEOUT_S)
        assert isinstance(event, OpenFailed)
        assert isinstance(event.error, PortInUse)
        assert host.join_thread(TIMEOUT_S)


def test_a_room_is_not_opened_twice() -> None:
    """The error says that this process has it."""
    with office():
        host = HostThread(office)
        host.start()
        event = host.events.get(timeout=TIMEOUT_S)
        assert isinstance(event, OpenFailed)
        assert isinstance(event.error, RoomInUse)
        assert event.error.pid == os.getpid()
        assert host.join_thread(TIMEOUT_S)


def test_close_before_start_opens_no_room() -> None:
    """The user may go back meanwhile."""
    host = HostThread(office)
    host.close()
    host.start()
    assert host.join_thread(TIMEOUT_S)


def test_bug_is_logged_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    """The window gets an event, too."""

    def fail() -> HostedRoom:
        raise ZeroDivisionError("raised by the test")

    host = HostThread(fail)
    host.start()
    assert isinstance(host.events.get(timeout=TIMEOUT_S), OpenFailed)
    assert host.join_thread(TIMEOUT_S)
    assert "raised by the test" in caplog.text
