"""Why no room of a name was found, in words for people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.discovery.model.events import ANSWERED, PENDING, BrowseFailed, FoundRoom, RoomStatus
from messango.discovery.model.unanswered import UNPROVED_HINT, reason_and_hint
from messango.discovery.searching.same_address import same_address_reason
from messango.discovery.searching.silent_rooms import NothingHeard, RoomSilent
from messango.errors import RoomNotFound
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import normalized_name

_NOT_FOUND_HINT: Final = (
    "Are both machines on the same network, and is UDP port 5353 open in their firewalls? Run `messango "
    "doctor` to find the cause. You can also join by address: HOST:PORT."
)
#: More names of other rooms do not help.
_MAX_NAMES: Final = 10
#: Where other rooms are found, mDNS works here.
_OTHERS_FOUND_HINT: Final = (
    "Check the name, or join by address: HOST:PORT. If the room is open, `messango doctor` on its computer "
    "finds out why it does not appear."
)


def not_found(
    name: str, rooms: Sequence[FoundRoom], failure: BrowseFailed | None, hint_error: RoomNotFound | None
) -> RoomNotFound:
    """Return why a search has not found the room `name`, and what to do.

    `rooms` are those that were seen, `failure` says why mDNS can't be used, and `hint_error` that a known
    room of that name did not answer where it was last.
    """
    silent = [room for room in rooms if normalized_name(room.name) == normalized_name(name)]
    if silent:
        where = ", ".join(map(str, silent[0].addresses[:3]))
        if explained := same_address_reason(silent[0]):
            return RoomNotFound(f"The room “{name}” does not answer. {explained[0]}", explained[1])
        if silent[0].status is RoomStatus.UNPROVED:
            return RoomNotFound(
                f"“{name}” is announced at {where}, but the server there can't prove that it is this room. "
                "You have not joined it.",
                UNPROVED_HINT,
            )
        if silent[0].status in PENDING:
            return RoomNotFound(
                f"The room “{name}” is at {where}, but the network is slow: its answer did not come in time.",
                "Try again, or move closer to the Wi-Fi access point.",
            )
        reason, hint = reason_and_hint(silent[0]) or (
            f"It is announced at {where}.",
            "Is its server still running, and does that computer's firewall allow this TCP port?",
        )
        return RoomSilent(f"The room “{name}” does not answer. {reason}", hint, silent)
    if hint_error is not None:
        return hint_error
    if failure is not None:
        return NothingHeard(f"No room “{excerpt(name)}” found. {failure.reason}", failure.hint)
    names = [quoted_name(room.name) for room in rooms if room.status in ANSWERED]
    if names:
        return RoomNotFound(
            f"No room “{excerpt(name)}” found.",
            f"Found instead: {', '.join(names[:_MAX_NAMES])}. {_OTHERS_FOUND_HINT}",
        )
    return NothingHeard(f"No room “{excerpt(name)}” found, nor any other room.", _NOT_FOUND_HINT)
