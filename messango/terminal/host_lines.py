"""What the host reads in the terminal: the banner, then a line for each piece of news, and answers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from messango.protocol.escaping import safe_line
from messango.protocol.frames import RoomInfo
from messango.server.host_events import (
    Away,
    Banned,
    Connected,
    Failed,
    HostCouldNot,
    HostDid,
    Joined,
    KeptAgain,
    Left,
    Listed,
    News,
    Present,
    RefusedGuest,
    Renamed,
    ServerEvent,
)
from messango.terminal.host_tables import answer_lines
from messango.transport.addresses import Address, Invite
from messango.transport.fingerprint_words import grouped, words_of


def banner(facts: RoomInfo, addresses: Sequence[Address], fingerprint: str) -> str:
    """Return what a host passes on: the room, where it is, and how it is known."""
    lines = [f"Room         {facts.name}", f"Seats        {facts.seats}"]
    if facts.locked:
        lines.append("Password     needed to join")
    for number, address in enumerate(addresses):
        lines.append(f"{'' if number else 'Address':<13}{address}")
    lines.append(f"Words        {words_of(fingerprint)}")
    lines.append(f"Fingerprint  {grouped(fingerprint)}")
    if addresses:
        lines.append(f"Invite       {Invite(addresses[0], fingerprint)}")
    lines.append("Others join with `messango gui` or `messango chat`. Ctrl-C closes the room.")
    return "\n".join(lines)


def told(event: ServerEvent) -> list[str]:
    """Return what happens as lines: news with the time of day, an answer as it is."""
    if isinstance(event, (HostDid, HostCouldNot, Present, Banned)):
        return answer_lines(event)
    return [f"{time.strftime('%H:%M:%S')}  {line(event)}"]


def line(event: News) -> str:
    """Return news as one line; names are others' text, so nothing in them moves the cursor."""
    return safe_line(_sentence(event))


def _sentence(event: News) -> str:
    if isinstance(event, Connected):
        return f"connect  {event.peer}  {event.name}"
    if isinstance(event, Joined):
        how = "is back" if event.back else "joined"
        mark = "" if event.encrypted else ", not encrypted"
        return f"join     {event.peer}  {event.name} {how}{mark} ({event.members} of {event.seats})"
    if isinstance(event, Away):
        return f"away     {event.name}: the connection broke, the seat is kept for a while"
    if isinstance(event, Left):
        return f"leave    {event.name}: {event.reason} ({event.members} of {event.seats})"
    if isinstance(event, Renamed):
        return f"rename   {event.old} is called {event.name} now"
    return _about_the_room(event)


def _about_the_room(event: RefusedGuest | KeptAgain | Listed | Failed) -> str:
    if isinstance(event, RefusedGuest):
        return f"refuse   {event.peer}  {event.name}{': ' if event.name else ''}{event.reason}"
    if isinstance(event, KeptAgain):
        return "history  what is said is written to the history again, and nothing was lost"
    if isinstance(event, Listed):
        return f"renamed  another room here has this name: yours is called “{event.name}” now"
    return f"warning  {event.reason}"
