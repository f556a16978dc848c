"""Why a listed room does not answer, in words for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.protocol.text.plain_names import quoted_name
from messango.transport.dialing.dial_failure_texts import SHORT_TEXTS, explain


def status_text(room: FoundRoom) -> str:
    """Return a room's status in the words of a list: `not answering: blocked by a firewall`."""
    if room.failure is None:
        return room.status.value
    return f"{room.status.value}: {SHORT_TEXTS[room.failure.kind]}"


def reason_and_hint(room: FoundRoom) -> tuple[str, str] | None:
    """Return why a room does not answer, and what to do next; None if it answers or nothing is known."""
    return explain(room.failure) if room.failure is not None else None


def first_reason(rooms: Iterable[FoundRoom]) -> tuple[str, str] | None:
    """Return the same about the first silent room of which it is known, with its name if there are others."""
    silent = [room for room in rooms if room.status is RoomStatus.SILENT]
    for room in silent:
        if explained := reason_and_hint(room):
            reason, hint = explained
            return (reason if len(silent) == 1 else f"{quoted_name(room.name)}: {reason}"), hint
    return None
