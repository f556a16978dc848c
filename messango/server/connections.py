"""All connections of a server, and which of them have not joined yet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from messango.room.remote_peer import Peer
from messango.server.limits import MAX_UNJOINED, MAX_UNJOINED_PER_ADDRESS


class ConnectedClient(Protocol):
    """What the server does with a client's thread; each method is for any thread and does not wait."""

    connection_id: int
    peer: Peer

    @property
    def eviction_rank(self) -> int:
        """The rank of a connection that has not joined; the lowest makes room first."""

    def send(self, data: bytes) -> bool:
        """Send encoded frames; false if the client fell behind and is disconnected for it."""

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call once when everything that was sent has left for the client."""

    def close_after(self, final_data: bytes) -> None:
        """Send the last frames, and close."""

    def abort(self) -> None:
        """Break the connection off."""

    def resolve_join(self, *, admitted: bool) -> None:
        """Pass on what the room decided about the client's `join`."""

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""


class ConnectionRegistry:
    """Owns the lock that guards its tables; every method may be called by any thread.

    When there are too many unjoined clients, one of the address that has most of them makes room: the one of
    the lowest rank, and of several the one that came first. So the next one to come gets a turn, a flood
    crowds out itself, and an honest client has joined before its turn comes to go.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[int, ConnectedClient] = {}
        self._unjoined: dict[int, ConnectedClient] = {}
        self._unjoined_per_host: Counter[str] = Counter()

    def add(self, client: ConnectedClient) -> ConnectedClient | None:
        """Add an unjoined client; returns the one that has to go for it, if any."""
        with self._lock:
            self._by_id[client.connection_id] = client
            self._unjoined[client.connection_id] = client
            self._unjoined_per_host[client.peer.host] += 1
            crowded_hosts = self._over_limit_hosts(client.peer.host)
            if not crowded_hosts:
                return None
            evicted = self._eviction_candidate(crowded_hosts, client)
            self._remove_unjoined(evicted)
            return evicted

    def _eviction_candidate(self, crowded_hosts: set[str], newest: ConnectedClient) -> ConnectedClient:
        candidates = [
            other
            for other in self._unjoined.values()
            if other.peer.host in crowded_hosts and other is not newest
        ]
        return min(candidates, key=lambda other: other.eviction_rank)

    def _over_limit_hosts(self, newest_host: str) -> set[str]:
        """Return the addresses one of whose unjoined clients has to go, or none where there is room."""
        if self._unjoined_per_host[newest_host] > MAX_UNJOINED_PER_ADDRESS:
            return {newest_host}
        if len(self._unjoined) <= MAX_UNJOINED:
            return set()
        # One machine can have an address for each of its connections: then they all have as many.
        most = max(self._unjoined_per_host.values())
        return {host for host, count in self._unjoined_per_host.items() if count == most}

    def mark_joined(self, client: ConnectedClient) -> None:
        """Count a client among the unjoined clients no longer."""
        with self._lock:
            self._remove_unjoined(client)

    def remove(self, client: ConnectedClient) -> None:
        """Forget a client whose connection is closed."""
        with self._lock:
            self._remove_unjoined(client)
            self._by_id.pop(client.connection_id, None)

    def get(self, connection_id: int) -> ConnectedClient | None:
        """Return the client of this connection while it is there."""
        with self._lock:
            return self._by_id.get(connection_id)

    def all(self) -> list[ConnectedClient]:
        """Return everybody, unjoined clients too."""
        with self._lock:
            return [*self._by_id.values()]

    def oldest_unjoined(self) -> ConnectedClient | None:
        """Return who has dawdled longest."""
        with self._lock:
            return next(iter(self._unjoined.values()), None)

    def _remove_unjoined(self, client: ConnectedClient) -> None:
        if self._unjoined.pop(client.connection_id, None) is not None:
            self._unjoined_per_host[client.peer.host] -= 1
            if not self._unjoined_per_host[client.peer.host]:
                del self._unjoined_per_host[client.peer.host]
