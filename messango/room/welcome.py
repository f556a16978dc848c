"""What somebody is told first who has come in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from messango.protocol.frames import Joined, RoomFacts, ServerFrame, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.history import History
from messango.room.members import Member

#: Names in a welcome may take so much of its frame; the rest of it needs far less than is left.
_NAMES_BYTES: Final = MAX_FRAME_BYTES - 8_192


def welcome_frames(
    room: RoomFacts, member: Member, members: Sequence[Member], history: History
) -> list[ServerFrame]:
    """Return the welcome of a member, and those of the members that have no room in it."""
    told = how_many_fit(members)
    welcome = Welcome(
        room=room,
        you=member.name,
        member=member.id,
        session=member.session,
        members=[other.name for other in members[:told]],
        latest=history.latest,
        oldest=history.oldest,
        unencrypted=[other.name for other in members[:told] if not other.encrypted],
    )
    return [welcome, *(Joined(other.name, other.encrypted) for other in members[told:])]


def how_many_fit(members: Sequence[Member]) -> int:
    """Return how many of the names have room in one frame; of the rest a hall is told one by one."""
    sizes = itertools.accumulate(map(_size, members))
    return sum(size <= _NAMES_BYTES for size in sizes)


def _size(member: Member) -> int:
    named = 1 if member.encrypted else 2
    return named * len(member.name.encode() + b'"",')
