"""How a room is made known to a person, the same sentences for each face. Names in them are others' text."""

from __future__ import annotations

from messango.client.events import RoomJoined
from messango.transport.addresses import Invite, parse_address
from messango.transport.fingerprint_words import group_digits, words_of


def first_visit_notice(joined: RoomJoined) -> tuple[str, str] | None:
    """Return what is to be said at a first visit, and the words it is about; None at a later one."""
    if not (joined.first_visit and joined.encrypted):
        return None
    if joined.by_invite:
        sentence = "First visit. The room is the one that your invite link is for; its words are:"
    else:
        sentence = "First visit. Ask the host whether these are the words that the server shows:"
    return sentence, words_of(joined.fingerprint)


def namesake_warning(joined: RoomJoined) -> str:
    """Return what is to be said of a new room that has the name of one that we know, or nothing."""
    known = joined.namesake
    if known is None:
        return ""
    return (
        f"Another room called “{known.name}” is known to you, and this is not that one. Compare the words "
        f"before you speak: here they are “{words_of(joined.fingerprint)}”, in the room that you know "
        f"“{words_of(known.fingerprint)}”."
    )


def room_details(joined: RoomJoined) -> list[tuple[str, str]]:
    """Return what can be compared with the server's own lines: what it is, and how it reads."""
    rows = [("Room", joined.room.name), ("Seats", str(joined.room.seats)), ("Address", joined.address)]
    if not joined.encrypted:
        return rows
    return [
        *rows,
        ("Words", words_of(joined.fingerprint)),
        ("Fingerprint", group_digits(joined.fingerprint)),
    ]


def invite_link(joined: RoomJoined) -> str | None:
    """Return a link that leads others to the room, or None where our address leads nobody else there."""
    address = parse_address(joined.address)
    return None if address.is_loopback else str(Invite(address, joined.fingerprint or None))
