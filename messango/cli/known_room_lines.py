"""Known rooms as `messango trust` prints them: lines for people, JSON for programs. Pure."""

from __future__ import annotations

from typing import Any

from messango.client.trust.known_room import KnownRoom
from messango.protocol.text.escaping import safe_line, safe_name
from messango.terminal.local_time import local_time
from messango.transport.identity.fingerprint_words import group_digits, words_of


def format_fingerprint(fingerprint: str) -> str:
    """Return a fingerprint as two indented lines: its words, its digits in groups."""
    return f"    {words_of(fingerprint)}\n    {safe_line(group_digits(fingerprint))}"


def format_known_room(room: KnownRoom) -> str:
    """Return a room as lines for people, with control characters escaped: a stranger chose its name."""
    address = f" at {safe_line(str(room.addresses[0]))}" if room.addresses else ""
    facts = f"id {room.id}, last visit {_format_time(room.last_visit)}{address}"
    lines = [
        f"{safe_name(room.name)}  ({facts})",
        format_fingerprint(room.fingerprint),
    ]
    if room.refused:
        lines += [
            "  Refused at your last visit; to accept it, use `messango trust accept`:",
            format_fingerprint(room.refused),
        ]
    return "\n".join(lines)


def known_room_fields(room: KnownRoom) -> dict[str, Any]:
    """Return the fields of a room's JSON object; `last_visit` is in seconds since 1970 UTC."""
    return {
        "id": room.id,
        "name": room.name,
        "words": words_of(room.fingerprint),
        "fingerprint": room.fingerprint,
        "addresses": [str(address) for address in room.addresses],
        "last_visit": room.last_visit,
        "refused": {"words": words_of(room.refused), "fingerprint": room.refused} if room.refused else None,
    }


def _format_time(time_s: float) -> str:
    at = local_time(time_s)
    return f"{at:%Y-%m-%d %H:%M}" if at else "unknown"
