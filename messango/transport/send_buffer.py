"""How much of a long transfer waits in the system: on a slow network no more than the network needs.

What a system sends ahead waits in the queue of the slowest router on the way, up to seconds, and everything
that follows waits behind it, also what people say over other connections (“bufferbloat”).
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

#: So long may bytes wait in the queues of the network. Above the first, less is sent ahead, namely as much as
#: keeps the network busy with a queue of the second; below the third, more.
_LONG_QUEUE_S: Final = 0.05
_WANTED_QUEUE_S: Final = 0.035
_SHORT_QUEUE_S: Final = 0.015

#: A connection that loses packets needs some to be ahead, so that it notices.
_LEAST_BYTES: Final = 24_000

#: Where so much fits into the network, it is fast, and the system knows best. Most allow no larger size.
_MOST_BYTES: Final = 400_000
_GROWTH: Final = 1.5

#: The speed is measured over this long, and over some round trips. A new connection fills queues quickly.
_INTERVAL_S: Final = 0.03
_ROUND_TRIPS: Final = 2.0

#: `struct tcp_info` of `linux/tcp.h`: the round trip's time in microseconds, the bytes that have arrived, and
#: the shortest round trip.
_TCP_INFO: Final = struct.Struct("=68xI48xQ20xI")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the system knows of a connection: the bytes that have arrived, and the times of round trips."""

    arrived: int
    round_trip_s: float
    shortest_s: float


def read_delivery(sock: socket.socket) -> Delivery | None:
    """Return what the system knows of a connection; None where it does not tell."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, struct.error):
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
        round_trip_us, arrived, shortest_us = _TCP_INFO.unpack(info)
        return Delivery(arrived, round_trip_us / 1e6, shortest_us / 1e6)
    return None


class SendBuffer:
    """For the thread that sends over one connection. `clock` is in seconds.

    The system chooses the size itself until the network's queues are long.
    """

    def __init__(
        self,
        sock: socket.socket,
        read: Callable[[socket.socket], Delivery | None] = read_delivery,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socket, self._read, self._clock = sock, read, clock
        self._since_s = self._next_s = clock()
        self._arrived = 0
        #: How many bytes may wait; None while the system chooses.
        self.size: int | None = None

    def adjust(self) -> None:
        """Look whether the queues are long, now and then; to be called whenever something was sent."""
        now_s = self._clock()
        if now_s < self._next_s:
            return
        delivery = self._read(self._socket)
        if delivery is None:
            self._next_s = float("inf")
            return
        if now_s > self._since_s:
            self._adjust(delivery, (delivery.arrived - self._arrived) / (now_s - self._since_s))
        self._since_s, self._arrived = now_s, delivery.arrived
        self._next_s = now_s + max(_INTERVAL_S, _ROUND_TRIPS * delivery.shortest_s)

    def _adjust(self, delivery: Delivery, bytes_per_s: float) -> None:
        queue_s = delivery.round_trip_s - delivery.shortest_s
        if queue_s > _LONG_QUEUE_S:
            wanted = bytes_per_s * (delivery.shortest_s + _WANTED_QUEUE_S)
            self._set(wanted if self.size is None else min(wanted, self.size))
        elif self.size is not None and queue_s < _SHORT_QUEUE_S:
            self._set(self.size * _GROWTH)

    def _set(self, wanted: float) -> None:
        size = max(_LEAST_BYTES, int(wanted))
        if self.size is None and size >= _MOST_BYTES:
            return
        self.size = min(size, _MOST_BYTES)
        # Linux doubles the number, as it counts its own needs too: half of them are for bytes.
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.size // 2)
