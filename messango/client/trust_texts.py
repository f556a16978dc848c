"""Texts about the identity of a room, the same in the window and the terminal.

Room names in them come from other people: a terminal must escape them.
"""

from __future__ import annotations

from typing import Final

from messango.client.events import RoomJoined
from messango.protocol.text.plain_names import quoted_name
from messango.transport.addresses import Invite, parse_address
from messango.transport.fingerprint_words import group_digits, words_of

UNENCRYPTED_ROOM: Final = "This room is not encrypted: others on the network can read it."


def first_visit_notice(joined: RoomJoined) -> tuple[str, str] | None:
    """Return a sentence and the security words for a first visit; None for a later one."""
    if not (joined.first_visit and joined.encrypted):
        return None
    if joined.by_invite:
        sentence = "First visit. This is the room of your invite link. Its words are:"
    else:
        sentence = "First visit. Check with the host that these words match:"
    return sentence, words_of(joined.fingerprint)


def namesake_warning(joined: RoomJoined) -> str:
    """Return a warning if the room is new but has the name of a known room; otherwise an empty text."""
    known = joined.namesake
    if known is None:
        return ""
    here, there = words_of(joined.fingerprint), words_of(known.fingerprint)
    return (
        f"You know a different room called {quoted_name(known.name)}. Compare the words before you write: "
        f"this room has “{here}”, the room that you know has “{there}”."
    )


def moved_notice(joined: RoomJoined) -> str:
    """Return what to tell people whose session continues at another address; empty if it does not."""
    if not joined.moved_from:
        return ""
    return f"The room is at another address now: {joined.address} (before: {joined.moved_from})."


def room_details(joined: RoomJoined) -> list[tuple[str, str]]:
    """Return labels and values, as the server prints them, so that people can compare."""
    rows = [("Room", joined.room.name), ("Seats", str(joined.room.seats)), ("Address", joined.address)]
    if not joined.encrypted:
        return rows
    return [
        *rows,
        ("Words", words_of(joined.fingerprint)),
        ("Fingerprint", group_digits(joined.fingerprint)),
    ]


def invite_link(joined: RoomJoined) -> str | None:
    """Return an invite link, or None if we joined over loopback, which is useless to others."""
    address = parse_address(joined.address)
    return None if address.is_loopback else str(Invite(address, joined.fingerprint or None))
