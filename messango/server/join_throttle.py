"""How fast people come in from one address: who comes and goes without end must not wear out the room."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from messango.room.remote_peer import Network, Peer, parse_network

#: Each who comes in is given the history, megabytes where much was said, and everybody else is told.
RATE: Final = 4.0

#: A class behind one address that presses Join at the same moment fits.
BURST: Final = 32

#: A client that hears nothing for longer holds the link for dead, so who would wait longer comes back later.
MAX_WAIT_S: Final = 5.0

#: Of more addresses the one that has been quiet longest is forgotten.
_MAX_NETWORKS: Final = 1_000


class JoinThrottle:
    """Owns the lock that guards its table; any thread. `clock` gives seconds and never jumps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: When the next from there would be due if all came evenly (the generic cell rate algorithm).
        self._due_s: OrderedDict[Network, float] = OrderedDict()

    def reserve(self, peer: Peer) -> float | None:
        """Return how long somebody has to wait before coming in, or None where too many wait already.

        Nobody waits on the host's own machine.
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
