"""The texts of the quiet lines between messages: answers to commands, and what the host should know."""

from __future__ import annotations

from collections.abc import Container, Iterable

from messango.client.events import RoomJoined
from messango.client.members.name_texts import own_name_notice
from messango.client.members.servers import by_server
from messango.client.trust.trust_texts import UNENCRYPTED_ROOM, invite_link, room_details
from messango.client.typed.commands import help_rows
from messango.gui.model.conversation.roster import MemberRow
from messango.protocol.frames import RoomInfo
from messango.protocol.look_alike_texts import look_alike_notices
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import counted
from messango.room.host.file_event_texts import file_text
from messango.room.host.host_events import (
    AddressesChanged,
    CommandDone,
    CommandFailed,
    FileTurnedAway,
    GuestLink,
    GuestLinkExpired,
    HostActed,
    MessagesNotKept,
    RoomEvent,
    RoomRenamed,
    ServerNotice,
    ServerWarning,
    addresses_text,
    guest_link_expired_text,
    not_kept_text,
)


def help_lines() -> list[str]:
    """Return a line for each command."""
    return [f"{usage}: {summary}" for usage, summary in help_rows()]


def members_line(members: Iterable[MemberRow], count: int) -> str:
    """Return who is in the room, `count` members in all; a narrow window has no list of members."""
    rows = [row for row in members if not row.lost]
    if not rows:
        return "You are not in the room"
    groups = [
        (server, ", ".join(map(_member_label, group)))
        for server, group in by_server(rows, lambda row: row.server)
    ]
    parts = [f"{f'at {plain_name(server)}: ' if server else ''}{names}" for server, names in groups]
    more = f", and {count - len(rows)} more" if count > len(rows) else ""
    return f"In the room: {' · '.join(parts)}{more}"


def _member_label(row: MemberRow) -> str:
    marks = ", ".join(filter(None, ("you" if row.you else "", "host" if row.host else "", *row.warnings)))
    return f"{plain_name(row.name)} ({marks})" if marks else plain_name(row.name)


def details_lines(joined: RoomJoined | None) -> list[str]:
    """Return what a member can compare with the server's own lines."""
    return [f"{label}: {value}" for label, value in room_details(joined)] if joined else []


def invite_line(joined: RoomJoined | None) -> str:
    """Return the invite link, or why there is none."""
    link = invite_link(joined) if joined else None
    return link or "There is no link to share here: the host's window or terminal has it"


def joined_notices(joined: RoomJoined, *, hosted_here: bool) -> list[str]:
    """Return what to show after joining: what we are called, who looks like whom, and what the room is."""
    notices = [own_name_notice(joined), *look_alike_notices(joined.everybody, joined.you)]
    if hosted_here:
        notices.append("You host the room now: it closes for everybody when you leave")
    elif not joined.encrypted:
        notices.append(UNENCRYPTED_ROOM)
    return [*filter(None, notices)]


def joined_again_notices(joined: RoomJoined, former_name: str, former_names: Container[str]) -> list[str]:
    """Return what to show after the connection was lost: what has changed since then."""
    newcomers = [person for person in joined.everybody if person.name not in former_names]
    changed = own_name_notice(joined) if joined.you != former_name else ""
    return [text for text in (changed, *look_alike_notices(newcomers, joined.you)) if text]


def presence_line(room: RoomInfo, taken: int, servers: int, *, encrypted: bool, hosted_here: bool) -> str:
    """Return how many are in the room, at how many servers if it has several, and how safe it is."""
    safety = "encrypted" if encrypted else "not encrypted"
    # The host may have changed the number of seats since we joined.
    seats = f"{taken} of {room.seats} seats taken" if taken <= room.seats else f"{taken} members"
    if servers > 1:  # Each of them has its own seats.
        seats = f"{counted(taken, 'member')} at {servers} servers"
    return f"{seats} · {safety}{' · hosted by you' if hosted_here else ''}"


def _renamed_text(event: RoomRenamed) -> str:
    name = quoted_name(event.name)
    if event.linked:
        return f"Another server on this network has this name, so lists show this one as {name}"
    if event.recovered:
        return f"No other room has this name any more: this one is called {name} again"
    return f"Another room already has this name, so others see this one as {name}"


def host_notice(event: RoomEvent) -> str:
    """Return what the host should read of a server event; empty for one that the client reports too."""
    if isinstance(event, RoomRenamed):
        return _renamed_text(event)
    if isinstance(event, ServerWarning):
        return event.reason
    if isinstance(event, AddressesChanged):
        text = addresses_text(event)
        link = ". Ctrl I shows the new invite link" if event.invite else ""
        return f"{text[0].upper()}{text[1:]}{link}"
    if isinstance(event, ServerNotice):
        return event.text
    if isinstance(event, FileTurnedAway):
        return file_text(event)
    if isinstance(event, MessagesNotKept):
        return not_kept_text(event)
    if isinstance(event, GuestLinkExpired):
        text = guest_link_expired_text()
        return f"{text[0].upper()}{text[1:]}. Under Room details (Ctrl I) you can make a new one"
    return event.message if isinstance(event, CommandDone | CommandFailed | GuestLink | HostActed) else ""
