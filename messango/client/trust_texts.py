"""How a room is made known to a person, the same sentences for each face. Names in them are others' text."""

from __future__ import annotations

from messango.client.events import Entered
from messango.transport.addresses import Invite, parse_address
from messango.transport.fingerprint_words import group_digits, words_of


def first_words(entered: Entered) -> tuple[str, str] | None:
    """Return what is to be said at a first visit, and the words it is about; None at a later one."""
    if not (entered.first_visit and entered.encrypted):
        return None
    if entered.by_invite:
        said = "First visit. The room is the one that your invite link is for; its words are:"
    else:
        said = "First visit. Ask the host whether these are the words that the server shows:"
    return said, words_of(entered.fingerprint)


def warning(entered: Entered) -> str:
    """Return what is to be said of a new room that has the name of one that we know, or nothing."""
    known = entered.namesake
    if known is None:
        return ""
    return (
        f"Another room called “{known.name}” is known to you, and this is not that one. Compare the words "
        f"before you speak: here they are “{words_of(entered.fingerprint)}”, in the room that you know "
        f"“{words_of(known.fingerprint)}”."
    )


def details(entered: Entered) -> list[tuple[str, str]]:
    """Return what can be compared with the server's own lines: what it is, and how it reads."""
    rows = [("Room", entered.room.name), ("Seats", str(entered.room.seats)), ("Address", entered.address)]
    if not entered.encrypted:
        return rows
    return [
        *rows,
        ("Words", words_of(entered.fingerprint)),
        ("Fingerprint", group_digits(entered.fingerprint)),
    ]


def invite_of(entered: Entered) -> str | None:
    """Return a link that leads others to the room, or None where our address leads nobody else there."""
    address = parse_address(entered.address)
    return None if address.is_loopback else str(Invite(address, entered.fingerprint or None))
