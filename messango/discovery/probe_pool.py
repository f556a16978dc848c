"""Probes rooms over TCP in a few threads: an mDNS record is only a hint, a room that answers is real."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from messango.errors import MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.dialing.probe import PROBE_PATIENCE_S, ProbeResult

logger = logging.getLogger(__name__)

#: Together with the time between two probes: a room that died is shown as silent within 5 s. A lost first
#: packet is repeated several times by then (`transport.dial_pace`), so it does not make a room look dead. On
#: a network that has shown to be slow, a probe may take longer.
PROBE_TIMEOUT_S: Final = 2.0

#: A dead machine occupies a thread for the whole time limit; a dozen of them must not delay the others.
MAX_PROBES: Final = 16
#: While so many probes run, no further one takes longer for a slow network: machines that pretend to be on
#: one must not occupy all threads.
_MAX_PATIENT: Final = MAX_PROBES // 2


class Probe(Protocol):
    """The signature of `messango.transport.dialing.probe.probe`."""

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = PROBE_PATIENCE_S,
    ) -> ProbeResult: ...


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    """The result of a probe, and the seconds it took."""

    result: ProbeResult | MessangoError
    took_s: float


@dataclass(frozen=True, slots=True)
class _Job:
    """A probe to run; `on_done` gets its outcome."""

    addresses: Sequence[Address]
    patience_s: float
    fingerprint: str | None
    on_done: Callable[[ProbeOutcome], None]


class ProbePool:
    """Runs probes in threads that start as needed. Only one thread, the owner, calls its methods but `close`.

    `_lock` guards `_closed` and `_threads`.
    """

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._running = 0

    @property
    def free_slots(self) -> int:
        """How many more probes can run at once."""
        return MAX_PROBES - self._running

    def start(
        self,
        addresses: Sequence[Address],
        on_done: Callable[[ProbeOutcome], None],
        fingerprint: str | None = None,
    ) -> None:
        """Start a probe; `on_done` is called in another thread, and then the owner calls `release`.

        With the announced `fingerprint`, other rooms that answer at one of the addresses are passed over.
        After `close` nothing is started: a busy owner may take a while to end.
        """
        with self._lock:
            if self._closed:
                return
            self._running += 1
            if len(self._threads) < self._running:
                name = f"messango-probe-{len(self._threads) + 1}"
                # Daemons: a connect that hangs must not keep a finished command alive.
                thread = threading.Thread(target=self._run_worker, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()
            patience_s = PROBE_PATIENCE_S if self._running <= _MAX_PATIENT else PROBE_TIMEOUT_S
            self._jobs.put(_Job(addresses, patience_s, fingerprint, on_done))

    def release(self) -> None:
        """Free the slot of a finished probe."""
        self._running -= 1

    def close(self, timeout_s: float) -> None:
        """Stop the threads and join them, at most this long. Any thread."""
        deadline = time.monotonic() + timeout_s
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run_worker(self) -> None:
        while (job := self._jobs.get()) is not None:
            started = time.monotonic()
            outcome = self._probe_safely(job)
            job.on_done(ProbeOutcome(outcome, time.monotonic() - started))

    def _probe_safely(self, job: _Job) -> ProbeResult | MessangoError:
        try:
            return self._probe(
                job.addresses,
                fingerprint=job.fingerprint,
                timeout_s=PROBE_TIMEOUT_S,
                patience_s=job.patience_s,
            )
        except MessangoError as error:
            return error
        except OSError as error:  # No descriptor is left for a connection.
            return Unreachable(f"The probe failed ({error.strerror or error}).")
        except Exception:  # The edge of the thread: addresses and answers come from strangers.
            logger.exception("probing %s failed", job.addresses)
            return Unreachable("The probe failed.")
