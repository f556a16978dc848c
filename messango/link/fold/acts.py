"""Acts: what members and hosts do in a linked room, as one server proposes it and all servers fold it.

Nothing in an act has to be computed from a clock or from tables of Unicode: texts are clean, names have their
number and their key, and times are seconds since 1970 UTC on the clock of the server that proposed it. What
belongs to a server only (its seats, its password, its guest key) is never an act.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, field

from messango.protocol.frames import Delete, Edit, Entry, FileInfo, React, Say, ServerCard, Share, Tell

#: The requests of a member that take a number in the room's order.
EntryRequest: TypeAlias = Say | Tell | Share | React | Edit | Delete


class LinkedPerson(Struct, frozen=True, omit_defaults=True):
    """A member as all servers know them.

    `id` is public; `key` is `normalized_name` of the name as the proposing server has it, and two people with
    the same key can't be in the room together. `proof` is the SHA-256 of the session's secret, which lets the
    member return at any server. `host`, `web` and `encrypted` as in `Person`.
    """

    id: str
    name: str
    key: str
    proof: str
    encrypted: bool = True
    web: bool = False
    host: bool = False


class Act(Struct, frozen=True, tag_field="type", omit_defaults=True):
    """The base of all acts."""


class Opened(Act, frozen=True, tag="opened"):
    """A server begins a life. Its members of the life before stay in the room until they are `Gone`."""

    server: ServerCard


class Silent(Act, frozen=True, tag="silent"):
    """A server has heard nothing of this life of another one for `SERVER_SILENT_S`: its members are gone."""

    server: str
    life: str


class Came(Act, frozen=True, tag="came"):
    """A member takes a seat at the server that proposes it.

    `newcomer`: they gave no session of the room, so a lock keeps them out. Who is at another server by then
    is at this one now.
    """

    person: LinkedPerson
    time: float
    newcomer: bool = False


class Gone(Act, frozen=True, tag="gone"):
    """A member is not in the room any more; `reason` and `note` as in the frame `left`.

    Only the server at which they are proposes it, or any server that removes them (`removed`): then the
    session can't return.
    """

    member: str
    reason: str
    note: str = ""
    removed: bool = False


class Renamed(Act, frozen=True, tag="renamed"):
    """A member has another name."""

    member: str
    name: str
    key: str


class Banned(Act, frozen=True, tag="banned"):
    """A ban, as JSON of `room.bans.Ban`; it replaces the one with the same `key`.

    The servers remove those whom it means by a `Gone` each.
    """

    key: str
    ban: str


class Unbanned(Act, frozen=True, tag="unbanned"):
    """Bans are lifted, or have ended."""

    keys: list[str]


class Locked(Act, frozen=True, tag="locked"):
    """The room refuses newcomers from now on, or admits them again."""

    on: bool


class Posted(Act, frozen=True, tag="posted"):
    """Requests of one member, in order; `host`: the member had proved to be the host of their server.

    `files` has what the proposing server stores of each file that is shared. Who speaks as the host has the
    member id `HOST_MEMBER_ID`.
    """

    member: str
    time: float
    requests: list[EntryRequest]
    host: bool = False
    files: list[FileInfo] = field(default_factory=list)


class Based(Act, frozen=True, tag="based"):
    """The room as it was before it was linked, or a part of it; the first acts of a stream, until `last`.

    `seq` is the number before the first one that the linked room gives; `entries` are in their present form
    and keep their numbers. `people` are the sessions that may return.
    """

    link: str
    name: str
    seq: int
    last: bool
    entries: list[Entry] = field(default_factory=list)
    people: list[LinkedPerson] = field(default_factory=list)


AnyAct: TypeAlias = Opened | Silent | Came | Gone | Renamed | Banned | Unbanned | Locked | Posted | Based
