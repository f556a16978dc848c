"""The first frames for a new member."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from messango.protocol.frames import Joined, RoomInfo, ServerFrame, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.history import History
from messango.room.members import Member

#: The most that names may take of the `welcome` frame; its other fields need far less than the rest.
_MAX_NAMES_BYTES: Final = MAX_FRAME_BYTES - 8_192


def welcome_frames(
    room: RoomInfo, member: Member, members: Sequence[Member], history: History
) -> list[ServerFrame]:
    """Return a member's `welcome`, and a `joined` for each of the `members` that does not fit into it."""
    named = count_fitting_names(members)
    welcome = Welcome(
        room=room,
        you=member.name,
        member=member.id,
        session=member.session,
        members=[other.name for other in members[:named]],
        latest=history.latest,
        oldest=history.oldest,
        unencrypted=[other.name for other in members[:named] if not other.encrypted],
    )
    return [welcome, *(Joined(other.name, other.encrypted) for other in members[named:])]


def count_fitting_names(members: Sequence[Member]) -> int:
    """Return how many of the names fit into a `welcome`."""
    sizes = itertools.accumulate(map(_name_bytes, members))
    return sum(size <= _MAX_NAMES_BYTES for size in sizes)


def _name_bytes(member: Member) -> int:
    copies = 1 if member.encrypted else 2
    return copies * len(member.name.encode() + b'"",')
