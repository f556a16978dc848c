"""Which of the rooms that a person knows a name may mean, for the commands and the window."""

from __future__ import annotations

from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.model.events import FoundRoom
from messango.discovery.searching.name_lookup import KnownRank


def known_rank(name: str, known_rooms: KnownRooms) -> KnownRank | None:
    """Return the rank of found rooms for `NameLookup`; None if no known room has or had this name.

    A room is recognised by its certificate, whatever it is called now. Where it has several servers, each of
    the others is the room too, if the one that was visited does not answer.
    """
    rooms = known_rooms.all_called(name.strip())

    def rank(found: FoundRoom) -> int | None:
        known = known_rooms.find(found.id, found.name, found.fingerprint)
        identity = (found.id, found.fingerprint)
        visited = [known is not None and known.id == room.id for room in rooms]
        named = [any(server.identity == identity for server in room.servers) for room in rooms]
        places = [*visited, *named]
        return places.index(True) if True in places else None

    return rank if rooms else None


def trusted_link(found: FoundRoom, known_rooms: KnownRooms) -> str:
    """Return the linked room of which this one is a server that a visited server has named; or ""."""
    return known_rooms.trusted_link(found.id, found.fingerprint, found.link)
