"""A long transfer fills the network's queues no more than it needs to be quick."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from messango.transport.send_buffer import Delivery, SendBuffer, read_delivery

SHORTEST_S = 0.01


class Network:
    """A transfer over a network of which a test says how fast it is and how long its queues are."""

    def __init__(self, sock: socket.socket) -> None:
        self.now_s = 100.0
        self.queue_s = 0.0
        self.is_known = True
        self.asked = self.arrived = 0
        self.buffer = SendBuffer(sock, self._read, lambda: self.now_s)

    def _read(self, _sock: socket.socket) -> Delivery | None:
        self.asked += 1
        return Delivery(self.arrived, SHORTEST_S + self.queue_s, SHORTEST_S) if self.is_known else None

    def pass_time(self, seconds: float, bytes_per_s: float, queue_s: float) -> int | None:
        """Let the network take bytes; return how many may wait in the system afterwards."""
        self.queue_s = queue_s
        for _ in range(round(seconds / 0.01)):
            self.now_s += 0.01
            self.arrived += round(bytes_per_s * 0.01)
            self.buffer.adjust()
        return self.buffer.size


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    """A socket whose buffer can be set."""
    with socket.socket() as made:
        yield made


@pytest.fixture
def network(sock: socket.socket) -> Network:
    """A network with empty queues."""
    return Network(sock)


def test_a_network_without_queues_is_left_to_the_system(network: Network) -> None:
    """Whatever its speed."""
    assert network.pass_time(5, 600_000, queue_s=0.0) is None
    assert network.pass_time(5, 100_000_000, queue_s=0.04) is None


def test_a_fast_network_is_left_to_the_system(network: Network) -> None:
    """Its queue is long for a moment, but what fits into the network is more than a buffer holds."""
    assert network.pass_time(5, 100_000_000, queue_s=0.1) is None


def test_with_a_long_queue_as_much_is_ahead_as_the_network_needs(
    network: Network, sock: socket.socket
) -> None:
    """What it takes in a round trip, and a short queue that keeps it busy."""
    before = sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    size = network.pass_time(2, 1_000_000, queue_s=0.5)
    assert size == pytest.approx(1_000_000 * (SHORTEST_S + 0.035), rel=0.05)
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) != before


def test_it_never_grows_while_the_queue_is_long(network: Network) -> None:
    """A network that became faster is noticed by its queue, which then is short."""
    network.pass_time(2, 1_000_000, queue_s=0.5)
    assert network.pass_time(2, 5_000_000, queue_s=0.2) == pytest.approx(45_000, rel=0.05)


def test_it_grows_again_when_the_queue_is_short(network: Network) -> None:
    """Up to what the system allows everybody."""
    network.pass_time(2, 1_000_000, queue_s=0.5)
    one_step = network.pass_time(0.04, 1_000_000, queue_s=0.005)
    assert one_step == pytest.approx(45_000 * 1.5, rel=0.05)
    assert network.pass_time(5, 50_000_000, queue_s=0.001) == 400_000


def test_a_connection_that_hardly_moves_still_has_some_ahead(network: Network) -> None:
    """Otherwise it would not notice a lost packet by those that follow."""
    assert network.pass_time(5, 1_000, queue_s=1.0) == 24_000


def test_a_system_that_does_not_tell_is_asked_once(network: Network) -> None:
    """Nothing is changed there."""
    network.is_known = False
    assert network.pass_time(5, 1_000_000, queue_s=1.0) is None
    assert network.asked == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_linux_tells_the_times() -> None:
    """Of a connection that has sent something."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as near,
        listener.accept()[0] as far,
    ):
        near.sendall(b"hello")
        assert far.recv(5) == b"hello"
        delivery = read_delivery(near)
    assert delivery is not None
    assert delivery.arrived >= 5
    assert 0 < delivery.shortest_s <= delivery.round_trip_s + 0.001 < 1


def test_a_socket_without_tcp_tells_nothing() -> None:
    """As on other systems."""
    near, far = socket.socketpair()
    with near, far:
        assert read_delivery(near) is None
