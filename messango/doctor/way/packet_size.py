"""Tries whether large packets get through to a room: a path that drops them lets a chat begin, then hang."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
import time
from typing import Final

from messango.errors import MessangoError
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial

#: Fills several packets of an Ethernet (1,500 bytes), and is far below the largest frame.
_PADDING_BYTES: Final = 6_000
#: More than the end of a TLS handshake, so a large packet was among what arrived.
_A_LARGE_PACKET_BYTES: Final = 1_000

#: TCP sends a lost packet again after 0.2 s, 0.4 s... Bad air does not lose it five times in a row.
_TIMEOUT_S: Final = 3.0
#: At least so many round trips, each of which may lose a packet.
_ROUND_TRIPS: Final = 4

#: linux/tcp.h: `tcpi_bytes_acked` of `struct tcp_info`, an unsigned integer of 64 bits.
_TCP_INFO_BYTES_ACKED: Final = 120


def large_packets_pass(address: Address, fingerprint: str | None) -> bool | None:
    """Ask a room that answers once more, in a request that needs large packets; return whether it arrives.

    None if that could not be tried: no second connection came about. On a network that is slow or loses some
    packets, the first large one that arrives is enough, as far as the system tells (Linux does).

    A room ignores unknown fields, so the padding is harmless. Only the way there is tried: nothing that a
    room says to strangers is large, except its certificate, which has come.
    """
    frame = {"type": "look", "protocol": PROTOCOL_VERSION, "padding": "x" * _PADDING_BYTES}
    try:
        result = dial([address], fingerprint=fingerprint, timeout_s=_TIMEOUT_S, patience_s=_TIMEOUT_S)
    except MessangoError:
        return None
    timeout_s = max(_TIMEOUT_S, _ROUND_TRIPS * result.ping_ms / 1000)
    with contextlib.closing(result.connection) as connection:
        return _arrives(connection, json.dumps(frame).encode() + b"\n", timeout_s)


def _arrives(connection: Connection, data: bytes, timeout_s: float) -> bool:
    before, deadline = _acknowledged_bytes(connection), time.monotonic() + timeout_s
    with contextlib.suppress(MessangoError, OSError):
        connection.send(data)
        while (left_s := deadline - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                return bool(connection.receive(min(left_s, 0.1)))
            if _acknowledged_bytes(connection) - before >= _A_LARGE_PACKET_BYTES:
                return True
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
