"""Texts about the identity of a room, the same in the window and the terminal.

Room names in them come from other people: a terminal must escape them.
"""

from __future__ import annotations

from typing import Final

from messango.client.events import RoomJoined
from messango.protocol.text.confusables import looks_like
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import join_names
from messango.transport.addresses import Invite, parse_address
from messango.transport.identity.fingerprint_words import group_digits, words_of

#: Nobody reads more ids.
_MAX_LISTED: Final = 5

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
    is_renamed = not looks_like(known.name, joined.room.name)
    now = f" that was called {quoted_name(joined.room.name)} before" if is_renamed else ""
    return (
        f"You know a different room called {quoted_name(known.name)}{now}. Compare the words before you "
        f"write: this room has “{here}”, the room that you know has “{there}”."
    )


def moved_notice(joined: RoomJoined) -> str:
    """Return what to tell people whose session continues at another address; empty if it does not."""
    if not joined.moved_from:
        return ""
    return f"The room is at another address now: {joined.address} (before: {joined.moved_from})."


def went_on_notice(joined: RoomJoined) -> str:
    """Return at which server of a linked room the session goes on; empty if it is at the same one."""
    if not joined.former_server:
        return ""
    where = quoted_name(joined.server) if joined.server else "another server of the room"
    return f"{quoted_name(joined.former_server)} is away. You are at {where} now."


def renamed_notice(joined: RoomJoined) -> str:
    """Return what a known room is called now; empty if it has the name by which the person knows it."""
    if not joined.former_name:
        return ""
    return f"{quoted_name(joined.former_name)} is now called {quoted_name(joined.room.name)}."


def same_name_notice(joined: RoomJoined) -> str:
    """Return which room this is if the person knows several by the name that they typed; otherwise ""."""
    if not joined.same_name:
        return ""
    asked = quoted_name(joined.former_name or joined.room.name)
    others = ", ".join(room.id for room in joined.same_name[:_MAX_LISTED])
    return (
        f"You know {len(joined.same_name) + 1} rooms called {asked}. You are in the one with the words "
        f"“{words_of(joined.fingerprint)}”. To join another one, use its id: {others}."
    )


def room_details(joined: RoomJoined) -> list[tuple[str, str]]:
    """Return labels and values, as the server prints them, so that people can compare."""
    rows = [("Room", joined.room.name), ("Seats", str(joined.room.seats)), ("Address", joined.address)]
    if joined.servers:
        here = f"you are at {plain_name(joined.server)}; " if joined.server else ""
        rows.append(("Servers", here + join_names([*map(plain_name, joined.servers)], _MAX_LISTED)))
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
