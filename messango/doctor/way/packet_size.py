"""Tries whether large packets get through to a room: a path that drops them lets a chat begin, then hang."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
import time
from collections.abc import Sequence
from typing import Final

from messango.errors import ConnectionLost, MessangoError, RemoteProtocolError
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial

#: Fills several packets of an Ethernet (1,500 bytes), and is far below the largest frame.
_PADDING_BYTES: Final = 6_000
#: More than the end of a TLS handshake, so a large packet was among what arrived.
_A_LARGE_PACKET_BYTES: Final = 1_000

#: TCP sends a lost packet again after 0.2 s, 0.4 s... On two connections bad air does not lose all eight.
_TIMEOUT_S: Final = 3.0
_CONNECTIONS: Final = 2
_AT_ONCE_S: Final = 0.2
_LOOK_EVERY_S: Final = 0.1
#: At least so many round trips, each of which may lose a packet.
_ROUND_TRIPS: Final = 4

#: linux/tcp.h: `tcpi_bytes_acked` of `struct tcp_info`, an unsigned integer of 64 bits.
_TCP_INFO_BYTES_ACKED: Final = 120


def large_packets_pass(address: Address, fingerprint: str | None) -> bool | None:
    """Ask a room that answers again, in requests that need large packets; return whether one arrives.

    None if that could not be tried: no further connection came about. On a network that is slow or loses some
    packets, the first large one that arrives is enough, as far as the system tells (Linux does).

    A room ignores unknown fields, so the padding is harmless. Only the way there is tried: nothing that a
    room says to strangers is large, except its certificate, which has come.
    """
    frame = {"type": "look", "protocol": PROTOCOL_VERSION, "padding": "x" * _PADDING_BYTES}
    data = json.dumps(frame).encode() + b"\n"
    with contextlib.ExitStack() as connections:
        attempts: list[_Attempt] = []
        timeout_s = _TIMEOUT_S
        for _ in range(_CONNECTIONS):
            try:
                result = dial([address], fingerprint=fingerprint, timeout_s=_TIMEOUT_S, patience_s=_TIMEOUT_S)
            except MessangoError:
                return None
            connections.enter_context(contextlib.closing(result.connection))
            timeout_s = max(timeout_s, _ROUND_TRIPS * result.ping_ms / 1000)
            attempts.append(_Attempt(result.connection, data))
            # Where nothing is lost, the first one arrives at once.
            if attempts[-1].arrives(_AT_ONCE_S):
                return True
        return _one_arrives(attempts, time.monotonic() + timeout_s)


def _one_arrives(attempts: Sequence[_Attempt], deadline_s: float) -> bool:
    while time.monotonic() < deadline_s:
        if any(attempt.arrives(_LOOK_EVERY_S) for attempt in attempts):
            return True
    return False


class _Attempt:
    """A request that needs large packets, on a connection of its own."""

    def __init__(self, connection: Connection, data: bytes) -> None:
        self._connection = connection
        self._before = _acknowledged_bytes(connection)
        with contextlib.suppress(MessangoError, OSError):
            connection.send(data)

    def arrives(self, wait_s: float) -> bool:
        """Return whether the room answers within this time, or its system has received a large packet."""
        with contextlib.suppress(TimeoutError):
            if self._receives(wait_s):
                return True
            time.sleep(wait_s)  # This one has ended; the other may still get through.
        return _acknowledged_bytes(self._connection) - self._before >= _A_LARGE_PACKET_BYTES

    def _receives(self, wait_s: float) -> bool:
        with contextlib.suppress(ConnectionLost, RemoteProtocolError):
            return bool(self._connection.receive(wait_s))
        return False


def _acknowledged_bytes(connection: Connection) -> int:
    """Return how many bytes the peer's system has received; always 0 where the system does not say."""
    option = getattr(socket, "TCP_INFO", None)
    if option is None or not sys.platform.startswith("linux"):
        return 0
    with (
        contextlib.suppress(OSError, struct.error),
        socket.socket(fileno=os.dup(connection.fileno())) as sock,
    ):
        info = sock.getsockopt(socket.IPPROTO_TCP, option, _TCP_INFO_BYTES_ACKED + 8)
        return int(struct.unpack_from("=Q", info, _TCP_INFO_BYTES_ACKED)[0])
    return 0
