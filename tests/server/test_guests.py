"""A server that admits guests from the browser, from the beginning or later."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from messango.errors import ExtraMissing
from messango.protocol.frames import Closed, Left, Look, RoomInfo, RoomInfoFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, ShowGuestLink
from messango.room.host.host_events import CommandFailed, GuestLink, HostActed
from messango.server.server import Server
from messango.transport.control.client import RequestFailed, ask, running_rooms
from tests.support.guests import WebSocketGuest
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def ask_web(line: str) -> dict[str, Any]:
    """Give a command as `messango host` does."""
    return ask(running_rooms()[0], "command", {"line": line}, TIMEOUT_S)


def without_segno(name: str) -> object:
    return None if name == "segno" else find_spec(name)


def test_from_the_beginning() -> None:
    """The server has a key, and its room says that guests can come."""
    with open_room(web=True) as server:
        assert server.guest_key is not None
        assert "web" in server.room_info().features
        server.run_command(ShowGuestLink())
        assert await_host_event(server, GuestLink).key == server.guest_key.text


def test_others_are_told(server: Server) -> None:
    """Those who look at the room, and the announcement on the network."""
    changes: queue.SimpleQueue[RoomInfo] = queue.SimpleQueue()
    server.on_info_changed = changes.put
    for command, is_on in ((AdmitGuests(), True), (DismissGuests(), False)):
        server.run_command(command)
        assert ("web" in changes.get(timeout=TIMEOUT_S).features) == is_on
        with RawClient(server.port) as client:
            client.send(Look(PROTOCOL_VERSION))
            assert ("web" in client.await_frame(RoomInfoFrame).features) == is_on
        assert (server.guest_key is not None) == is_on


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is not open, and another one can be."""
    monkeypatch.setattr("importlib.util.find_spec", without_segno)
    with pytest.raises(ExtraMissing), open_room(web=True):
        pass
    with open_room() as server:
        server.run_command(AdmitGuests())
        failed = await_host_event(server, CommandFailed)
        assert failed.code == "extra-missing"
        assert 'pip install "messango[web]"' in failed.message


class TestControlSocket:
    """`messango host web` asks in the same way."""

    def test_the_link(self, server: Server) -> None:
        """The host who watches the server reads what was done, without the key, and not who only looked."""
        assert ask_web("web")["web"] == {
            "on": False,
            "key": None,
            "expires": None,
            "expired": False,
            "guests": 0,
        }
        link = ask_web("web on")["web"]
        assert server.guest_key is not None
        assert isinstance(link, dict)
        assert (link["key"], link["expires"]) == (server.guest_key.text, server.guest_key.expires_at_s)
        acted = await_host_event(server, HostActed)
        assert "can join" in acted.message
        assert server.guest_key.text not in acted.message

    def test_guests_who_are_here(self) -> None:
        """They are marked in the list, counted, and sent away."""
        with open_room(web=True) as server, RawClient(server.port) as ann:
            ann.join("ann")
            assert server.guest_key is not None
            with WebSocketGuest(server.port) as gina:
                gina.join("gina", server.guest_key.text)
                members = ask(running_rooms()[0], "command", {"line": "who"}, TIMEOUT_S)["members"]
                assert [(member["name"], member["web"]) for member in members] == [
                    ("ann", False),
                    ("gina", True),
                ]
                assert ask_web("web")["web"]["guests"] == 1
                assert "1 guest was removed" in ask_web("web off")["message"]
                closed = gina.await_frame(Closed)
                assert (closed.code, "“Tea”" in closed.reason) == ("no-guests", True)
            left = ann.await_frame(Left)
            assert (left.name, left.reason) == ("gina", "no-guests")
            assert server.room_info().members == 1

    def test_a_failure(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.util.find_spec", without_segno)
        with pytest.raises(RequestFailed, match="extra “web”") as error:
            ask_web("web on")
        assert error.value.code == "extra-missing"
        assert server.guest_key is None
