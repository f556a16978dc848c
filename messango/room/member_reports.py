"""What the host is told about the members: that one has joined, and the list of them."""

from __future__ import annotations

from messango.room.host.host_events import MemberInfo, MemberJoined
from messango.room.members import Member, Members


def joined_event(members: Members, member: Member, *, resumed: bool) -> MemberJoined:
    """Return the event that this member has a seat, or is back at it."""
    return MemberJoined(
        str(member.peer),
        member.name,
        len(members),
        members.seats,
        resumed=resumed,
        encrypted=member.encrypted,
        host=member.is_host,
        web=member.is_guest,
        resembles=members.person(member).resembles,
    )


def member_infos(members: Members) -> tuple[MemberInfo, ...]:
    """Return the members in the order in which they joined; those at other servers come last."""
    return tuple(
        MemberInfo(
            member.name,
            member.peer,
            member.joined_at_s,
            away=member.connection_id is None and not member.server,
            host=member.is_host,
            resembles=members.person(member).resembles,
            id=member.id,
            server=member.server,
            web=member.is_guest,
            encrypted=member.encrypted,
        )
        for member in members
    )
