"""Looks for the room of an invite link, whose address may no longer be the room's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from messango.discovery.hints import RoomHint
from messango.discovery.model.events import ANSWERED, FoundRoom, RoomAdded, RoomUpdated
from messango.discovery.searching.browse_events import Deadline, browse_events
from messango.errors import AmbiguousInvite, MessangoError
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult, probe

#: After one room with the certificate, another one of the same host may follow that has the port as well.
_OTHER_ROOMS_WAIT_S: Final = 0.5

#: The host is there, so whether it has a room at that port shows at once.
_PORT_PROBE_S: Final = 1.5


class PinnedProbe(Protocol):
    """The signature of `messango.transport.dialing.probe.probe`, as far as it is used here."""

    def __call__(
        self, addresses: Sequence[Address], *, fingerprint: str | None = None, timeout_s: float = 3.0
    ) -> ProbeResult: ...


def find_invited(
    fingerprint: str,
    port: int,
    timeout_s: float,
    is_cancelled: Callable[[], bool],
    *,
    hints: Sequence[RoomHint] = (),
    probe: PinnedProbe = probe,
) -> Sequence[Address]:
    """Return the addresses of the room with this certificate (SHA-256, hex), or none.

    The rooms of `hints`, which have that certificate, are also looked for at their last addresses.
    All rooms of one host have the same certificate; of several, the one at `port` is meant, announced or not.
    Raises `AmbiguousInvite` if there are several and none is at that port.
    """
    found: dict[str, FoundRoom] = {}
    deadline = Deadline(timeout_s, is_cancelled)
    with contextlib.closing(browse_events(deadline, hints=hints, hint_delay_s=0.0)) as events:
        for event in events:
            if not isinstance(event, (RoomAdded, RoomUpdated)):
                continue
            room = event.room
            if room.status not in ANSWERED or room.fingerprint != fingerprint:
                continue
            if any(address.port == port for address in room.addresses):
                return room.addresses
            if not found and (at_port := _room_at_port(room, port, probe)):
                return at_port
            found[room.id] = room
            deadline.shorten(_OTHER_ROOMS_WAIT_S)
    if len(found) > 1:
        raise AmbiguousInvite([quoted_name(room.name) for room in found.values()][:10])
    return next((room.addresses for room in found.values()), ())


def _room_at_port(neighbour: FoundRoom, port: int, probe: PinnedProbe) -> Sequence[Address]:
    """Return where another room of the same host answers at `port`; none if there is none."""
    addresses = list(dict.fromkeys(Address(address.host, port) for address in neighbour.addresses))
    with contextlib.suppress(MessangoError):
        return [probe(addresses, fingerprint=neighbour.fingerprint, timeout_s=_PORT_PROBE_S).address]
    return []
