"""Large packets, over the real loopback."""

from __future__ import annotations

import contextlib
import sys

import pytest

from messango.doctor.way import packet_size
from messango.doctor.way.packet_size import large_packets_pass
from messango.protocol.codec import client_frame_decoder, encode
from messango.protocol.frames import Look, RoomInfoFrame
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.writer import WriterThread
from tests.transport.pairs import TIMEOUT_S, serve_connections

ROOM = RoomInfoFrame(1, "5f" * 16, "Office", "1.0", 2, 5, locked=False, history=False)


def test_a_room_answers_a_long_request() -> None:
    """It is a `look` that fills several packets, and a room understands it."""
    received: list[object] = []

    def handle(connection: Connection) -> None:
        decoder, data = client_frame_decoder(), b""
        while not (frames := decoder.decode(data)):
            data = connection.receive(TIMEOUT_S)
            received.append(len(data))
        received.extend(frames)
        connection.shutdown(encode(ROOM))
        connection.linger(TIMEOUT_S)

    with contextlib.closing(WriterThread("test")) as writer, serve_connections(handle, writer) as address:
        assert large_packets_pass(address, None)
    assert isinstance(received[-1], Look)
    assert sum(size for size in received if isinstance(size, int)) > 4_000


def test_what_can_not_be_tried_says_nothing() -> None:
    """Nobody listens there now."""
    assert large_packets_pass(Address("127.0.0.1", 9), None) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not say what arrived")
def test_a_large_packet_that_arrives_is_enough() -> None:
    """The answer may be lost, or take long: the network is bad, and not the size of packets."""

    def handle(connection: Connection) -> None:
        with contextlib.suppress(TimeoutError):
            while connection.receive(TIMEOUT_S):
                pass

    with contextlib.closing(WriterThread("test")) as writer, serve_connections(handle, writer) as address:
        assert large_packets_pass(address, None)


def test_a_request_of_which_nothing_arrives_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the system tells."""
    monkeypatch.setattr(packet_size, "_acknowledged_bytes", lambda _: 0)
    monkeypatch.setattr(packet_size, "_TIMEOUT_S", 0.3)

    def handle(connection: Connection) -> None:
        with contextlib.suppress(TimeoutError):
            connection.receive(0.5)

    with contextlib.closing(WriterThread("test")) as writer, serve_connections(handle, writer) as address:
        assert large_packets_pass(address, None) is False
