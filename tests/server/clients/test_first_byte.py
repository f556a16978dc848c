"""How long a client may be silent: the original one connects long before its user presses Join."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

from messango.protocol.frames import Joined, Message, Say
from messango.room.host.host_events import JoinAttemptRefused
from messango.server.clients import client_thread, first_byte, join_steps
from messango.server.clients.connected_client import ConnectedClient
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.limits import MAX_SILENT_PER_ADDRESS
from messango.server.server import Server
from tests.support.original_client import OriginalClient
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(allow_plaintext=True) as opened:
        yield opened


class ShiftedClock:
    """The time module for the server, with a clock that the test puts forward."""

    def __init__(self) -> None:
        self.shift_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.shift_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ShiftedClock:
    """The clock of the client threads; a silent client counts as the original one at once."""
    shifted = ShiftedClock()
    for module in (client_thread, first_byte, join_steps):
        monkeypatch.setattr(module, "time", shifted)
    monkeypatch.setattr(first_byte, "SILENT_AFTER_S", 0.0)
    return shifted


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Count the clients that wait in silence."""
    counter = threading.Semaphore(0)
    keep_silent = ConnectionRegistry.keep_silent

    def counting(registry: ConnectionRegistry, client: ConnectedClient) -> ConnectedClient | None:
        evicted = keep_silent(registry, client)
        counter.release()
        return evicted

    monkeypatch.setattr(ConnectionRegistry, "keep_silent", counting)
    return counter


@pytest.mark.parametrize("silence_s", [20.0, 590.0])
def test_it_joins_when_its_user_is_ready(
    server: Server, clock: ShiftedClock, kept: threading.Semaphore, silence_s: float
) -> None:
    """Its window connects when it opens; it is a member like others once its user presses Join."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann", joins=False) as ann:
            assert kept.acquire(timeout=TIMEOUT_S)
            clock.shift_s += silence_s
            ann.join()
            ann.await_text("as Ann, with Bob.")
            assert bob.await_frame(Joined).name == "Ann"
            ann.send_line("hello")
            assert bob.await_frame(Message).text == "hello"
            bob.send(Say("1", "hello yourself"))
            ann.await_text("Bob: hello yourself\n")


def test_it_can_take_its_time_only_before_it_speaks(
    server: Server, clock: ShiftedClock, kept: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its first byte on, it has as long as all others."""
    monkeypatch.setattr(first_byte, "JOIN_DEADLINE_S", 0.2)
    with OriginalClient(server.port, "Ann", joins=False) as ann:
        assert kept.acquire(timeout=TIMEOUT_S)
        clock.shift_s += 20.0
        ann.socket.sendall(b"joi")
        assert ann.await_end().startswith("* You have not joined within")


def test_after_ten_minutes_of_silence_its_window_says_so(
    server: Server, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its user would otherwise go on to talk to nobody."""
    clock.shift_s = 0.0
    monkeypatch.setattr(first_byte, "SILENT_PLAINTEXT_S", 0.2)
    with OriginalClient(server.port, "Ann", joins=False) as ann:
        assert ann.await_end() == (
            "* You have not joined within 10 minutes. To join, close this window and open it again.\n"
        )
    assert "silent" in await_host_event(server, JoinAttemptRefused).reason


@pytest.mark.usefixtures("clock")
def test_a_window_too_many(
    server: Server, kept: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest silent one of this computer is told; clients that encrypt are not affected."""
    with contextlib.ExitStack() as windows:
        opened = []
        for _ in range(MAX_SILENT_PER_ADDRESS + 1):
            opened.append(windows.enter_context(OriginalClient(server.port, "Ann", joins=False)))
            assert kept.acquire(timeout=TIMEOUT_S)
        assert opened[0].await_end().startswith("* Too many others are waiting to join.")
        monkeypatch.setattr(first_byte, "SILENT_AFTER_S", TIMEOUT_S)
        with RawClient(server.port) as bob:
            bob.join("Bob")
        opened[1].join()
        opened[1].await_text("You are in")


@pytest.mark.usefixtures("clock")
def test_the_room_closes_before_it_has_joined(server: Server, kept: threading.Semaphore) -> None:
    """Its window says so."""
    with OriginalClient(server.port, "Ann", joins=False) as ann:
        assert kept.acquire(timeout=TIMEOUT_S)
        server.close()
        assert ann.await_end() == "* The host is closing the room. Try again later.\n"


def test_silence_is_kept_only_where_plaintext_is_allowed(
    kept: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere the join deadline stays."""
    monkeypatch.setattr("messango.server.clients.client_thread.JOIN_DEADLINE_S", 0.2)
    with open_room() as encrypted, OriginalClient(encrypted.port, "Ann", joins=False) as ann:
        assert ann.await_end() == ""
        assert "silent" in await_host_event(encrypted, JoinAttemptRefused).reason
    assert not kept.acquire(blocking=False)
