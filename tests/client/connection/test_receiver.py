"""Receiving on one connection, and why it ended before the room let us in."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from messango.client.connection import receiver as receiver_module
from messango.client.connection.receiver import LargePacketsLost, Receiver
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RemoteProtocolError
from messango.protocol.connection.client_connection import ClientConnection
from messango.protocol.frames import Join
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing import first_answer, packet_size
from messango.transport.dialing.dial import DialResult
from messango.transport.dialing.dial_failure import FailureKind, failure_kind
from messango.transport.dialing.packet_size import use_small_packets, uses_small_packets
from messango.transport.tls import PlainRecordLayer

ADDRESS = Address("192.0.2.7", 8000)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_size, "_small", {})


@pytest.fixture
def peer_and_dialled() -> Iterator[tuple[socket.socket, DialResult]]:
    """The peer's socket, and our connection to it over a quick network."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, PlainRecordLayer())
    with theirs:
        yield theirs, DialResult(connection, ADDRESS, 0.3)
    connection.close()


def receiver_of(dialled: DialResult) -> Receiver:
    """Return a receiver that has asked to join."""
    protocol = ClientConnection(0.0, lambda _: False, fingerprint=None, address=str(ADDRESS))
    protocol._join_deadline_s = float("inf")
    protocol.join(Join(1, "Ann"))
    return Receiver(dialled, protocol)


def test_no_byte_after_join(
    peer_and_dialled: tuple[socket.socket, DialResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a quick network the answer is probably too large for the way: once, small packets are tried."""
    monkeypatch.setattr(receiver_module, "_FIRST_BYTES_S", 0.0)
    receiver = receiver_of(peer_and_dialled[1])
    with pytest.raises(LargePacketsLost) as lost:
        receiver.receive()
    assert receiver.explain(lost.value) is lost.value
    assert uses_small_packets(ADDRESS)


def test_bytes_have_no_such_limit(
    peer_and_dialled: tuple[socket.socket, DialResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor has a slow network, or an address that gets small packets already."""
    monkeypatch.setattr(receiver_module, "_FIRST_BYTES_S", 0.0)
    peer, dialled = peer_and_dialled
    peer.sendall(b"abc")
    assert receiver_of(dialled).receive() == b"abc"
    slow = DialResult(dialled.connection, ADDRESS, 400.0)
    assert receiver_of(slow)._first_bytes_due_s == float("inf")
    use_small_packets(ADDRESS)
    assert receiver_of(dialled)._first_bytes_due_s == float("inf")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionLost("The connection to the room broke."), FailureKind.CLOSED),
        (RemoteProtocolError("Not a frame."), None),
        (JoinRefused("full", "It is full."), None),
    ],
)
def test_an_end_before_the_welcome(
    peer_and_dialled: tuple[socket.socket, DialResult], error: MessangoError, kind: FailureKind | None
) -> None:
    """A peer that ends without a word is explained; what the room itself says stays as it is."""
    explained = receiver_of(peer_and_dialled[1]).explain(error)
    assert failure_kind(explained) is kind
    assert kind is not None or explained is error


def test_silence_before_the_welcome(
    peer_and_dialled: tuple[socket.socket, DialResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not even answer a ping is stuck."""
    use_small_packets(ADDRESS)
    receiver = receiver_of(peer_and_dialled[1])
    monkeypatch.setattr(receiver.heartbeat, "wait_s", lambda: 0.0)
    with pytest.raises(ConnectionLost) as silence:
        receiver.receive()
    assert failure_kind(receiver.explain(silence.value)) is FailureKind.SILENT


def test_a_program_that_is_no_room_is_not_asked_again_in_small_packets(
    peer_and_dialled: tuple[socket.socket, DialResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate says so: a printer with a web page waits for its own kind of question."""
    monkeypatch.setattr(receiver_module, "_FIRST_BYTES_S", 0.0)
    monkeypatch.setattr(receiver_module, "is_messango", lambda _: False)
    monkeypatch.setattr(first_answer, "is_messango", lambda _: False)
    receiver = receiver_of(peer_and_dialled[1])
    with pytest.raises(ConnectionLost) as silent:
        receiver.receive()
    assert failure_kind(receiver.explain(silent.value)) is FailureKind.OTHER_TLS
