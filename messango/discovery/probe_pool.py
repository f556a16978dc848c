"""Asks rooms over TCP, a few at a time, in threads: what mDNS says is a hint, what answers is a room."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from messango.errors import MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.probe import ProbeResult

logger = logging.getLogger(__name__)

#: With the time between two probes this is how long a death stays unseen: under 5 s. A lost first
#: packet is sent again after 1 s, so that one lost packet makes no room look dead.
PROBE_TIMEOUT_S: Final = 2.0

#: A dead machine holds a thread for the whole time limit: enough that a dozen of them delay nobody.
MAX_PROBERS: Final = 16


class Look(Protocol):
    """What `messango.transport.probe.probe` does."""

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a probe brought and how long it took."""

    outcome: ProbeResult | MessangoError
    took_s: float


_Job: TypeAlias = tuple[Sequence[Address], Callable[[Answer], None]]


class Probers:
    """A few threads, started as they are needed. One thread owns it: the methods are for that one."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._asked = 0

    @property
    def free(self) -> int:
        """How many more can be asked at once."""
        return MAX_PROBERS - self._asked

    def ask(self, addresses: Sequence[Address], done: Callable[[Answer], None]) -> None:
        """Ask; `done` is called in another thread, and the owner then calls `finished`."""
        self._asked += 1
        if len(self._threads) < self._asked:
            name = f"messango-probe-{len(self._threads) + 1}"
            # Daemons: a connect to nowhere must not keep a command alive that has its result.
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put((addresses, done))

    def finished(self) -> None:
        """Note that a prober is free again."""
        self._asked -= 1

    def close(self, timeout_s: float) -> None:
        """End the threads and wait for them, at most so long."""
        deadline = time.monotonic() + timeout_s
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            addresses, done = job
            started = time.monotonic()
            outcome = self._outcome(addresses)
            done(Answer(outcome, time.monotonic() - started))

    def _outcome(self, addresses: Sequence[Address]) -> ProbeResult | MessangoError:
        try:
            return self._look(addresses, timeout_s=PROBE_TIMEOUT_S)
        except MessangoError as error:
            return error
        except Exception:
            # A stranger chose these addresses and what answers there: no fault may end the thread.
            logger.exception("Probing %s failed", addresses)
            return Unreachable("The probe failed.")
