"""The clients of a server, and which of them have not joined yet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from messango.room.peer import Peer
from messango.server.limits import MAX_UNJOINED, MAX_UNJOINED_PER_ADDRESS
from messango.server.trust import KnownAddresses, Trust


class ConnectedClient(Protocol):
    """The part of a client's thread that the server uses; for any thread."""

    connection_id: int
    peer: Peer

    @property
    def eviction_rank(self) -> int:
        """The eviction rank of a connection that has not joined; the lowest is dropped first."""

    @property
    def is_welcomed(self) -> bool:
        """Whether the room has admitted the client; then its last frame is `closed`, not `refused`."""

    def send(self, data: bytes) -> None:
        """Send encoded frames; disconnect a client that is too slow for them."""

    def call_when_flushed(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the outbox is empty."""

    def close_after(self, final_data: bytes) -> None:
        """Send the last frames, then close."""

    def abort(self) -> None:
        """Close the connection at once."""

    def resolve_join(self, *, admitted: bool) -> None:
        """Pass on what the room decided about the client's `join`."""

    def join_thread(self, timeout_s: float) -> None:
        """Wait until the thread has ended, or the time is up."""


class _Unjoined:
    """The unjoined clients of one level of trust. The caller holds the registry's lock."""

    def __init__(self) -> None:
        self.by_id: dict[int, ConnectedClient] = {}
        self._per_host: Counter[str] = Counter()

    def add(self, client: ConnectedClient) -> ConnectedClient | None:
        """Add a client; remove and return the one that has to go for it, or None."""
        self.by_id[client.connection_id] = client
        self._per_host[client.peer.host] += 1
        crowded_hosts = self._over_limit_hosts(client.peer.host)
        if not crowded_hosts:
            return None
        evicted = self._eviction_candidate(crowded_hosts, client)
        self.remove(evicted)
        return evicted

    def remove(self, client: ConnectedClient) -> None:
        """Remove a client, if it is here."""
        if self.by_id.pop(client.connection_id, None) is not None:
            self._per_host[client.peer.host] -= 1
            if not self._per_host[client.peer.host]:
                del self._per_host[client.peer.host]

    def _eviction_candidate(self, crowded_hosts: set[str], newest: ConnectedClient) -> ConnectedClient:
        candidates = [
            other for other in self.by_id.values() if other.peer.host in crowded_hosts and other is not newest
        ]
        return min(candidates, key=lambda other: other.eviction_rank)

    def _over_limit_hosts(self, newest_host: str) -> set[str]:
        """Return the addresses from which one unjoined client has to be evicted; empty if none."""
        if self._per_host[newest_host] > MAX_UNJOINED_PER_ADDRESS:
            return {newest_host}
        if len(self.by_id) <= MAX_UNJOINED:
            return set()
        # One computer can use a different address for each connection; then all addresses are candidates.
        most = max(self._per_host.values())
        return {host for host, count in self._per_host.items() if count == most}


class ConnectionRegistry:
    """Owns the lock under which its tables change; every method is for any thread.

    If there are too many unjoined clients of one level of trust, one is evicted from the address that has the
    most: the one with the lowest `eviction_rank`, or the oldest of several. So a new client always gets a
    place, a flood evicts its own connections, and an honest client has joined before its turn.
    """

    def __init__(self, known_addresses: KnownAddresses | None = None) -> None:
        self._lock = threading.Lock()
        self._known_addresses = known_addresses or KnownAddresses()
        self._by_id: dict[int, ConnectedClient] = {}
        self._unjoined = {trust: _Unjoined() for trust in Trust}

    def add(self, client: ConnectedClient) -> ConnectedClient | None:
        """Add an unjoined client; return the client to disconnect for it, or None."""
        trust = self._known_addresses.trust_in(client.peer)
        with self._lock:
            self._by_id[client.connection_id] = client
            return self._unjoined[trust].add(client)

    def mark_trusted(self, client: ConnectedClient) -> ConnectedClient | None:
        """Count an unjoined client among those with a session; return the client to disconnect, or None."""
        with self._lock:
            if not any(client.connection_id in unjoined.by_id for unjoined in self._unjoined.values()):
                return None  # Evicted meanwhile.
            self._remove_unjoined(client)
            return self._unjoined[Trust.SESSION].add(client)

    def mark_joined(self, client: ConnectedClient) -> None:
        """Count a client as joined."""
        with self._lock:
            self._remove_unjoined(client)

    def remove(self, client: ConnectedClient) -> None:
        """Remove a client whose connection is closed."""
        with self._lock:
            self._remove_unjoined(client)
            self._by_id.pop(client.connection_id, None)

    def get(self, connection_id: int) -> ConnectedClient | None:
        """Return the client with this id, or None if its connection is closed."""
        # Needs no lock: a dict is read at once, also without the interpreter's lock. Every send asks this.
        return self._by_id.get(connection_id)

    def all(self) -> list[ConnectedClient]:
        """Return all clients, joined or not."""
        with self._lock:
            return [*self._by_id.values()]

    def oldest_unjoined(self) -> ConnectedClient | None:
        """Return the unjoined client that connected first, of those with the least trust; or None."""
        with self._lock:
            return next((other for trust in Trust for other in self._unjoined[trust].by_id.values()), None)

    def _remove_unjoined(self, client: ConnectedClient) -> None:
        for unjoined in self._unjoined.values():
            unjoined.remove(client)
