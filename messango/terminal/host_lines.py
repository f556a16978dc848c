"""What the host reads in the terminal: the banner, then a line for each piece of news, and answers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from messango.protocol.escaping import safe_line
from messango.protocol.frames import RoomInfo
from messango.server.host_events import (
    BanList,
    CommandDone,
    CommandFailed,
    HistoryRestored,
    HostJoinRefused,
    HostMemberDisconnected,
    HostMemberJoined,
    HostMemberLeft,
    HostMemberRenamed,
    HostNotice,
    JoinAttempted,
    MemberList,
    RoomRenamed,
    ServerEvent,
    ServerWarning,
)
from messango.terminal.host_tables import result_lines
from messango.transport.addresses import Address, Invite
from messango.transport.fingerprint_words import group_digits, words_of


def banner(info: RoomInfo, addresses: Sequence[Address], fingerprint: str) -> str:
    """Return what a host passes on: the room, where it is, and how it is known."""
    lines = [f"Room         {info.name}", f"Seats        {info.seats}"]
    if info.locked:
        lines.append("Password     needed to join")
    for number, address in enumerate(addresses):
        lines.append(f"{'' if number else 'Address':<13}{address}")
    lines.append(f"Words        {words_of(fingerprint)}")
    lines.append(f"Fingerprint  {group_digits(fingerprint)}")
    if addresses:
        lines.append(f"Invite       {Invite(addresses[0], fingerprint)}")
    lines.append("Others join with `messango gui` or `messango chat`. Ctrl-C closes the room.")
    return "\n".join(lines)


def event_lines(event: ServerEvent) -> list[str]:
    """Return what happens as lines: news with the time of day, an answer as it is."""
    if isinstance(event, (CommandDone, CommandFailed, MemberList, BanList)):
        return result_lines(event)
    return [f"{time.strftime('%H:%M:%S')}  {format_event(event)}"]


def format_event(event: HostNotice) -> str:
    """Return news as one line; names are others' text, so nothing in them moves the cursor."""
    return safe_line(_event_text(event))


def _event_text(event: HostNotice) -> str:
    if isinstance(event, JoinAttempted):
        return f"connect  {event.peer}  {event.name}"
    if isinstance(event, HostMemberJoined):
        how = "is back" if event.back else "joined"
        mark = "" if event.encrypted else ", not encrypted"
        return f"join     {event.peer}  {event.name} {how}{mark} ({event.members} of {event.seats})"
    if isinstance(event, HostMemberDisconnected):
        return f"away     {event.name}: the connection broke, the seat is kept for a while"
    if isinstance(event, HostMemberLeft):
        return f"leave    {event.name}: {event.reason} ({event.members} of {event.seats})"
    if isinstance(event, HostMemberRenamed):
        return f"rename   {event.old} is called {event.name} now"
    return _room_event_text(event)


def _room_event_text(event: HostJoinRefused | HistoryRestored | RoomRenamed | ServerWarning) -> str:
    if isinstance(event, HostJoinRefused):
        return f"refuse   {event.peer}  {event.name}{': ' if event.name else ''}{event.reason}"
    if isinstance(event, HistoryRestored):
        return "history  what is said is written to the history again, and nothing was lost"
    if isinstance(event, RoomRenamed):
        return f"renamed  another room here has this name: yours is called “{event.name}” now"
    return f"warning  {event.reason}"
