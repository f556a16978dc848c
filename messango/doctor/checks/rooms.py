"""Searches for rooms: which are found, and which of them do not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from messango.discovery.model.events import CLOSED_FOR_NOW, PENDING, BrowseFailed, FoundRoom, RoomStatus
from messango.discovery.model.unanswered import reason_and_hint
from messango.doctor.checks.known_places import KnownPlace, answering, unheard_rooms
from messango.doctor.findings import Finding, Severity
from messango.doctor.reason import silent_reason
from messango.errors import MessangoError
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.transport.networks.own_networks import own_networks

#: A room is found within 0.25 s; if one packet in five is lost, within 2 s.
SEARCH_S: Final = 3.0


#: Returns the recognized reason why a room that is announced does not answer, or None.
ExplainSilence = Callable[[FoundRoom], "Finding | None"]


class ListRooms(Protocol):
    """Returns the rooms found within this time; `on_failure` gets the reason if the search fails."""

    def __call__(
        self, timeout_s: float, /, *, on_failure: Callable[[BrowseFailed], None]
    ) -> Sequence[FoundRoom]: ...


def check_rooms(
    list_rooms: ListRooms,
    known: Sequence[KnownPlace] = (),
    explain_silence: ExplainSilence = silent_reason,
) -> Iterator[Finding]:
    """Search for rooms as the window does; report the state of each, and a known one that is not heard."""
    with ThreadPoolExecutor(1, "messango-doctor-answers") as pool:
        answers = pool.submit(answering, known, SEARCH_S)
        heard: list[str] = []
        yield from _search(list_rooms, heard, explain_silence)
        yield from unheard_rooms(answers.result(), heard)


def _search(list_rooms: ListRooms, heard: list[str], explain_silence: ExplainSilence) -> Iterator[Finding]:
    failures: list[BrowseFailed] = []
    try:
        rooms = list_rooms(SEARCH_S, on_failure=failures.append)
    except MessangoError as error:
        failures.append(BrowseFailed(str(error), error.hint))
        rooms = []
    heard += [room.id for room in rooms]
    yield from (_room_finding(room, explain_silence) for room in rooms)
    yield from (Finding("rooms", Severity.PROBLEM, failure.reason, failure.hint) for failure in failures)
    if not rooms and not failures:
        yield Finding(
            "rooms",
            Severity.NOTE,
            "No rooms found.",
            "Open one with `messango server` on any machine of this network. If there is one already, run "
            "`messango doctor` on its machine too, or join by the address that the server printed.",
        )


def _room_finding(room: FoundRoom, explain_silence: ExplainSilence) -> Finding:
    name = quoted_name(room.name) + (f" on {plain_name(room.host)}" if room.host else "")
    if room.status in (RoomStatus.OPEN, *CLOSED_FOR_NOW):
        trip = "" if room.ping_ms is None else f" in {room.ping_ms:.1f} ms"
        return Finding("rooms", Severity.OK, f"The room {name} answers{trip} and is {room.status.value}.")
    if room.status in (*PENDING, RoomStatus.SILENT) and _is_on_this_computer(room):
        return _own_room_finding(room, name)
    if room.status in PENDING:
        return Finding(
            "rooms",
            Severity.WARNING,
            f"The room {name} is announced at {_addresses_of(room)}, and its answer takes long.",
            f"The network may be slow: move closer to the Wi-Fi access point, or use a cable. To see whether "
            f"something else is wrong, run `messango doctor {room.addresses[0]}`.",
        )
    if room.status is RoomStatus.OTHER_VERSION:
        return Finding(
            "rooms",
            Severity.WARNING,
            f"The room {name} uses another version of Messango's protocol ({room.protocol}).",
            "Update Messango on both machines.",
        )
    if room.status is RoomStatus.UNPROVED:
        return Finding(
            "rooms",
            Severity.WARNING,
            f"The room {name} is announced at {_addresses_of(room)}, but the server there can't prove that "
            "it is this room.",
            "The announcement may be an old one, and disappears after a while then. If it stays, somebody "
            "pretends to be the room, or its announcement is changed on the way.",
        )
    return _silent_finding(room, name, explain_silence(room))


def _is_on_this_computer(room: FoundRoom) -> bool:
    own = own_networks()
    return all(own.is_own(address.host) for address in room.addresses)


def _own_room_finding(room: FoundRoom, name: str) -> Finding:
    return Finding(
        "rooms",
        Severity.WARNING,
        f"The room {name} is on this computer, and does not answer at {_addresses_of(room)}.",
        "If its server runs, something on this computer blocks the connection: see what is said here of its "
        "port and of the firewall. If it was stopped with Ctrl-Z, `fg` continues it.",
    )


def _silent_finding(room: FoundRoom, name: str, reason: Finding | None) -> Finding:
    if reason is not None:
        return Finding(
            "rooms",
            reason.severity,
            f"The room {name} is announced, but does not answer. {reason.message}",
            reason.remedy,
        )
    if told := reason_and_hint(room):
        message, hint = told
        return Finding(
            "rooms",
            Severity.WARNING,
            f"The room {name} is announced, but does not answer. {message}",
            hint,
        )
    ports = " or ".join(sorted({str(address.port) for address in room.addresses})) or "of the room"
    return Finding(
        "rooms",
        Severity.WARNING,
        f"The room {name} is announced, but does not answer at {_addresses_of(room)}.",
        "If its server crashed, the entry disappears after a while. Otherwise a firewall on its machine may "
        f"block connections: allow TCP port {ports} there (`messango doctor` says how). Guest Wi-Fi often "
        "blocks devices from each other, too.",
    )


def _addresses_of(room: FoundRoom) -> str:
    return ", ".join(map(str, room.addresses)) or "any address"
