"""Rooms as the `discover` command prints them: lines for people, JSON for programs. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

from wcwidth import wcswidth

from messango.discovery.model.events import (
    BrowseEvent,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.unanswered import reason_and_hint, status_text
from messango.protocol.text.escaping import safe_json, safe_name
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import join_names

_NAME_COLUMNS: Final = 24
_HOST_COLUMNS: Final = 18
_SEATS_COLUMNS: Final = 8
_ENTRY_COLUMNS: Final = 8
_ADDRESS_COLUMNS: Final = 21  # 255.255.255.255:65535

_EVENT_MARKS: Final[dict[type, tuple[str, str]]] = {
    RoomAdded: ("+", "added"),
    RoomUpdated: ("=", "updated"),
    RoomRemoved: ("-", "removed"),
}


def format_room(room: FoundRoom) -> str:
    """Return a room as a line of a list: name, host, seats, lock or password, address, round trip."""
    columns = (
        _padded(room.name, _NAME_COLUMNS),
        _padded(room.host, _HOST_COLUMNS),
        _padded(seats_text(room), _SEATS_COLUMNS),
        _padded("locked" if room.locked else "password" if room.password else "", _ENTRY_COLUMNS),
        _padded(str(room.addresses[0]) if room.addresses else "", _ADDRESS_COLUMNS),
        ping_text(room) + _servers_text(room) + ("" if room.announced else "  (not announced, but known)"),
    )
    return "  ".join(columns).rstrip()


def linked_line(room: FoundRoom) -> str:
    """Return at which servers a linked room was found; "" for a room with one server."""
    if not room.other_servers:
        return ""
    hosts = [server.host or str(server.addresses[0]) for server in (room, *room.other_servers)]
    places = join_names([*map(plain_name, hosts)])
    return f"{quoted_name(room.name)} is one room at {len(hosts)} servers: {places}."


def _servers_text(room: FoundRoom) -> str:
    return f"  ({len(room.other_servers) + 1} servers)" if room.other_servers else ""


def seats_text(room: FoundRoom) -> str:
    """Return how many seats are taken: `3 of 5`."""
    return f"{room.members} of {room.seats}"


def ping_text(room: FoundRoom) -> str:
    """Return the round-trip time, or a word for a room that does not answer."""
    if room.status in (RoomStatus.OTHER_VERSION, RoomStatus.UNPROVED):
        return str(room.status.value)
    if room.ping_ms is None:
        return "no answer yet" if room.status is RoomStatus.CHECKING else status_text(room)
    slow = " (slow)" if room.slow else ""
    return f"{room.ping_ms:.1f} ms" if room.ping_ms < 10 else f"{room.ping_ms:.0f} ms{slow}"


def format_event(event: BrowseEvent) -> str:
    """Return an event as a line that begins with `+`, `=` or `-`; "" for an event without a room."""
    if not isinstance(event, (RoomAdded, RoomUpdated, RoomRemoved)):
        return ""
    mark, _ = _EVENT_MARKS[type(event)]
    return f"{mark} {format_room(event.room)}"


def room_fields(room: FoundRoom) -> dict[str, Any]:
    """Return the fields of a room's JSON object.

    `ping_ms` is None if the room does not answer; with `slow`, only not yet. `code`, `reason` and `hint` say
    why it does not.
    """
    reason, hint = reason_and_hint(room) or (None, None)
    return {
        "id": room.id,
        "name": room.name,
        "host": room.host,
        "addresses": [address.host for address in room.addresses],
        "port": room.addresses[0].port if room.addresses else 0,
        "members": room.members,
        "seats": room.seats,
        "password": room.password,
        "locked": room.locked,
        "fingerprint": room.fingerprint,
        "version": room.version,
        "features": [*room.features],
        "ping_ms": None if room.ping_ms is None else round(room.ping_ms, 3),
        "slow": room.slow,
        "code": room.failure.kind.value if room.failure else None,
        "reason": reason,
        "hint": hint,
        "announced": room.announced,
        "link": room.link or None,
    }


def json_list(rooms: list[FoundRoom]) -> str:
    """Return rooms as one JSON array."""
    return safe_json(json.dumps([room_fields(room) for room in rooms], ensure_ascii=False, indent=2))


def json_line(event: BrowseEvent) -> str:
    """Return an event as one JSON object on one line; "" for an event without a room."""
    if not isinstance(event, (RoomAdded, RoomUpdated, RoomRemoved)):
        return ""
    _, word = _EVENT_MARKS[type(event)]
    return safe_json(json.dumps({"event": word, **room_fields(event.room)}, ensure_ascii=False))


def _padded(text: str, columns: int) -> str:
    text = safe_name(text) if text else ""
    return text + " " * (columns - wcswidth(text))
