"""Why a listed room can't be joined, in words for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.protocol.text.plain_names import quoted_name
from messango.transport.dialing.dial_failure_texts import SHORT_TEXTS, explain

#: What to do about a room that does not prove its identity.
UNPROVED_HINT: Final = (
    "Its announcement may be an old one: try again in a minute. If it stays, somebody pretends to be the "
    "room: ask its host for an invite link."
)

#: A forged record may have more addresses than anybody reads.
_MAX_LISTED: Final = 3


def status_text(room: FoundRoom) -> str:
    """Return a room's status in the words of a list: `not answering: blocked by a firewall`."""
    if room.failure is None:
        return room.status.value
    return f"{room.status.value}: {SHORT_TEXTS[room.failure.kind]}"


def reason_and_hint(room: FoundRoom) -> tuple[str, str] | None:
    """Return why a room can't be joined, and what to do; None if it can, is full, or nothing is known."""
    if room.failure is not None:
        return explain(room.failure)
    if room.status is RoomStatus.UNPROVED:
        where = " or ".join(map(str, room.addresses[:_MAX_LISTED])) or "its address"
        return f"The server at {where} can't prove that it is this room.", UNPROVED_HINT
    if room.status is RoomStatus.OTHER_VERSION:
        return (
            f"This room uses another version of Messango's protocol ({room.protocol}).",
            "Update Messango on both computers.",
        )
    if room.status is RoomStatus.SLOW:
        return (
            "The room accepts connections, but its answer takes long: the network is slow.",
            "Wait for it, or move closer to the Wi-Fi router.",
        )
    return None


def first_reason(rooms: Iterable[FoundRoom]) -> tuple[str, str] | None:
    """Return the same about the first silent room of which it is known, with its name if there are others."""
    silent = [room for room in rooms if room.status is RoomStatus.SILENT]
    for room in silent:
        if explained := reason_and_hint(room):
            reason, hint = explained
            return (reason if len(silent) == 1 else f"{quoted_name(room.name)}: {reason}"), hint
    return None
