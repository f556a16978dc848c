"""A cable in user space: passes Ethernet frames between two interfaces, and loses or delays some.

`wire` runs it in the switch's namespace: `python wire_relay.py NEAR FAR`. It reads conditions from standard
input, a JSON object a line, and answers each with a line of counts; it ends with its standard input. Only
the standard library is imported, so that it starts soon.
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import itertools
import json
import os
import random
import selectors
import socket
import struct
import sys
import time
from typing import Any, Final

_ETH_P_ALL: Final = 3
_SOL_PACKET: Final = 263
_PACKET_IGNORE_OUTGOING: Final = 23
#: More than a frame without offloading.
_FRAME_BYTES: Final = 65_536
#: A cable that was slow for a while must not starve the other direction.
_FRAMES_AT_ONCE: Final = 64

_SIOCETHTOOL: Final = 0x8946
#: Transmit checksums, scatter-gather, TSO, GSO and GRO (linux/ethtool.h). With them, what leaves an
#: interface is not yet what Ethernet carries.
_OFFLOADS: Final = (0x17, 0x19, 0x1F, 0x24, 0x2C)


def stop_offloading(interface: str) -> None:
    """Make an interface of this namespace send only finished frames, as `ethtool -K` does.

    Raises `OSError` if there is no such interface.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0), 8)
            request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(sock, _SIOCETHTOOL, request)


class _Direction:
    """Frames from one interface to the other; times are in seconds of the monotonic clock."""

    def __init__(self, source: socket.socket, target: socket.socket, seed: int) -> None:
        self.source = source
        self._target = target
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._waiting: list[tuple[float, int, bytes]] = []
        self._numbers = itertools.count()
        self._last_due = self._free_at = 0.0
        self.carried = self.lost = 0
        self.conditions: dict[str, Any] = {}

    def accept(self, frame: bytes, now: float) -> None:
        """Lose a frame, or keep it until it is due."""
        loss, max_bytes = self.conditions.get("loss", 0.0), self.conditions.get("max_bytes")
        if self._random.random() < loss or (max_bytes and len(frame) > max_bytes):
            self.lost += 1
            return
        rate, queue_s = self.conditions.get("rate"), self.conditions.get("queue_s", 0.5)
        sent_at = now
        if rate:
            start = max(now, self._free_at)
            if start - now > queue_s:
                self.lost += 1
                return
            sent_at = self._free_at = start + len(frame) / rate
        jitter = self.conditions.get("jitter_s", 0.0)
        due = sent_at + self.conditions.get("delay_s", 0.0) + self._random.uniform(0.0, jitter)
        # One radio keeps the order of its frames.
        self._last_due = due = max(due, self._last_due)
        heapq.heappush(self._waiting, (due, next(self._numbers), frame))

    def deliver(self, now: float) -> None:
        """Send the frames that are due."""
        while self._waiting and self._waiting[0][0] <= now:
            frame = heapq.heappop(self._waiting)[2]
            try:
                self._target.send(frame)
            except OSError:  # The cable is unplugged, or the frame is larger than the interface takes.
                self.lost += 1
            else:
                self.carried += 1

    def next_due(self) -> float:
        """Return when the next frame is due, or infinity."""
        return self._waiting[0][0] if self._waiting else float("inf")


def _open(interface: str) -> socket.socket:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    sock.bind((interface, _ETH_P_ALL))
    sock.setblocking(False)
    return sock


class _Relay:
    def __init__(self, near: str, far: str) -> None:
        one, two = _open(near), _open(far)
        self._directions = (_Direction(one, two, 1), _Direction(two, one, 2))
        self._selector = selectors.DefaultSelector()
        for direction in self._directions:
            self._selector.register(direction.source, selectors.EVENT_READ, direction)
        self._selector.register(0, selectors.EVENT_READ, None)
        self._unread = b""

    def run(self) -> None:
        """Pass frames on until standard input ends."""
        _answer({"ready": True})
        while True:
            due = min(direction.next_due() for direction in self._directions)
            timeout_s = None if due == float("inf") else max(0.0, due - time.monotonic())
            for key, _ in self._selector.select(timeout_s):
                if key.data is not None:
                    _receive(key.data)
                elif not self._read_conditions():
                    return
            for direction in self._directions:
                direction.deliver(time.monotonic())

    def _read_conditions(self) -> bool:
        """Apply new conditions; false at the end of standard input."""
        data = os.read(0, 4096)
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            conditions = json.loads(line)
            for direction in self._directions:
                direction.conditions = conditions
            carried, lost = (
                [getattr(direction, name) for direction in self._directions] for name in ("carried", "lost")
            )
            _answer({"carried": carried, "lost": lost})
        return bool(data)


def _answer(fields: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def _receive(direction: _Direction) -> None:
    for _ in range(_FRAMES_AT_ONCE):
        try:
            frame = direction.source.recv(_FRAME_BYTES)
        except OSError:  # Nothing more, or the cable is unplugged.
            return
        direction.accept(frame, time.monotonic())


if __name__ == "__main__":
    if sys.argv[1] == "stop-offloading":
        stop_offloading(sys.argv[2])
    else:
        _Relay(sys.argv[1], sys.argv[2]).run()
