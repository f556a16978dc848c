"""Reconnecting to a room whose host has moved to another address."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from messango.client.connection import room_locator
from messango.client.connection.room_locator import Rediscover, RoomLocator
from messango.errors import AmbiguousInvite, RoomNotFound, Unreachable
from messango.server.server import Server
from messango.transport.addresses import Address
from messango.transport.dialing.dial import DialResult, dial
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.writer import WriterThread
from tests.support.raw_client import TIMEOUT_S
from tests.support.rooms import open_room
from tests.transport.pairs import listen_on_loopback


@pytest.fixture
def server() -> Iterator[Server]:
    """The room at its present address."""
    with open_room() as server:
        yield server


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Another room with a certificate of its own, as on another computer."""
    with contextlib.ExitStack() as stack:
        with monkeypatch.context() as patch:
            patch.setenv("MESSANGO_HOME", str(tmp_path / "other"))
            server = stack.enter_context(open_room("Other"))
        yield server


@pytest.fixture
def dead() -> Iterator[Address]:
    """An address that accepts connections and never answers, like that of a host that is gone."""
    with listen_on_loopback() as (_, address):
        yield address


@pytest.fixture(autouse=True)
def _without_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the connect timeout: only a successful search may end an attempt."""

    monkeypatch.setattr(room_locator, "dial", lambda *what, **how: dial(*what, **how, timeout_s=3600.0))


def address_of(server: Server) -> Address:
    """Return the address of a room."""
    return Address("127.0.0.1", server.port)


def reconnect(locator: RoomLocator, server: Server) -> DialResult:
    """Reconnect to a room that was joined before."""
    with contextlib.closing(WriterThread("test")) as writer, contextlib.closing(locator):
        dial_result = locator.reconnect(server.room_info().id, server.fingerprint, writer)
        dial_result.connection.close()
        return dial_result


def locator_for(
    address: Address, rediscover: Rediscover | None, left: threading.Event | None = None
) -> RoomLocator:
    """Return a locator with one address."""
    return RoomLocator([address], rediscover, (left or threading.Event()).is_set)


def test_a_dead_address_is_given_up_as_soon_as_the_room_is_found(server: Server, dead: Address) -> None:
    """The search runs beside the attempt, which would last for many seconds."""
    assert reconnect(locator_for(dead, lambda *_: [address_of(server)]), server).address == address_of(server)


def test_no_search_if_the_address_answers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search starts a little later, and then it is not needed."""
    monkeypatch.setattr(room_locator, "_SEARCH_DELAY_S", 3600.0)
    searches: list[str] = []

    def rediscover(room_id: str, *_: object) -> Sequence[Address]:
        searches.append(room_id)
        return []

    assert reconnect(locator_for(address_of(server), rediscover), server).address == address_of(server)
    assert searches == []


def test_another_room_at_the_old_address_is_no_reason_to_give_up(server: Server, other: Server) -> None:
    """DHCP may have given the address to the host of another room."""
    assert reconnect(
        locator_for(address_of(other), lambda *_: [address_of(server)]), server
    ).address == address_of(server)


def test_only_another_room_is_an_error(server: Server, other: Server) -> None:
    """Nothing is sent to it."""
    with pytest.raises(FingerprintMismatch):
        reconnect(locator_for(address_of(other), lambda *_: []), server)


def test_a_search_that_finds_the_known_address_changes_nothing(server: Server, dead: Address) -> None:
    """The attempt goes on; leaving ends it."""
    left, searched = threading.Event(), threading.Event()

    def rediscover(*_: object) -> Sequence[Address]:
        searched.set()
        threading.Timer(0.2, left.set).start()
        return [dead]

    with pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)
    assert searched.is_set()


def test_leaving_ends_the_attempt_and_the_search(server: Server, dead: Address) -> None:
    """Neither outlives the session."""
    left = threading.Event()

    def rediscover(_: str, __: str, ___: float, is_cancelled: Callable[[], bool]) -> Sequence[Address]:
        left.set()
        assert _wait_until(is_cancelled)
        return []

    with pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)


def _wait_until(condition: Callable[[], bool]) -> bool:
    """Wait until the condition is true; return False on timeout."""
    waiting = threading.Event()
    return any(condition() or waiting.wait(0.01) for _ in range(int(TIMEOUT_S * 100)))


