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
MAX_PROBES: Final = 16


class Probe(Protocol):
    """What `messango.transport.probe.probe` does."""

    def __call__(self, addresses: Sequence[Address], *, timeout_s: float = 3.0) -> ProbeResult: ...


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    """What a probe brought and how long it took."""

    result: ProbeResult | MessangoError
    took_s: float


_Job: TypeAlias = tuple[Sequence[Address], Callable[[ProbeOutcome], None]]


class ProbePool:
    """A few threads, started as they are needed. One thread owns it: the methods are for that one."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._running = 0

    @property
    def free_slots(self) -> int:
        """How many more can be asked at once."""
        return MAX_PROBES - self._running

    def start(self, addresses: Sequence[Address], on_done: Callable[[ProbeOutcome], None]) -> None:
        """Ask; `on_done` is called in another thread, and the owner then calls `release`."""
        self._running += 1
        if len(self._threads) < self._running:
            name = f"messango-probe-{len(self._threads) + 1}"
            # Daemons: a connect to nowhere must not keep a command alive that has its result.
            thread = threading.Thread(target=self._run_worker, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put((addresses, on_done))

    def release(self) -> None:
        """Note that a prober is free again."""
        self._running -= 1

    def close(self, timeout_s: float) -> None:
        """End the threads and wait for them, at most so long."""
        deadline = time.monotonic() + timeout_s
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run_worker(self) -> None:
        while (job := self._jobs.get()) is not None:
            addresses, on_done = job
            started = time.monotonic()
            outcome = self._probe_safely(addresses)
            on_done(ProbeOutcome(outcome, time.monotonic() - started))

    def _probe_safely(self, addresses: Sequence[Address]) -> ProbeResult | MessangoError:
        try:
            return self._probe(addresses, timeout_s=PROBE_TIMEOUT_S)
        except MessangoError as error:
            return error
        except Exception:
            # A stranger chose these addresses and what answers there: no fault may end the thread.
            logger.exception("Probing %s failed", addresses)
            return Unreachable("The probe failed.")
