"""Looks for rooms: which are seen, and which of them do not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from messango.discovery.events import BrowseFailed, FoundRoom, Status
from messango.doctor.findings import Finding, Severity
from messango.errors import MessangoError

#: A room is found within a quarter of a second, at one lost packet in five within two.
SEARCH_S: Final = 3.0


class ListRooms(Protocol):
    """Returns the rooms that are seen within so long, and calls back when they can't be looked for."""

    def __call__(
        self, timeout_s: float, /, *, on_failure: Callable[[BrowseFailed], None]
    ) -> Sequence[FoundRoom]: ...


def check_rooms(list_rooms: ListRooms) -> Iterator[Finding]:
    """Look for rooms as the window does, and say of each what it is."""
    failures: list[BrowseFailed] = []
    try:
        rooms = list_rooms(SEARCH_S, on_failure=failures.append)
    except MessangoError as error:
        failures.append(BrowseFailed(str(error), error.hint))
        rooms = []
    yield from map(_room_finding, rooms)
    yield from (Finding("rooms", Severity.PROBLEM, failure.reason, failure.hint) for failure in failures)
    if not rooms and not failures:
        yield Finding(
            "rooms",
            Severity.NOTE,
            "No room is seen at this moment.",
            "Open one with `messango server` on any machine of this network. If one is open, run `messango "
            "doctor` on its machine too, or join by the address that the server printed.",
        )


def _room_finding(room: FoundRoom) -> Finding:
    name = f"“{room.name}” on {room.host}" if room.host else f"“{room.name}”"
    if room.status in (Status.OPEN, Status.FULL):
        trip = "" if room.ping_ms is None else f" in {room.ping_ms:.1f} ms"
        return Finding("rooms", Severity.OK, f"The room {name} answers{trip} and is {room.status.value}.")
    if room.status is Status.OTHER_VERSION:
        return Finding(
            "rooms",
            Severity.WARNING,
            f"The room {name} speaks another version of Messango's protocol ({room.protocol}).",
            "Update Messango on both machines.",
        )
    return _silent_finding(room, name)


def _silent_finding(room: FoundRoom, name: str) -> Finding:
    at = ", ".join(map(str, room.addresses)) or "no address of ours"
    ports = " or ".join(sorted({str(address.port) for address in room.addresses})) or "of the room"
    return Finding(
        "rooms",
        Severity.WARNING,
        f"The room {name} is announced, but does not answer at {at}.",
        "Either its server has ended without a goodbye, and the entry goes by itself; or a firewall on its "
        f"machine lets nobody in: there, allow TCP port {ports} (`messango doctor` says how). A Wi-Fi for "
        "guests keeps its machines apart as well.",
    )
