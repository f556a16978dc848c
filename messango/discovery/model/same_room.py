"""Which rows of the list are about the same room. Pure.

Anybody can announce anything with the name, the id or the addresses of a room. What answers there counts: a
room that proved its id is listed once, and nothing that is only announced hides it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from messango.discovery.model.events import ANSWERED, RoomStatus

if TYPE_CHECKING:
    from messango.discovery.model.room_row import Row, Service


def is_same_place(one: Service, other: Service) -> bool:
    """Return whether two services are announced with the same name, identity and addresses."""
    identity = (one.name, one.record.id, one.record.fingerprint)
    same_identity = identity == (other.name, other.record.id, other.record.fingerprint)
    return bool(one.record.fingerprint) and same_identity and set(one.addresses) == set(other.addresses)


def has_same_service_name(one: Row, other: Row) -> bool:
    """Return whether two rows claim the same service name in mDNS."""
    return bool(one.service.name) and one.service.name == other.service.name


def answered_as_same_room(one: Row, other: Row) -> bool:
    """Return whether the last answers of two rows proved the same id."""
    return one.probe_result is not None and _proved_identity(one) == _proved_identity(other)


def is_outshone(row: Row, rows: Iterable[Row]) -> bool:
    """Return whether a row that answers makes this one superfluous: it is the same room, or has its name.

    Two rooms that both proved their ids are both listed, also while they have the same name.
    """
    answering = [
        other
        for other in rows
        if other is not row
        and has_same_service_name(row, other)
        and other.status in ANSWERED
        and other.goodbye_s is None
        and not other.hidden
    ]
    if row.status in ANSWERED:
        return any(_is_same_server(row, other) and _is_before(other, row) for other in answering)
    claimed = (row.service.record.id, row.service.record.fingerprint)
    return any(
        other.probe_result is not None
        and (row.status is RoomStatus.UNPROVED or (all(claimed) and _proved_identity(other) == claimed))
        for other in answering
    )


def _proved_identity(row: Row) -> tuple[str, str | None]:
    result = row.probe_result
    return ("", None) if result is None else (result.room.id, result.fingerprint)


def _is_same_server(one: Row, other: Row) -> bool:
    """Return whether the same server answered; a copy of it, with the same id, has another address."""
    same_address = not set(one.addresses).isdisjoint(other.addresses)
    return same_address and answered_as_same_room(one, other)


def _is_before(one: Row, other: Row) -> bool:
    """Return whether of two rows of one server this one is listed: the one that is shown, or the older."""
    return (one.last_shown is None, one.number) < (other.last_shown is None, other.number)
