"""The frames about members: the first frames for a new one, and those for the others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import msgspec

from messango.protocol.frames import Joined, Person, Renamed, RoomInfo, ServerCard, ServerFrame, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.history.history import History
from messango.room.members import Member

#: The most that names may take of the `welcome` frame; its other fields need far less than the rest.
_MAX_NAMES_BYTES: Final = MAX_FRAME_BYTES - 8_192


def welcome_frames(
    room: RoomInfo,
    member: Member,
    people: Sequence[Person],
    history: History,
    last: int,
    servers: tuple[ServerCard, ...] = (),
) -> list[ServerFrame]:
    """Return a member's `welcome`, and a `joined` for each of the `people` who does not fit into it.

    `last` is the number of the last entry that follows, `servers` are those of a linked room.
    """
    fitting = people[: count_fitting(people, len(msgspec.json.encode(servers)))]
    welcome = Welcome(
        room=room,
        you=member.name,
        member=member.id,
        session=member.session,
        members=[person.name for person in fitting],
        latest=history.latest,
        oldest=history.oldest,
        unencrypted=[person.name for person in fitting if not person.encrypted],
        people=[*fitting],
        last=last,
        servers=servers,
    )
    return [welcome, *map(joined_frame, people[len(fitting) :])]


def joined_frame(person: Person) -> Joined:
    """Return the notice that this person has joined."""
    return Joined(
        person.name,
        person.encrypted,
        person.id,
        host=person.host,
        web=person.web,
        resembles=person.resembles,
        server=person.server,
    )


def renamed_frame(person: Person, old: str) -> Renamed:
    """Return the notice that this person, who was called `old`, has another name."""
    return Renamed(
        person.name,
        old,
        person.id,
        host=person.host,
        web=person.web,
        encrypted=person.encrypted,
        resembles=person.resembles,
        server=person.server,
    )


def count_fitting(people: Sequence[Person], other_bytes: int = 0) -> int:
    """Return how many people fit into a `welcome` that has so many bytes of servers."""
    limit = _MAX_NAMES_BYTES - other_bytes
    return sum(size <= limit for size in itertools.accumulate(map(_bytes_of, people)))


def _bytes_of(person: Person) -> int:
    copies = 1 if person.encrypted else 2
    return copies * len(msgspec.json.encode(person.name) + b",") + len(msgspec.json.encode(person) + b",")
