"""Shows the servers of one linked room as one room. Pure: a browser's events go in, those of a list come out.

Anybody can claim to be a server of any link, so a claim counts only if `trusted_link` confirms it: a server
that the person has visited has named this one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final, TypeAlias

from messango.discovery.model.events import (
    ANSWERED,
    BrowseEvent,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
)

#: Returns the link that a room which has answered claims, if that is confirmed; otherwise "".
TrustedLink: TypeAlias = Callable[[FoundRoom], str]

#: Another server becomes the nearest one if its answers take this much less, so that a list does not flicker.
_NEARER_MS: Final = 20.0

#: Starts the key of a row that stands for several servers.
_KEY_PREFIX: Final = "link:"


class LinkedRooms:
    """Knows which rooms are servers of one linked room, and which of them its row shows. Not thread-safe."""

    def __init__(self, trusted_link: TrustedLink) -> None:
        self._trusted_link = trusted_link
        #: By key: the servers of linked rooms, and the link of each.
        self._servers: dict[str, FoundRoom] = {}
        self._links: dict[str, str] = {}
        #: By link: what is shown.
        self._shown: dict[str, FoundRoom] = {}

    def rows(self) -> list[FoundRoom]:
        """Return the rows of the linked rooms."""
        return [*self._shown.values()]

    def apply(self, event: BrowseEvent) -> list[BrowseEvent]:
        """Return what changes in a list in which each linked room has one row."""
        if not isinstance(event, RoomAdded | RoomUpdated | RoomRemoved):
            return [event]
        room = event.room
        link_before = self._links.get(room.key, "")
        link = "" if isinstance(event, RoomRemoved) else self._link_of(room, link_before)
        self._note(room, link)
        events: list[BrowseEvent] = []
        if not link_before and (not link or isinstance(event, RoomUpdated)):
            # A row of its own, which a linked room takes over as soon as the room has proved to be one.
            events.append(event if not link else RoomRemoved(room))
        elif link_before and not link and not isinstance(event, RoomRemoved):
            events.append(RoomAdded(room))
        for changed in dict.fromkeys((link_before, link)):
            events += self._update_row(changed)
        return events

    def _link_of(self, room: FoundRoom, link_before: str) -> str:
        """Return the link of a room: a server that falls silent is still one of its linked room."""
        return self._trusted_link(room) if room.status in ANSWERED else link_before

    def _note(self, room: FoundRoom, link: str) -> None:
        if link:
            self._servers[room.key], self._links[room.key] = room, link
        else:
            self._servers.pop(room.key, None)
            self._links.pop(room.key, None)

    def _update_row(self, link: str) -> list[BrowseEvent]:
        servers = [self._servers[key] for key, other in self._links.items() if link and other == link]
        shown = self._shown.get(link)
        if not servers:
            return [RoomRemoved(self._shown.pop(link))] if shown is not None else []
        row = _row(servers, _KEY_PREFIX + link, shown)
        self._shown[link] = row
        if shown is None:
            return [RoomAdded(row)]
        return [RoomUpdated(row)] if row != shown else []


def _row(servers: list[FoundRoom], key: str, shown: FoundRoom | None) -> FoundRoom:
    """Return the room of a row: the nearest server that can be joined, and the others."""
    nearest, *others = sorted(servers, key=_distance)
    if shown is not None:
        same = next((server for server in servers if server.id == shown.id), nearest)
        if _usefulness(same) == _usefulness(nearest) and _ping_ms(same) - _ping_ms(nearest) < _NEARER_MS:
            others = sorted((server for server in servers if server is not same), key=_distance)
            nearest = same
    return dataclasses.replace(nearest, key=key, other_servers=tuple(others))


def _distance(server: FoundRoom) -> tuple[tuple[bool, bool], float, str]:
    return _usefulness(server), _ping_ms(server), server.key


def _usefulness(server: FoundRoom) -> tuple[bool, bool]:
    return not server.joinable, server.status not in ANSWERED


def _ping_ms(server: FoundRoom) -> float:
    return server.ping_ms if server.ping_ms is not None else 1e9
