"""Limits password attempts: counts the wrong ones of each address and delays the next."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")

#: Wrong attempts of one address that cause no delay: people mistype.
FREE_ATTEMPTS: Final = 10

#: Attempts of one address at the same time: a class that joins together may share one address or one IPv6
#: network. Further ones count as wrong until they succeed.
MAX_CONCURRENT: Final = 40

#: After the free attempts, each one waits twice as long as the one before, up to a limit, because honest
#: people with the same address wait too.
_FIRST_BACKOFF_S: Final = 0.5
MAX_BACKOFF_S: Final = 4.0
_MAX_COUNTED: Final = 16

#: One wrong attempt is forgiven after this time.
_FORGIVE_ONE_AFTER_S: Final = 60.0

#: A client treats a connection as dead after this time without a byte, so a longer wait is refused.
MAX_WAIT_S: Final = 5.0

#: Attempts of all addresses together, per second and at once. An attempt takes about 10 ms, so a flood uses
#: at most a tenth of one processor; a lecture hall can press Join at the same moment.
_RATE: Final = 10.0
BURST: Final = 100

#: An attacker with more addresses than these is limited only by the rate.
_MAX_ADDRESSES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """A counted attempt, which may start after `wait_s` seconds."""

    host: str
    throttle_key: str
    wait_s: float


@dataclass(slots=True)
class _AddressState:
    """An address: its pending attempts, and its wrong ones as of `updated_at_s`; they decrease with time."""

    updated_at_s: float
    failures: float = 0.0
    pending: int = 0
    next_start_s: float = 0.0
    total_failures: int = 0


class PasswordThrottle:
    """Owns the lock that guards its table; for any thread. `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._states: OrderedDict[str, _AddressState] = OrderedDict()
        #: Addresses that gave the right password; wrong attempts of their network do not count for them.
        self._trusted_hosts: OrderedDict[str, None] = OrderedDict()
        #: When the next attempt would be due if they came evenly (the generic cell rate algorithm).
        self._due_s = 0.0

    def reserve(self, host: str) -> Reservation | None:
        """Count an attempt from this address; return None if it would have to wait too long.

        Afterwards call one of `succeeded`, `failed` and `cancelled`.
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
            return Reservation(host, key, start_s - now_s)

    def succeeded(self, reservation: Reservation) -> None:
        """Record the right password. It cancels a wrong attempt; from now on its address counts by itself."""
        with self._lock:
            state = self._release(reservation)
            state.failures = max(0.0, state.failures - 1)
            _put_newest(self._trusted_hosts, reservation.host, None)

    def failed(self, reservation: Reservation) -> int:
        """Record a wrong password; return how many attempts of this address were wrong."""
        with self._lock:
            state = self._release(reservation)
            state.failures = min(_MAX_COUNTED, state.failures + 1)
            state.total_failures += 1
            return state.total_failures

    def cancelled(self, reservation: Reservation) -> None:
        """Record that the attempt did not take place."""
        with self._lock:
            self._release(reservation)

    def _release(self, reservation: Reservation) -> _AddressState:
        state = self._state(reservation.throttle_key, self._clock())
        state.pending = max(0, state.pending - 1)
        return state

    def _state(self, key: str, now_s: float) -> _AddressState:
        """Return the state of an address as of now. The caller holds the lock."""
        state = self._states.get(key) or _AddressState(now_s)
        state.failures = max(0.0, state.failures - (now_s - state.updated_at_s) / _FORGIVE_ONE_AFTER_S)
        state.updated_at_s = now_s
        _put_newest(self._states, key, state)
        return state


def _put_newest(table: OrderedDict[str, T], key: str, value: T) -> None:
    """Store as the newest entry; drop the oldest beyond `_MAX_ADDRESSES`."""
    table[key] = value
    table.move_to_end(key)
    if len(table) > _MAX_ADDRESSES:
        table.popitem(last=False)


def _backoff_s(failures: float) -> float:
    """Return the delay after this many wrong attempts."""
    beyond = round(failures) + 1 - FREE_ATTEMPTS
    return 0.0 if beyond < 0 else min(MAX_BACKOFF_S, _FIRST_BACKOFF_S * 2**beyond)


def _throttle_key(host: str) -> str:
    """Return the key of an address: for IPv6 its /64, as a computer can use any address in it."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(int(address) >> 64)
