"""How often a password was guessed, from where, and how long the next try has to wait for that."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")

#: So many wrong tries of one address cost it nothing: people mistype.
FREE_ATTEMPTS: Final = 10

#: And so many that are under way at the same moment: a class that presses Join together may have one
#: address, and over IPv6 it counts as one. More than that are taken for wrong until they are right.
MAX_CONCURRENT: Final = 40

#: After those each try waits, twice as long each time; not much longer, for honest people wait with the
#: others of their address.
_FIRST_BACKOFF_S: Final = 0.5
MAX_BACKOFF_S: Final = 4.0
_MAX_COUNTED: Final = 16

#: One wrong try is forgiven in this time.
_FORGIVE_ONE_AFTER_S: Final = 60.0

#: A client that hears nothing for longer holds the link for dead, so who would wait longer comes back later.
MAX_WAIT_S: Final = 5.0

#: All addresses together: an exchange costs some 10 ms, so a flood takes a tenth of one processor at most.
#: A hall that presses Join at the same moment fits.
_RATE: Final = 10.0
BURST: Final = 100

#: Whoever has more addresses than these is held by the rate alone.
_MAX_ADDRESSES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that was let begin: after `wait_s` seconds it may go on."""

    host: str
    throttle_key: str
    wait_s: float


@dataclass(slots=True)
class _AddressState:
    """One address: what it got wrong (less with time, as of `updated_at_s`), and what is still being
    tried.
    """

    updated_at_s: float
    failures: float = 0.0
    pending: int = 0
    next_start_s: float = 0.0
    total_failures: int = 0


class PasswordThrottle:
    """Owns the lock that guards its records; any thread. `clock` gives seconds and never jumps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._states: OrderedDict[str, _AddressState] = OrderedDict()
        #: Addresses that knew the password: what their neighbours guess is not counted for them.
        self._trusted_hosts: OrderedDict[str, None] = OrderedDict()
        #: When the next try would be due if all came evenly (the generic cell rate algorithm).
        self._due_s = 0.0

    def start(self, host: str) -> Attempt | None:
        """Count a try from this address; returns None where too many wait, else it ends with `succeeded`,
        `failed` or `cancelled`.
        """
        with self._lock:
            now_s = self._clock()
            key = host if host in self._trusted_hosts else _throttle_key(host)
            state = self._state(key, now_s)
            due_s = max(self._due_s, now_s) + 1 / _RATE
            start_s = max(now_s, state.next_start_s, due_s - BURST / _RATE)
            if start_s - now_s > MAX_WAIT_S:
                return None
            self._due_s = due_s
            state.next_start_s = start_s + _backoff_s(state.failures + max(0, state.pending - MAX_CONCURRENT))
            state.pending += 1
            return Attempt(host, key, start_s - now_s)

    def succeeded(self, attempt: Attempt) -> None:
        """The password was known: it makes up for a wrong one, and this address is its own from now on."""
        with self._lock:
            state = self._release(attempt)
            state.failures = max(0.0, state.failures - 1)
            _put_newest(self._trusted_hosts, attempt.host, None)

    def failed(self, attempt: Attempt) -> int:
        """It was not; returns how often that was so of this address."""
        with self._lock:
            state = self._release(attempt)
            state.failures = min(_MAX_COUNTED, state.failures + 1)
            state.total_failures += 1
            return state.total_failures

    def cancelled(self, attempt: Attempt) -> None:
        """The try was not made."""
        with self._lock:
            self._release(attempt)

    def _release(self, attempt: Attempt) -> _AddressState:
        state = self._state(attempt.throttle_key, self._clock())
        state.pending = max(0, state.pending - 1)
        return state

    def _state(self, key: str, now_s: float) -> _AddressState:
        """With the lock held: return the record of an address as of now."""
        state = self._states.get(key) or _AddressState(now_s)
        state.failures = max(0.0, state.failures - (now_s - state.updated_at_s) / _FORGIVE_ONE_AFTER_S)
        state.updated_at_s = now_s
        _put_newest(self._states, key, state)
        return state


def _put_newest(table: OrderedDict[str, T], key: str, value: T) -> None:
    """Note it as the newest; the oldest goes where there are too many."""
    table[key] = value
    table.move_to_end(key)
    if len(table) > _MAX_ADDRESSES:
        table.popitem(last=False)


def _backoff_s(failures: float) -> float:
    """Return how long the next try waits where so many count."""
    beyond = round(failures) + 1 - FREE_ATTEMPTS
    return 0.0 if beyond < 0 else min(MAX_BACKOFF_S, _FIRST_BACKOFF_S * 2**beyond)


def _throttle_key(host: str) -> str:
    """Return what counts as one address: of IPv6 the /64, of which a machine has as many as it likes."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(int(address) >> 64)
