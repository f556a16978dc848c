"""When to ask whether the room is still there, and when to hold the link for dead."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from messango.errors import ConnectionLost
from messango.protocol.limits import PING_AFTER_S, PONG_TIMEOUT_S

#: Wall clock and running time part by so much when the machine has slept: then links are likely dead.
_SLEPT_S: Final = 3.0

#: After a sleep an answer comes soon or not at all.
_ANSWER_AFTER_SLEEP_S: Final = 2.0

#: All have heard the same message last: without a spread all would ask at the same moment, and of threads
#: that wake together all but one wait again, for the interpreter.
_SPREAD_S: Final = 0.5


class Heartbeat:
    """Counts the silence on one connection; not for several threads."""

    def __init__(
        self,
        running: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        early_s: float | None = None,
    ) -> None:
        """Begin; `early_s` is how much sooner than after five seconds it asks, by chance unless given."""
        if early_s is None:
            early_s = random.uniform(0.0, _SPREAD_S)  # noqa: S311 (no secret)
        self._ask_after_s = PING_AFTER_S - early_s
        self._running = running
        self._wall = wall
        self._patience_s = PONG_TIMEOUT_S
        self._sign_given_s = running()
        self.heard()

    def heard(self) -> None:
        """Something came."""
        self._heard_s = self._running()
        self._offset_s = self._wall() - self._heard_s
        self._asked_s: float | None = None

    def wait_s(self) -> float:
        """Return how long to wait for the next bytes before `ask`."""
        if self._asked_s is not None:
            return max(0.0, self._asked_s + self._patience_s - self._running())
        return max(0.0, self._heard_s + self._ask_after_s - self._running())

    def ask(self) -> None:
        """Nothing came in that time: raises `ConnectionLost`, or a ping is to be sent now."""
        if self._asked_s is not None:
            raise ConnectionLost("The room has fallen silent.", "It is tried again.")
        self._asked_s = self._sign_given_s = self._running()
        slept = abs(self._wall() - self._asked_s - self._offset_s) > _SLEPT_S
        self._patience_s = _ANSWER_AFTER_SLEEP_S if slept else PONG_TIMEOUT_S

    def owes_a_sign(self) -> bool:
        """Tell whether a ping is to be sent although the room talks.

        A member who only listens sends nothing, and the room holds who is silent for dead.
        """
        due = self._running() - self._sign_given_s >= self._ask_after_s
        if due:
            self._sign_given_s = self._running()
        return due
