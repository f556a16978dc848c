"""One room that somebody has visited, as the file of known rooms has it."""

from __future__ import annotations

import msgspec

from messango.client.trust.linked_server import LinkedServer
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address


class KnownRoom(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room as it was at the last visit; `last_visit` in seconds since 1970 UTC, newest address first.

    `refused` is the other fingerprint that answered last in place of this room and was not accepted. After
    `accept`, the id is still that of the old certificate until the next visit. `former_names`, the latest
    first, are those that it had at earlier visits: another room may have had its name. If it is one of the
    servers of a linked room, `link` is the id of that, `server` its own name, and `servers` are the others.
    """

    id: str
    name: str
    fingerprint: str
    addresses: list[Address]
    last_visit: float
    refused: str = ""
    former_names: list[str] = []
    link: str = ""
    server: str = ""
    servers: list[LinkedServer] = []

    def was_called(self, name: str) -> bool:
        """Return whether this is the room's name, or was at an earlier visit."""
        key = normalized_name(name)
        return key in {normalized_name(other) for other in (self.name, *self.former_names)}
