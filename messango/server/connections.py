"""All connections of a server, and which of them have not joined yet."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from messango.server.limits import MAX_STRANGERS, MAX_STRANGERS_PER_ADDRESS

if TYPE_CHECKING:
    from messango.server.client_thread import Guest


class Guests:
    """Owns the lock that guards its tables; every method may be called by any thread.

    Where there are too many strangers, one makes room, of the address that has most of them: the one that
    is owed the least, and of several the one that came first. So whoever comes next gets a turn, a flood
    crowds out itself, and who means it is in before its turn comes to go.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[int, Guest] = {}
        self._strangers: dict[int, Guest] = {}
        self._per_address: Counter[str] = Counter()

    def add(self, guest: Guest) -> Guest | None:
        """Add a stranger; returns the one that has to go for it, if any."""
        with self._lock:
            self._all[guest.connection_id] = guest
            self._strangers[guest.connection_id] = guest
            self._per_address[guest.peer.host] += 1
            crowded = self._crowded(guest.peer.host)
            if not crowded:
                return None
            evicted = self._least_eager(crowded, guest)
            self._forget_stranger(evicted)
            return evicted

    def _least_eager(self, crowded: set[str], newest: Guest) -> Guest:
        there = [
            other for other in self._strangers.values() if other.peer.host in crowded and other is not newest
        ]
        return min(there, key=lambda other: other.owed)

    def _crowded(self, newest: str) -> set[str]:
        """Return the addresses one of whose strangers has to go, or none where there is room."""
        if self._per_address[newest] > MAX_STRANGERS_PER_ADDRESS:
            return {newest}
        if len(self._strangers) <= MAX_STRANGERS:
            return set()
        # One machine can have an address for each of its connections: then they all have as many.
        most = max(self._per_address.values())
        return {host for host, count in self._per_address.items() if count == most}

    def settle(self, guest: Guest) -> None:
        """Count a guest among the strangers no longer."""
        with self._lock:
            self._forget_stranger(guest)

    def remove(self, guest: Guest) -> None:
        """Forget a guest whose connection is closed."""
        with self._lock:
            self._forget_stranger(guest)
            self._all.pop(guest.connection_id, None)

    def get(self, connection_id: int) -> Guest | None:
        """Return the guest of this connection while it is there."""
        with self._lock:
            return self._all.get(connection_id)

    def all(self) -> list[Guest]:
        """Return everybody, strangers too."""
        with self._lock:
            return [*self._all.values()]

    def oldest_stranger(self) -> Guest | None:
        """Return who has dawdled longest."""
        with self._lock:
            return next(iter(self._strangers.values()), None)

    def _forget_stranger(self, guest: Guest) -> None:
        if self._strangers.pop(guest.connection_id, None) is not None:
            self._per_address[guest.peer.host] -= 1
            if not self._per_address[guest.peer.host]:
                del self._per_address[guest.peer.host]
