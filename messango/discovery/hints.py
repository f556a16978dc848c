"""Rooms that answered before: where to look for them besides mDNS, which not every network passes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.discovery.model.room_row import Service
from messango.discovery.model.txt_record import RoomRecord
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.networks.interfaces import source_address

#: Where announcements arrive, a room is found by them within this time, and its hint costs nothing.
HINT_DELAY_S: Final = 1.0

#: Starts the keys of services that were not announced; those of mDNS end with the service's type.
_KEY_PREFIX: Final = "last-address:"


@dataclass(frozen=True, slots=True)
class RoomHint:
    """A room and the addresses at which it answered last, the latest first.

    Only a room with this id and this certificate (SHA-256, hex) counts; `name` is shown to nobody before it
    has answered.
    """

    id: str
    name: str
    fingerprint: str
    addresses: tuple[Address, ...]


def hinted_services(hints: Sequence[RoomHint]) -> list[Service]:
    """Return the hints as services that nobody has announced."""
    return [
        Service(
            f"{_KEY_PREFIX}{hint.id}",
            hint.name,
            hint.addresses,
            RoomRecord(PROTOCOL_VERSION, hint.id, 0, 0, fingerprint=hint.fingerprint),
            "",
            announced=False,
        )
        for hint in hints
    ]


def reached_by(
    hints: Sequence[RoomHint], chosen: Sequence[str], find_source: Callable[[str], str] = source_address
) -> list[RoomHint]:
    """Return the hints with the addresses only that are reached by one of the `chosen` own addresses."""
    wanted = set(map(without_scope, chosen))

    def kept(hint: RoomHint) -> tuple[Address, ...]:
        numeric = (address for address in hint.addresses if is_ip(address.host))
        return tuple(address for address in numeric if find_source(address.host) in wanted)

    reached = [dataclasses.replace(hint, addresses=kept(hint)) for hint in hints]
    return [hint for hint in reached if hint.addresses]
