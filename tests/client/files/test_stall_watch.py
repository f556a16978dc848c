"""When a transfer counts as stalled."""

from __future__ import annotations

import pytest

from messango.client.files.stall_watch import StallWatch
from messango.errors import ConnectionLost
from messango.protocol.limits import TRANSFER_STALL_S


class Clock:
    """A clock that a test sets."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_silence_is_a_stall() -> None:
    """Thirty seconds after the last byte, not before."""
    clock = Clock()
    watch = StallWatch(clock)
    clock.now_s += TRANSFER_STALL_S - 1
    watch.moved(100_000)
    clock.now_s += TRANSFER_STALL_S - 1
    watch.moved(0)
    clock.now_s += 1
    with pytest.raises(ConnectionLost):
        watch.moved(0)


def test_a_slow_network_is_no_stall() -> None:
    """A kilobyte a second is slow, and arrives."""
    clock = Clock()
    watch = StallWatch(clock)
    for _ in range(200):
        clock.now_s += 1
        watch.moved(1_000)


def test_a_byte_now_and_then_is_a_stall() -> None:
    """A peer that only pretends to send holds nothing for longer than half a minute."""
    clock = Clock()
    watch = StallWatch(clock)
    for _ in range(int(TRANSFER_STALL_S) - 1):
        clock.now_s += 1
        watch.moved(1)
    clock.now_s += 1
    with pytest.raises(ConnectionLost):
        watch.moved(1)
