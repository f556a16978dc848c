"""When to ask whether the room is still there, and when to hold the link for dead."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from messango.errors import ConnectionLost
from messango.protocol.limits import PING_AFTER_S, PONG_TIMEOUT_S

#: Wall clock and running time part by so much when the machine has slept: then links are likely dead.
_CLOCK_JUMP_S: Final = 3.0

#: After a sleep an answer comes soon or not at all.
_PONG_TIMEOUT_AFTER_SLEEP_S: Final = 2.0

#: All have heard the same message last: without a spread all would ask at the same moment, and of threads
#: that wake together all but one wait again, for the interpreter.
_MAX_JITTER_S: Final = 0.5


class Heartbeat:
    """Counts the silence on one connection; not for several threads."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter_s: float | None = None,
    ) -> None:
        """Begin; `jitter_s` is how much sooner than after five seconds it asks, by chance unless given."""
        if jitter_s is None:
            jitter_s = random.uniform(0.0, _MAX_JITTER_S)  # noqa: S311 (no secret)
        self._ping_after_s = PING_AFTER_S - jitter_s
        self._monotonic = monotonic
        self._wall = wall
        self._pong_timeout_s = PONG_TIMEOUT_S
        self._last_sent_s = monotonic()
        self.reset()

    def reset(self) -> None:
        """Something came."""
        self._last_received_s = self._monotonic()
        self._wall_offset_s = self._wall() - self._last_received_s
        self._ping_sent_s: float | None = None

    def wait_s(self) -> float:
        """Return how long to wait for the next bytes before `on_timeout`."""
        if self._ping_sent_s is not None:
            return max(0.0, self._ping_sent_s + self._pong_timeout_s - self._monotonic())
        return max(0.0, self._last_received_s + self._ping_after_s - self._monotonic())

    def on_timeout(self) -> None:
        """Nothing came in that time: raises `ConnectionLost`, or a ping is to be sent now."""
        if self._ping_sent_s is not None:
            raise ConnectionLost("The room has fallen silent.", "It is tried again.")
        self._ping_sent_s = self._last_sent_s = self._monotonic()
        slept = abs(self._wall() - self._ping_sent_s - self._wall_offset_s) > _CLOCK_JUMP_S
        self._pong_timeout_s = _PONG_TIMEOUT_AFTER_SLEEP_S if slept else PONG_TIMEOUT_S

    def keepalive_due(self) -> bool:
        """Tell whether a ping is to be sent although the room talks.

        A member who only listens sends nothing, and the room holds who is silent for dead.
        """
        due = self._monotonic() - self._last_sent_s >= self._ping_after_s
        if due:
            self._last_sent_s = self._monotonic()
        return due
