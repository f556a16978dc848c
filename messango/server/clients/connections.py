"""The clients of a server, and which of them have not joined yet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from messango.room.peer import Peer
from messango.server.clients.member_connections import MemberConnections
from messango.server.clients.transfer_slots import TransferSlots
from messango.server.limits import (
    MAX_SILENT,
    MAX_SILENT_PER_ADDRESS,
    MAX_UNJOINED,
    MAX_UNJOINED_PER_ADDRESS,
)
from messango.server.throttling.trust import KnownAddresses, Trust


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


class _WaitingClients:
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


class ConnectionRegistry:
    """Owns the lock under which its tables change; every method is for any thread.

    A new client always gets a place: a flood evicts its own connections, and an honest client has joined
    before its turn. Clients wait apart by what is known of them (`Trust`), and so do those whose users have
    not pressed Join yet.
    """

    def __init__(self, known_addresses: KnownAddresses | None = None) -> None:
        self._lock = threading.Lock()
        self._known_addresses = known_addresses or KnownAddresses()
        self._by_id: dict[int, ConnectedClient] = {}
        self._silent = _WaitingClients(MAX_SILENT, MAX_SILENT_PER_ADDRESS)
        self._transfers = TransferSlots[ConnectedClient]()
        self._of_members = MemberConnections[ConnectedClient]()
        self._joining = {trust: _WaitingClients(MAX_UNJOINED, MAX_UNJOINED_PER_ADDRESS) for trust in Trust}

    def add(self, client: ConnectedClient) -> ConnectedClient | None:
        """Add an unjoined client; return the client to disconnect for it, or None."""
        trust = self._known_addresses.trust_in(client.peer)
        with self._lock:
            self._by_id[client.connection_id] = client
            return self._joining[trust].add(client)

    def mark_trusted(self, client: ConnectedClient) -> ConnectedClient | None:
        """Count an unjoined client among those with a session; return the client to disconnect, or None."""
        with self._lock:
            return self._joining[Trust.SESSION].add(client) if self._remove_unjoined(client) else None

    def keep_silent(self, client: ConnectedClient) -> ConnectedClient | None:
        """Let an unjoined client wait in silence; return the client to disconnect for it, or None."""
        with self._lock:
            return self._silent.add(client) if self._remove_unjoined(client) else None

    def end_silence(self, client: ConnectedClient) -> ConnectedClient | None:
        """Count a silent client as joining; return the client to disconnect for it, or None."""
        trust = self._known_addresses.trust_in(client.peer)
        with self._lock:
            return self._joining[trust].add(client) if self._silent.remove(client) else None

    def mark_joined(self, client: ConnectedClient) -> None:
        """Count a client as joined."""
        with self._lock:
            self._remove_unjoined(client)

    def mark_members(self, client: ConnectedClient, member: str) -> ConnectedClient | None:
        """Count a client as a connection of this member's browser; return the client to disconnect, or None.

        Then strangers can't take its place.
        """
        with self._lock:
            self._remove_unjoined(client)
            return self._of_members.add(client, member) if client.connection_id in self._by_id else None

    def mark_stranger(self, client: ConnectedClient) -> ConnectedClient | None:
        """Count such a connection as one that has not joined; return the client to disconnect, or None."""
        trust = self._known_addresses.trust_in(client.peer)
        with self._lock:
            return self._joining[trust].add(client) if self._of_members.remove(client) else None

    def begin_transfer(self, client: ConnectedClient, member: str, file: str) -> bool:
        """Count a client as a file connection of this member, and not among those that have not joined.

        Returns false, and changes nothing, if the member has `MAX_TRANSFERS` of them. `file` is the id of an
        upload or of a shared file.
        """
        with self._lock:
            if not self._transfers.add(client, member, file):
                return False
            self._remove_unjoined(client)
            return True

    def end_transfer(self, client: ConnectedClient) -> None:
        """Free the slot of a browser's connection, which goes on as one of its member's."""
        with self._lock:
            self._transfers.remove(client)

    def may_transfer(self, member: str) -> bool:
        """Return whether this member may have one more transfer now."""
        with self._lock:
            return self._transfers.has_free(member)

    def find_transfer(self, member: str, file: str) -> ConnectedClient | None:
        """Return the member's file connection that carries this file, or None."""
        with self._lock:
            return self._transfers.find(member, file)

    def remove(self, client: ConnectedClient) -> None:
        """Remove a client whose connection is closed."""
        with self._lock:
            self._remove_unjoined(client)
            self._transfers.remove(client)
            self._of_members.remove(client)
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
        """Return the client to disconnect if resources run out: the oldest silent one, or the oldest of those
        of whom least is known; None if there is none.
        """
        with self._lock:
            groups = (self._silent, *self._joining.values())
            return next((client for group in groups if (client := group.oldest())), None)

    def _remove_unjoined(self, client: ConnectedClient) -> bool:
        """Remove a client that has not joined; return whether it was there."""
        return any(group.remove(client) for group in (self._silent, *self._joining.values()))
