"""Limits password attempts: counts the wrong ones of each address and session, and delays the next."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messango.room.members import hash_session
from messango.room.peer import Peer
from messango.server.limits import MAX_THROTTLE_WAIT_S
from messango.server.throttling.trust import KnownAddresses, Trust, put_newest

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

#: Attempts per second and at once of all clients with the same level of trust. An attempt takes about 10 ms,
#: so a flood of strangers uses at most a tenth of one processor; a lecture hall can press Join at the same
#: moment.
_RATE: Final = 10.0
BURST: Final = 100

#: For each wrong or pending attempt of an address, this many of `BURST` are left to those with fewer. So a
#: flood is limited by its own attempts before it can use up the turns of an address that has made none.
_LEFT_TO_OTHERS: Final = 5
_MAX_PENDING_COUNTED: Final = 8

#: As many as there are in a /20. An attacker with more addresses than these is limited only by the rate.
_MAX_ADDRESSES: Final = 4_096


@dataclass(frozen=True, slots=True)
class Reservation:
    """A counted attempt, which may start after `wait_s` seconds; `keys` are what it counts for."""

    host: str
    keys: tuple[str, ...]
    trust: Trust
    wait_s: float


@dataclass(slots=True)
class _State:
    """The attempts of an address, an IPv6 network or a session: the pending ones, and the wrong ones as of
    `updated_at_s`; they decrease with time.
    """

    updated_at_s: float
    failures: float = 0.0
    pending: int = 0
    next_start_s: float = 0.0
    total_failures: int = 0

    @property
    def counted(self) -> float:
        """The wrong attempts, with the pending ones that are too many."""
        return self.failures + max(0, self.pending - MAX_CONCURRENT)


class PasswordThrottle:
    """Owns the lock that guards its tables; for any thread. `clock` returns monotonic seconds.

    Strangers, addresses that are known and sessions have a budget each. A session counts by itself, and a
    known address without its IPv6 network. Of an IPv6 network elsewhere the addresses count that were wrong,
    not how often: one computer there must not delay all others, nor get more turns by changing its address.
    """

    def __init__(
        self, known: KnownAddresses | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._known = known or KnownAddresses()
        self._lock = threading.Lock()
        self._states: OrderedDict[str, _State] = OrderedDict()
        #: For each level, when the next attempt would be due if they came evenly (the generic cell rate
        #: algorithm).
        self._due_s = dict.fromkeys(Trust, 0.0)

    def reserve(self, peer: Peer, session: str = "") -> Reservation | None:
        """Count an attempt of this client; return None if it would have to wait too long.

        `session` is the secret of a session of this room, or empty. Afterwards call one of `succeeded`,
        `failed` and `cancelled`.
        """
        trust = Trust.SESSION if session else self._known.trust_in(peer)
        keys = (hash_session(session),) if session else peer.limit_keys
        if trust is not Trust.NOTHING:
            keys = keys[:1]  # A known address counts without its network.
        with self._lock:
            now_s = self._clock()
            states = [self._state(key, now_s) for key in keys]
            due_s = max(self._due_s[trust], now_s) + 1 / _RATE
            if (due_s - now_s) * _RATE > min(map(_most_used, states)):
                return None
            turn_s = max(now_s, due_s - BURST / _RATE)
            # An address that waits for its own wrong attempts does not make its network wait.
            starts_s = [max(turn_s, state.next_start_s) for state in states]
            wait_s = max(starts_s) - now_s
            if wait_s > MAX_THROTTLE_WAIT_S:
                return None
            self._due_s[trust] = due_s
            for state, start_s in zip(states, starts_s, strict=True):
                state.next_start_s = start_s + _backoff_s(state.counted)
                state.pending += 1
            return Reservation(peer.host, keys, trust, wait_s)

    def succeeded(self, reservation: Reservation) -> None:
        """Record the right password. It cancels a wrong attempt; from now on its address is known."""
        with self._lock:
            for state in self._release(reservation):
                state.failures = max(0.0, state.failures - 1)
        self._known.add(reservation.host)

    def failed(self, reservation: Reservation) -> int:
        """Record a wrong password; return how many attempts of this address or session were wrong."""
        with self._lock:
            own, *networks = self._release(reservation)
            if not own.failures:
                for network in networks:
                    network.failures = min(_MAX_COUNTED, network.failures + 1)
            own.failures = min(_MAX_COUNTED, own.failures + 1)
            for state in (own, *networks):
                state.total_failures += 1
            return max(state.total_failures for state in (own, *networks))

    def cancelled(self, reservation: Reservation) -> None:
        """Record that the attempt did not take place."""
        with self._lock:
            self._release(reservation)

    def _release(self, reservation: Reservation) -> list[_State]:
        states = [self._state(key, self._clock()) for key in reservation.keys]
        for state in states:
            state.pending = max(0, state.pending - 1)
        return states

    def _state(self, key: str, now_s: float) -> _State:
        """Return the state of a key as of now. The caller holds the lock."""
        state = self._states.get(key) or _State(now_s)
        state.failures = max(0.0, state.failures - (now_s - state.updated_at_s) / _FORGIVE_ONE_AFTER_S)
        state.updated_at_s = now_s
        put_newest(self._states, key, state, _MAX_ADDRESSES)
        return state


def _most_used(state: _State) -> float:
    """Return how much of `BURST` may be in use for another attempt of an address.

    A pending attempt may be wrong too, but those of a class must fit beside each other. More is left to an
    address that has never been wrong: not even all addresses of a large network keep it out for long.
    """
    counted = min(state.failures + min(state.pending, _MAX_PENDING_COUNTED), _MAX_COUNTED)
    is_new = not counted and not state.total_failures
    return BURST + MAX_THROTTLE_WAIT_S * _RATE if is_new else BURST - _LEFT_TO_OTHERS * counted


def _backoff_s(failures: float) -> float:
    """Return the delay after this many wrong attempts."""
    beyond = round(failures) + 1 - FREE_ATTEMPTS
    return 0.0 if beyond < 0 else min(MAX_BACKOFF_S, _FIRST_BACKOFF_S * 2**beyond)
