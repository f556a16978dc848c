"""What the host reads in the terminal: the banner, then a line for each event, and command results."""

from __future__ import annotations

import time
from collections.abc import Sequence

from messango.protocol.frames import RoomInfo
from messango.protocol.leave_reasons import leave_text
from messango.protocol.look_alike_texts import resembled
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.room.host.file_event_texts import file_text
from messango.room.host.host_events import (
    AddressesChanged,
    BanList,
    CommandDone,
    CommandFailed,
    FileList,
    FileShared,
    FileTurnedAway,
    GuestLink,
    GuestLinkExpired,
    HistoryRestored,
    HostActed,
    JoinAttempted,
    JoinAttemptRefused,
    MemberDisconnected,
    MemberJoined,
    MemberLeft,
    MemberList,
    MemberRenamed,
    MessagesNotKept,
    PrivateMessagesSent,
    RoomEvent,
    RoomNotice,
    RoomRenamed,
    ServerNotice,
    ServerWarning,
    addresses_text,
    guest_link_expired_text,
    not_kept_text,
    restored_text,
)
from messango.room.host.link_report import LinkReport
from messango.terminal.host.guest_invite import GuestInvite
from messango.terminal.host.host_tables import result_lines
from messango.transport.addresses import Address, Invite
from messango.transport.identity.fingerprint_words import group_digits, words_of


def banner(info: RoomInfo, addresses: Sequence[Address], fingerprint: str) -> str:
    """Return what the host passes on: the room's name, addresses, fingerprint and invite link."""
    lines = [f"Room         {info.name}", f"Seats        {info.seats}"]
    if info.password:
        lines.append("Password     needed to join")
    for number, address in enumerate(addresses):
        lines.append(f"{'' if number else 'Address':<13}{address}")
    lines.append(f"Words        {words_of(fingerprint)}")
    lines.append(f"Fingerprint  {group_digits(fingerprint)}")
    if addresses:
        lines.append(f"Invite       {Invite(addresses[0], fingerprint)}")
    lines.append("Others join with `messango gui` or `messango chat`. Ctrl-C closes the room.")
    return "\n".join(lines)


def event_lines(event: RoomEvent, guests: GuestInvite) -> list[str]:
    """Return an event as lines: with the time of day, but for the results of commands."""
    if isinstance(event, GuestLink):
        return guests.result_lines(event)
    if isinstance(event, (CommandDone, CommandFailed, MemberList, BanList, FileList, LinkReport)):
        return result_lines(event)
    if isinstance(event, PrivateMessagesSent):
        return []  # Their number stands in the status line.
    now = time.strftime("%H:%M:%S")
    lines = [f"{now}  {format_event(event)}"]
    if isinstance(event, AddressesChanged) and event.invite:
        lines.append(f"{now}  invite   {event.invite}")
        lines += guests.present_lines(time.time())
    return lines


def format_event(event: RoomNotice) -> str:
    """Return an event as one line; control characters in names are escaped."""
    return safe_line(_event_text(event))


def _event_text(event: RoomNotice) -> str:
    if isinstance(event, JoinAttempted):
        return f"connect  {event.peer}  {plain_name(event.name)}"
    if isinstance(event, MemberJoined):
        mark = (", host" if event.host else "") + _look_alike_mark(event.resembles)
        who = f"{event.peer}  {plain_name(event.name)} {_how_joined(event)}"
        return f"join     {who} ({event.members} of {event.seats}){mark}"
    if isinstance(event, MemberDisconnected):
        broken = "the connection broke, and the seat is reserved for a while"
        return f"away     {plain_name(event.name)}: {broken}"
    if isinstance(event, MemberLeft):
        why = leave_text(event.reason, event.note)
        return f"leave    {plain_name(event.name)}: {why} ({event.members} of {event.seats})"
    if isinstance(event, MemberRenamed):
        times = f", after {event.times:,} changes" if event.times > 1 else ""
        mark = _look_alike_mark(event.resembles)
        return f"rename   {plain_name(event.old)} is now called {plain_name(event.name)}{times}{mark}"
    if isinstance(event, (FileShared, FileTurnedAway)):
        return f"file     {file_text(event)}"
    return _room_event_text(event)


def _how_joined(event: MemberJoined) -> str:
    if event.web:
        return "is back in a browser" if event.resumed else "joined from a browser"
    how = "is back" if event.resumed else "joined"
    return how if event.encrypted else f"{how}, not encrypted"


def _room_event_text(
    event: JoinAttemptRefused
    | HistoryRestored
    | MessagesNotKept
    | RoomRenamed
    | AddressesChanged
    | ServerWarning
    | ServerNotice
    | HostActed
    | GuestLinkExpired,
) -> str:
    if isinstance(event, JoinAttemptRefused):
        name = f"{plain_name(event.name)}: " if event.name else ""
        return f"refuse   {event.peer}  {name}{event.reason}"
    if isinstance(event, (HistoryRestored, MessagesNotKept)):
        return f"history  {_history_text(event)}"
    if isinstance(event, AddressesChanged):
        return f"address  {addresses_text(event)}"
    if isinstance(event, RoomRenamed):
        return f"renamed  {_renamed_text(event)}"
    if isinstance(event, ServerNotice):
        return f"notice   {event.text}"
    if isinstance(event, HostActed):
        return f"host     {event.message}"
    if isinstance(event, GuestLinkExpired):
        return f"web      {guest_link_expired_text()}. `web renew` makes a new one"
    return f"warning  {event.reason}"


def _history_text(event: HistoryRestored | MessagesNotKept) -> str:
    return restored_text(event) if isinstance(event, HistoryRestored) else not_kept_text(event)


def _renamed_text(event: RoomRenamed) -> str:
    name = quoted_name(event.name)
    if event.linked:
        return f"another server on this network has that name, so lists show this one as {name}"
    if event.recovered:
        return f"no other room has that name any more; yours is called {name} again"
    return f"another room on this network has that name; yours is now called {name}"


def _look_alike_mark(resembles: str) -> str:
    return f", but only looks like {resembled(resembles)}" if resembles else ""
