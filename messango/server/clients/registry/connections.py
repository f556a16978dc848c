"""The clients of a server, and which of them have not joined yet."""

from __future__ import annotations

import threading

from messango.server.clients.connected_client import ConnectedClient
from messango.server.clients.registry.member_connections import MemberConnections
from messango.server.clients.registry.transfer_slots import TransferSlots
from messango.server.clients.registry.waiting_clients import WaitingClients
from messango.server.limits import (
    MAX_SILENT,
    MAX_SILENT_PER_ADDRESS,
    MAX_UNJOINED,
    MAX_UNJOINED_PER_ADDRESS,
)
from messango.server.throttling.trust import KnownAddresses, Trust


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
        self._silent = WaitingClients(MAX_SILENT, MAX_SILENT_PER_ADDRESS)
        self._transfers = TransferSlots[ConnectedClient]()
        self._of_members = MemberConnections[ConnectedClient]()
        self._joining = {trust: WaitingClients(MAX_UNJOINED, MAX_UNJOINED_PER_ADDRESS) for trust in Trust}

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
