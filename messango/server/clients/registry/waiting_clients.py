"""Clients that have not joined, and which of them has to go when there are too many."""

from __future__ import annotations

from collections import Counter

from messango.server.clients.connected_client import ConnectedClient


class WaitingClients:
    """Clients that have not joined, with a limit in total and for one address. The registry's lock guards it.

    If there are too many, one is evicted from the address that has the most: the one with the lowest
    `eviction_rank`, or the oldest of several.
    """

    def __init__(self, limit: int, limit_per_host: int) -> None:
        self._limit, self._limit_per_host = limit, limit_per_host
        self._by_id: dict[int, ConnectedClient] = {}
        self._per_host: Counter[str] = Counter()

    def add(self, client: ConnectedClient) -> ConnectedClient | None:
        """Add a client; return the one that is evicted for it, or None."""
        self._by_id[client.connection_id] = client
        self._per_host[client.peer.host] += 1
        crowded_hosts = self._over_limit_hosts(client.peer.host)
        if not crowded_hosts:
            return None
        evicted = self._eviction_candidate(crowded_hosts, client)
        self.remove(evicted)
        return evicted

    def remove(self, client: ConnectedClient) -> bool:
        """Remove a client; return whether it was there."""
        if self._by_id.pop(client.connection_id, None) is None:
            return False
        self._per_host[client.peer.host] -= 1
        if not self._per_host[client.peer.host]:
            del self._per_host[client.peer.host]
        return True

    def oldest(self) -> ConnectedClient | None:
        """Return the client that was added first, or None."""
        return next(iter(self._by_id.values()), None)

    def _eviction_candidate(self, crowded_hosts: set[str], newest: ConnectedClient) -> ConnectedClient:
        candidates = [
            other
            for other in self._by_id.values()
            if other.peer.host in crowded_hosts and other is not newest
        ]
        return min(candidates, key=lambda other: other.eviction_rank)

    def _over_limit_hosts(self, newest_host: str) -> set[str]:
        """Return the addresses from which one client has to be evicted; empty if none."""
        if self._per_host[newest_host] > self._limit_per_host:
            return {newest_host}
        if len(self._by_id) <= self._limit:
            return set()
        # One computer can use a different address for each connection; then all addresses are candidates.
        most = max(self._per_host.values())
        return {host for host, count in self._per_host.items() if count == most}
