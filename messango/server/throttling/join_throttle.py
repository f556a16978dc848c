"""Limits how fast clients from one address may join."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from messango.room.members import hash_session
from messango.room.peer import Peer
from messango.server.limits import MAX_THROTTLE_WAIT_S
from messango.server.throttling.trust import put_newest

#: Joins a second. Each join sends a history, perhaps megabytes, and a frame to every other member.
RATE: Final = 4.0

#: Joins at once: a class behind one address can press Join at the same moment.
BURST: Final = 32

#: Beyond this, the address that has been quiet for the longest time is dropped.
_MAX_KEYS: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Budget:
    """Joins a second and at once, in the table under `key`."""

    key: str
    rate: float
    burst: int


class JoinThrottle:
    """Owns the lock that guards its table; for any thread. `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: When the next join would be due if they came evenly (the generic cell rate algorithm).
        self._due_s: OrderedDict[str, float] = OrderedDict()

    def reserve(self, peer: Peer, session: str = "") -> float | None:
        """Return the seconds that a client has to wait before it may join, or None if too many wait already.

        `session` is the secret of a session of this room, or empty: a member who returns does not depend on
        how many others join from the same address. Clients on the host's own computer do not wait.
        """
        if peer.is_local:
            return 0.0
        with self._lock:
            if session and self._take([_session_budget(session)], max_wait_s=0.0) is not None:
                return 0.0
            return self._take([*_address_budgets(peer)], max_wait_s=MAX_THROTTLE_WAIT_S)

    def _take(self, budgets: list[_Budget], *, max_wait_s: float) -> float | None:
        """Take one join from each budget, or none if one of them means a longer wait. Holds the lock."""
        now_s = self._clock()
        due_s = {budget: max(self._due_s.get(budget.key, 0.0), now_s) + 1 / budget.rate for budget in budgets}
        wait_s = max(due - now_s - budget.burst / budget.rate for budget, due in due_s.items())
        if wait_s > max_wait_s:
            return None
        for budget, due in due_s.items():
            put_newest(self._due_s, budget.key, due, _MAX_KEYS)
        return max(0.0, wait_s)


def _session_budget(session: str) -> _Budget:
    """A connection that breaks twice in a moment; a session can't be used to join faster than its address."""
    return _Budget(hash_session(session), RATE / 20, 2)


def _address_budgets(peer: Peer) -> Iterator[_Budget]:
    """The budget of an address and, for IPv6 from elsewhere, of its /64.

    Three addresses can use up what the /64 has, but one address can't.
    """
    address, *networks = peer.limit_keys
    yield _Budget(address, RATE, BURST)
    for network in networks:
        yield _Budget(network, 3 * RATE, 3 * BURST)
