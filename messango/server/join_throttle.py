"""Limits how fast clients from one address may join."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from messango.room.peer import Network, Peer, parse_network

#: Joins a second. Each join sends a history, perhaps megabytes, and a frame to every other member.
RATE: Final = 4.0

#: Joins at once: a class behind one address can press Join at the same moment.
BURST: Final = 32

#: A client treats a connection as dead after this time without a byte, so a longer wait is refused.
MAX_WAIT_S: Final = 5.0

#: Beyond this, the address that has been quiet for the longest time is dropped.
_MAX_NETWORKS: Final = 1_000


class JoinThrottle:
    """Owns the lock that guards its table; for any thread. `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: When the next join would be due if they came evenly (the generic cell rate algorithm).
        self._due_s: OrderedDict[Network, float] = OrderedDict()

    def reserve(self, peer: Peer) -> float | None:
        """Return the seconds that a client has to wait before it may join, or None if too many wait already.

        Clients on the host's own computer do not wait.
        """
        if peer.is_local:
            return 0.0
        network = parse_network(peer.host)
        with self._lock:
            now_s = self._clock()
            due_s = max(self._due_s.get(network, 0.0), now_s) + 1 / RATE
            wait_s = max(0.0, due_s - now_s - BURST / RATE)
            if wait_s > MAX_WAIT_S:
                return None
            self._due_s[network] = due_s
            self._due_s.move_to_end(network)
            if len(self._due_s) > _MAX_NETWORKS:
                self._due_s.popitem(last=False)
            return wait_s
