"""Who has proved something before, so that a flood of strangers can't take their turn.

Each limit on the way into the room has a budget for each level of trust, so nobody is kept out by people of
a lower one. Within a level, clients still compete: strangers with strangers, and members who share a known
address, for example behind one router, with the others there. A session is a secret, so nobody
else can use up what belongs to it.
"""

from __future__ import annotations

import enum
import threading
from collections import OrderedDict
from typing import Final, TypeVar

from messango.room.peer import Peer

T = TypeVar("T")

#: Beyond this, the address that proved the password the longest time ago is forgotten.
MAX_ADDRESSES: Final = 1_000


class Trust(enum.IntEnum):
    """What a client has proved; a higher level has its turn first."""

    NOTHING = 0
    #: The password was proved from this address before, or it is the host's own computer.
    ADDRESS = 1
    #: The client has a session of this room, or has proved the password on this connection.
    SESSION = 2


class KnownAddresses:
    """The addresses from which somebody proved the password. Owns the lock of its table; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hosts)

    def add(self, host: str) -> None:
        """Record that somebody at this address has proved the password."""
        with self._lock:
            put_newest(self._hosts, host, None, MAX_ADDRESSES)

    def trust_in(self, peer: Peer) -> Trust:
        """Return the trust that a client's address deserves."""
        with self._lock:
            return Trust.ADDRESS if peer.is_local or peer.host in self._hosts else Trust.NOTHING


def put_newest(table: OrderedDict[str, T], key: str, value: T, limit: int) -> None:
    """Store as the newest entry; drop the oldest beyond `limit`."""
    table[key] = value
    table.move_to_end(key)
    if len(table) > limit:
        table.popitem(last=False)
