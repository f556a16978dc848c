"""The size of a connection's packets."""

from __future__ import annotations

import socket
import sys

import pytest

from messango.transport.addresses import Address
from messango.transport.dialing import packet_size
from messango.transport.dialing.packet_size import limit_packets, use_small_packets, uses_small_packets

FAR = Address("192.0.2.7", 8000)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say the size")


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_size, "_small", {})


def size_after_limit(address: Address, *, small: bool = False) -> int:
    """Return the largest payload of a socket's packets, as the system says."""
    with socket.socket() as sock:
        limit_packets(sock, address, small=small)
        return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)


def test_packets_fit_every_network() -> None:
    """They are as large as each IPv6 network carries, or smaller if that is asked for."""
    assert size_after_limit(FAR) == 1220
    assert size_after_limit(FAR, small=True) == 536


def test_an_address_that_lost_large_packets_is_remembered() -> None:
    """Later connections to it begin with small ones, those to others do not."""
    use_small_packets(FAR)
    assert uses_small_packets(FAR)
    assert size_after_limit(FAR) == 536
    assert size_after_limit(Address("192.0.2.8", 8000)) == 1220


def test_the_memory_is_bounded() -> None:
    """A stranger may announce many addresses."""
    for number in range(1000):
        use_small_packets(Address(f"192.0.2.{number % 250}", 8000 + number))
    assert len(packet_size._small) < 100


def test_this_computer_has_no_limit() -> None:
    """Nothing gets lost on the way to itself."""
    with socket.socket() as untouched:
        usual = untouched.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    assert size_after_limit(Address("127.0.0.1", 8000)) == usual