@pytest.mark.parametrize("error", [RoomNotFound("No network.", "Wait."), ValueError("a mistake")])
def test_a_failed_search_does_not_harm_the_attempt(
    error: Exception, server: Server, dead: Address, caplog: pytest.LogCaptureFixture
) -> None:
    """The attempt lasts as long as it would without a search."""
    left = threading.Event()

    def rediscover(*_: object) -> Sequence[Address]:
        threading.Timer(0.2, left.set).start()
        raise error

    with caplog.at_level("INFO"), pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)
    assert "search for the room failed" in caplog.text


def find(locator: RoomLocator, server: Server, room_id: str = "") -> DialResult:
    """Connect to a room that was not joined before, by its certificate."""
    with contextlib.closing(WriterThread("test")) as writer, contextlib.closing(locator):
        dial_result = locator.find(room_id, server.fingerprint, writer)
        dial_result.connection.close()
        return dial_result


@pytest.fixture
def refusing() -> Address:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return Address("127.0.0.1", closed.getsockname()[1])


@pytest.mark.parametrize("where", ["refusing", "other", "name"])
def test_an_invite_is_found_where_the_room_is_now(
    server: Server, other: Server, refusing: Address, where: str
) -> None:
    """Nobody at its address, another room there, or a name that nobody knows: none ends the attempt."""
    searched: list[tuple[object, ...]] = []

    def rediscover(*wanted: object) -> Sequence[Address]:
        searched.append(wanted[:2])
        return [address_of(server)]

    name = Address("no-such-host.invalid", 8000)
    invited = {"refusing": refusing, "other": address_of(other), "name": name}[where]
    assert find(locator_for(invited, rediscover), server).address == address_of(server)
    assert searched == [("", server.fingerprint)]


def test_a_name_that_does_not_resolve_is_not_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's resolver can't be cancelled, so it is left alone."""
    resolved = threading.Event()

    def dial_slowly(addresses: Sequence[Address], **how: Any) -> DialResult:
        if addresses == [Address("slow.example")]:
            assert resolved.wait(TIMEOUT_S)
        return dial(addresses, **how)

    monkeypatch.setattr(room_locator, "dial", dial_slowly)
    locator = locator_for(Address("slow.example"), lambda *_: [address_of(server)])
    assert find(locator, server).address == address_of(server)
    resolved.set()


def test_an_invite_to_a_room_that_is_gone(server: Server, other: Server, refusing: Address) -> None:
    """The error is that of the address: nobody there, or another room."""
    with pytest.raises(Unreachable):
        find(locator_for(refusing, lambda *_: []), server)
    with pytest.raises(FingerprintMismatch):
        find(locator_for(address_of(other), lambda *_: []), server)


def test_an_invite_that_may_mean_several_rooms(server: Server, refusing: Address) -> None:
    """The search says so, and nobody is put into one of them."""

    def rediscover(*_: object) -> Sequence[Address]:
        raise AmbiguousInvite(["“Tea”", "“Office”"])

    with pytest.raises(AmbiguousInvite, match="“Tea”, “Office”"):
        find(locator_for(refusing, rediscover), server)


def test_an_invite_whose_address_works_is_not_searched_for(server: Server) -> None:
    """On most networks a search would be for nothing."""
    assert find(locator_for(address_of(server), _no_search), server).address == address_of(server)


def _no_search(*_: object) -> Sequence[Address]:
    pytest.fail("searched")


def test_a_rejected_room_is_not_tried_again(dead: Address) -> None:
    """Nor are the addresses that were found with it; one where our room answered stays good."""
    other, third = Address("192.0.2.2"), Address("192.0.2.3")
    locator = locator_for(dead, lambda *_: [other, third])
    assert locator.is_accepted(dead)
    assert locator.search("1f" * 16, "ab" * 32, 0.0, lambda: False)
    assert not locator.is_accepted(other)
    locator.reject(other)
    assert not locator.search("1f" * 16, "ab" * 32, 0.0, lambda: False)
    locator.accept(third)
    assert locator.is_accepted(third)


def test_without_a_search_the_known_addresses_are_tried(server: Server) -> None:
    """A room may have been joined without discovery."""
    assert reconnect(locator_for(address_of(server), None), server).address == address_of(server)
