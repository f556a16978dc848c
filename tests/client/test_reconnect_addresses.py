"""The way back to a room whose host has moved to another address."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from messango.client import reconnect_addresses
from messango.client.reconnect_addresses import Rediscover, RoomLocator
from messango.errors import FingerprintMismatch, RoomNotFound, Unreachable
from messango.server.server import Server
from messango.transport.addresses import Address
from messango.transport.dial import DialResult, dial
from messango.transport.writer import WriterThread
from tests.support.raw_client import TIMEOUT_S
from tests.support.rooms import open_room
from tests.transport.pairs import listen_on_loopback


@pytest.fixture
def server() -> Iterator[Server]:
    """The room, where it is now."""
    with open_room() as server:
        yield server


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Another room, with a certificate of its own, as on another machine."""
    with contextlib.ExitStack() as stack:
        with monkeypatch.context() as patch:
            patch.setenv("MESSANGO_HOME", str(tmp_path / "other"))
            server = stack.enter_context(open_room("Other"))
        yield server


@pytest.fixture
def dead() -> Iterator[Address]:
    """An address that takes the connection and never says a word, as one does that is no more."""
    with listen_on_loopback() as (_, address):
        yield address


@pytest.fixture(autouse=True)
def _without_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time limit saves a test here: only what is found does."""

    monkeypatch.setattr(
        reconnect_addresses, "dial", lambda *what, **how: dial(*what, **how, timeout_s=3600.0)
    )


def address_of(server: Server) -> Address:
    """Return where a room is."""
    return Address("127.0.0.1", server.port)


def reconnect(locator: RoomLocator, server: Server) -> DialResult:
    """Reach a room again that was reached before."""
    with contextlib.closing(WriterThread("test")) as writer, contextlib.closing(locator):
        dial_result = locator.reconnect(server.room_info().id, server.fingerprint, writer)
        dial_result.connection.close()
        return dial_result


def locator_for(
    address: Address, rediscover: Rediscover | None, left: threading.Event | None = None
) -> RoomLocator:
    """Return a route that knows one address."""
    return RoomLocator([address], rediscover, (left or threading.Event()).is_set)


def test_a_dead_address_is_given_up_as_soon_as_the_room_is_found(server: Server, dead: Address) -> None:
    """The look-up goes on beside the attempt, which would last for many seconds."""
    assert reconnect(locator_for(dead, lambda *_: [address_of(server)]), server).address == address_of(server)


def test_an_address_that_answers_is_all_it_takes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked where a room is that answers at once."""
    monkeypatch.setattr(reconnect_addresses, "_SEARCH_DELAY_S", 3600.0)
    asked: list[str] = []

    def rediscover(room_id: str, *_: object) -> Sequence[Address]:
        asked.append(room_id)
        return []

    assert reconnect(locator_for(address_of(server), rediscover), server).address == address_of(server)
    assert asked == []


def test_another_room_at_the_old_address_is_no_reason_to_give_up(server: Server, other: Server) -> None:
    """DHCP may have given the address to another host of a room."""
    assert reconnect(
        locator_for(address_of(other), lambda *_: [address_of(server)]), server
    ).address == address_of(server)


def test_another_room_alone_is_told(server: Server, other: Server) -> None:
    """Nothing is sent to it."""
    with pytest.raises(FingerprintMismatch):
        reconnect(locator_for(address_of(other), lambda *_: []), server)


def test_what_is_found_at_the_known_address_is_no_news(server: Server, dead: Address) -> None:
    """The attempt goes on; leaving ends it."""
    left, looked = threading.Event(), threading.Event()

    def rediscover(*_: object) -> Sequence[Address]:
        looked.set()
        threading.Timer(0.2, left.set).start()
        return [dead]

    with pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)
    assert looked.is_set()


def test_leaving_ends_the_attempt_and_the_look_up(server: Server, dead: Address) -> None:
    """Neither outlives the stay."""
    left = threading.Event()

    def rediscover(_: str, __: str, ___: float, is_cancelled: Callable[[], bool]) -> Sequence[Address]:
        left.set()
        assert _wait_until(is_cancelled)
        return []

    with pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)


def _wait_until(told: Callable[[], bool]) -> bool:
    """Wait until it is told."""
    waiting = threading.Event()
    return any(told() or waiting.wait(0.01) for _ in range(int(TIMEOUT_S * 100)))


@pytest.mark.parametrize("error", [RoomNotFound("No network.", "Wait."), ValueError("a mistake")])
def test_a_look_up_that_fails_does_not_harm_the_attempt(
    error: Exception, server: Server, dead: Address, caplog: pytest.LogCaptureFixture
) -> None:
    """The attempt lasts as long as it would without one."""
    left = threading.Event()

    def rediscover(*_: object) -> Sequence[Address]:
        threading.Timer(0.2, left.set).start()
        raise error

    with caplog.at_level("INFO"), pytest.raises(Unreachable):
        reconnect(locator_for(dead, rediscover, left), server)
    assert "search for the room failed" in caplog.text


def test_without_a_look_up_the_known_addresses_are_tried(server: Server) -> None:
    """A room may have been joined where nothing can be looked up."""
    assert reconnect(locator_for(address_of(server), None), server).address == address_of(server)
