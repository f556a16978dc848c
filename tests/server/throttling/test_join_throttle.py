"""Clients that join again and again are slowed down, and nobody else."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.frames import Join, Leave, Left, Refused, Welcome
from messango.room.host.host_events import JoinAttemptRefused
from messango.room.peer import Peer
from messango.server.limits import MAX_THROTTLE_WAIT_S
from messango.server.server import Server
from messango.server.throttling import join_throttle
from messango.server.throttling.join_throttle import BURST, RATE, JoinThrottle
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room

EVE, ANN = Peer("192.0.2.66", 1), Peer("192.0.2.1", 1)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_joins_after_a_burst_wait_longer_and_longer() -> None:
    """Until the wait would be too long; other addresses do not wait."""
    throttle = JoinThrottle(Clock())
    assert [throttle.reserve(EVE) for _ in range(BURST)] == [0.0] * BURST
    waits = [throttle.reserve(EVE) for _ in range(int(MAX_THROTTLE_WAIT_S * RATE))]
    assert waits == pytest.approx([number / RATE for number in range(1, len(waits) + 1)])
    assert throttle.reserve(EVE) is None
    assert throttle.reserve(ANN) == 0.0


def test_waiting_helps_at_once() -> None:
    """A refused attempt does not count."""
    clock = Clock()
    throttle = JoinThrottle(clock)
    while throttle.reserve(EVE) is not None:
        pass
    assert [throttle.reserve(EVE) for _ in range(100)] == [None] * 100
    clock.now_s += 1 / RATE
    assert throttle.reserve(EVE) == pytest.approx(MAX_THROTTLE_WAIT_S)
    clock.now_s += 60.0
    assert throttle.reserve(EVE) == 0.0


def test_an_ipv6_network_counts_as_one() -> None:
    """It can use many addresses."""
    throttle = JoinThrottle(Clock())
    peers = [Peer(f"2001:db8::{number:x}", 1) for number in range(1, 200)]
    assert None in [throttle.reserve(peer) for peer in peers]
    assert throttle.reserve(Peer("2001:db8:0:1::1", 1)) == 0.0
    assert throttle.reserve(Peer("fe80::1%eth0", 1)) == 0.0


def test_one_computer_does_not_slow_down_its_ipv6_network() -> None:
    """On a LAN everybody's addresses are in the same /64."""
    throttle = JoinThrottle(Clock())
    while throttle.reserve(Peer("2001:db8::66", 1)) is not None:
        pass
    assert throttle.reserve(Peer("2001:db8::20", 1)) == 0.0


def test_a_computer_with_many_addresses_does_not_slow_down_its_lan() -> None:
    """It can use any address in the /64, which is also that of everybody else."""
    throttle = JoinThrottle(Clock())
    for number in range(1_000):
        throttle.reserve(Peer(f"fe80::6:{number:x}%eth0", 1, local_host="fe80::1"))
    assert throttle.reserve(Peer("fe80::20%eth0", 1, local_host="fe80::1")) == 0.0


def test_a_session_does_not_wait_for_its_address() -> None:
    """A member whose connection broke returns at once, twice in a moment; then their address counts."""
    clock = Clock()
    throttle = JoinThrottle(clock)
    while throttle.reserve(EVE) is not None:
        pass
    assert [throttle.reserve(EVE, "secret") for _ in range(3)] == [0.0, 0.0, None]
    clock.now_s += 5.0
    assert throttle.reserve(EVE, "secret") == 0.0


def test_the_hosts_own_computer_does_not_wait() -> None:
    """A program there can do worse."""
    throttle = JoinThrottle(Clock())
    assert {throttle.reserve(Peer("192.0.2.9", 1, local_host="192.0.2.9")) for _ in range(1_000)} == {0.0}


def test_the_table_is_bounded() -> None:
    """However many addresses there are."""
    throttle = JoinThrottle(Clock())
    for number in range(3_000):
        throttle.reserve(Peer(f"10.0.{number // 250}.{number % 250}", 1))
    assert len(throttle._due_s) == 1_000


@contextlib.contextmanager
def from_elsewhere(server: Server) -> Iterator[socket.socket]:
    """Connect from another address than the host's."""
    with socket.create_connection(("127.0.0.1", server.port), source_address=("127.0.0.2", 0)) as sock:
        yield sock


def await_frame(sock: socket.socket, kind: type[Welcome] | type[Refused]) -> Welcome | Refused:
    """Return the next frame of a kind; for one at a time."""
    reader = server_frame_decoder()
    while data := sock.recv(4_096):
        for frame in reader.decode(data):
            if isinstance(frame, kind):
                return frame
    raise AssertionError(f"no {kind.__name__} came")


def test_a_refused_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client and the host get the reason, and the room gets no request."""
    monkeypatch.setattr(join_throttle, "BURST", 2)
    # However long the two take, they are not forgotten.
    monkeypatch.setattr(join_throttle, "RATE", 0.001)
    monkeypatch.setattr(join_throttle, "MAX_THROTTLE_WAIT_S", 0.0)
    with open_room(allow_plaintext=True) as server, RawClient(server.port) as bob:
        bob.join("Bob")
        for _ in range(2):
            with from_elsewhere(server) as sock:
                sock.sendall(encode(Join(1, "Eve")) + encode(Leave()))
                await_frame(sock, Welcome)
            bob.await_frame(Left)
        with from_elsewhere(server) as sock:
            sock.sendall(encode(Join(1, "Eve")))
            refused = await_frame(sock, Refused)
            assert isinstance(refused, Refused)
            assert refused.code == error_codes.BUSY
        assert "too often" in await_host_event(server, JoinAttemptRefused).reason
        with RawClient(server.port) as ann:
            ann.join("Ann")
