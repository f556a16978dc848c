"""What the known rooms say about the servers of linked rooms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.linked_server import LinkedServer


class LinkedRoom(NamedTuple):
    """A linked room's id, and the servers at which it goes on if one of them is away."""

    link: str
    others: list[LinkedServer]


def linked_room(rooms: Sequence[KnownRoom], room_id: str, fingerprint: str) -> LinkedRoom | None:
    """Return where else the room with this id or certificate is, or None if nobody has told us.

    It was visited, or a server that was visited has named it. Without an id, only the certificate of a single
    known room says which one is meant.
    """
    visited = [room for room in rooms if (room.id == room_id if room_id else room.fingerprint == fingerprint)]
    if len(visited) == 1:
        known = visited[0]
        return LinkedRoom(known.link, [*known.servers]) if known.link else None
    source = naming_room(rooms, room_id, fingerprint)
    if source is None:
        return None
    others = [server for server in source.servers if server.identity != (room_id, fingerprint)]
    return LinkedRoom(source.link, [_as_server(source), *others])


def naming_room(rooms: Iterable[KnownRoom], room_id: str, fingerprint: str) -> KnownRoom | None:
    """Return the visited room that has named this server as one of its own, the latest first; or None."""
    naming = (room for room in rooms if any(s.identity == (room_id, fingerprint) for s in room.servers))
    return next(naming, None)


def trusted_link(rooms: Iterable[KnownRoom], room_id: str, fingerprint: str, claimed: str) -> str:
    """Return the link that a proved server claims, if a connection that we trust has said so; or ""."""
    for room in rooms:
        if claimed and room.link == claimed:
            identities = [(room.id, room.fingerprint), *(server.identity for server in room.servers)]
            if (room_id, fingerprint) in identities:
                return claimed
    return ""


def _as_server(room: KnownRoom) -> LinkedServer:
    return LinkedServer(room.server, room.id, room.fingerprint, room.addresses)
