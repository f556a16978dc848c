"""Decides when to send a ping, and when a silent connection is treated as dead."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from messango.errors import ConnectionLost
from messango.protocol.limits import PING_AFTER_S, PONG_TIMEOUT_S

#: If wall clock and monotonic clock differ by more than this, the computer has slept: most connections
#: are then dead.
_CLOCK_JUMP_S: Final = 3.0

#: After a sleep the server answers soon or not at all.
_PONG_TIMEOUT_AFTER_SLEEP_S: Final = 2.0

#: If the last answer took this long, the network is slow and may lose packets: TCP repeats a lost one after
#: about one second, then after two and four more.
_SLOW_PONG_S: Final = 0.25
_PONG_TIMEOUT_IF_SLOW_S: Final = 10.0

#: All members received the last message at the same moment. Without random spread they would also send
#: their pings together, again and again, and delay the messages behind them.
_MAX_JITTER_S: Final = 0.5


class Heartbeat:
    """Measures the silence on one connection. Not thread-safe."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter_s: float | None = None,
    ) -> None:
        """`jitter_s` shortens the silence (five seconds) before a ping; random by default."""
        if jitter_s is None:
            jitter_s = random.uniform(0.0, _MAX_JITTER_S)  # noqa: S311 (no secret)
        self._ping_after_s = PING_AFTER_S - jitter_s
        self._monotonic = monotonic
        self._wall = wall
        self._pong_timeout_s = PONG_TIMEOUT_S
        self._ping_sent_s: float | None = None
        self._is_slow = False
        self._last_sent_s = monotonic()
        self.reset()

    def reset(self) -> None:
        """Restart the timer: bytes were received."""
        self._last_received_s = self._monotonic()
        self._wall_offset_s = self._wall() - self._last_received_s
        if self._ping_sent_s is not None:
            self._is_slow = self._last_received_s - self._ping_sent_s >= _SLOW_PONG_S
        self._ping_sent_s = None

    def wait_s(self) -> float:
        """Return how long to wait for bytes before calling `on_timeout`."""
        if self._ping_sent_s is not None:
            return max(0.0, self._ping_sent_s + self._pong_timeout_s - self._monotonic())
        return max(0.0, self._last_received_s + self._ping_after_s - self._monotonic())

    def on_timeout(self) -> None:
        """Handle a silence: the caller sends a ping now. Raises `ConnectionLost` if one was unanswered."""
        if self._ping_sent_s is not None:
            raise ConnectionLost("The room stopped responding.", "Reconnecting…")
        self._ping_sent_s = self._last_sent_s = self._monotonic()
        slept = abs(self._wall() - self._ping_sent_s - self._wall_offset_s) > _CLOCK_JUMP_S
        timeout_s = _PONG_TIMEOUT_IF_SLOW_S if self._is_slow else PONG_TIMEOUT_S
        self._pong_timeout_s = _PONG_TIMEOUT_AFTER_SLEEP_S if slept else timeout_s

    def keepalive_due(self) -> bool:
        """Return whether to send a ping although the connection is busy.

        A member who only listens sends nothing, and the server drops silent connections.
        """
        due = self._monotonic() - self._last_sent_s >= self._ping_after_s
        if due:
            self._last_sent_s = self._monotonic()
        return due
