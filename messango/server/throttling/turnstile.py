"""Lets one thread through at a time: those of the highest trust first, then in the order of their arrival."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from messango.server.throttling.trust import Trust


@dataclass(order=True, slots=True)
class _Turn:
    """A waiting thread; the lowest is next. `ready` is set when its turn comes."""

    rank: int
    number: int
    ready: threading.Event = field(default_factory=threading.Event, compare=False)


class Turnstile:
    """Owns the lock that guards its queue; for any thread. A thread may hold its turn for long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._is_taken = False
        self._waiting: list[_Turn] = []

    @contextlib.contextmanager
    def turn(self, trust: Trust) -> Iterator[None]:
        """Wait for a turn, and hold it inside the block."""
        with self._lock:
            turn = _Turn(-trust, next(self._numbers))
            if self._is_taken:
                heappush(self._waiting, turn)
            else:
                self._is_taken = True
                turn.ready.set()
        turn.ready.wait()
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                heappop(self._waiting).ready.set()
            else:
                self._is_taken = False
