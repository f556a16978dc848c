"""What the members of a course of transfers did and saw, and what the room has stored at the end."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field


class Outcome(enum.Enum):
    """What a sender knows of a file that they sent."""

    ACCEPTED = "accepted"  # They saw it announced.
    REFUSED = "refused"  # They were told that it failed: nobody may see it.
    CANCELLED = "cancelled"  # They gave it up, and were told so: nobody may see it.
    UNKNOWN = "unknown"  # They were killed or removed before they knew: both are right.


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file."""

    size: int
    sha256: str


@dataclass(slots=True)
class Sent:
    """A file that a member sent; its transfer's id is the announcing message's."""

    sender: str
    content: Content
    outcome: Outcome = Outcome.UNKNOWN
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """A message with a file, as somebody saw it or as it is in the history."""

    seq: int
    id: str
    file: str
    content: Content


@dataclass(slots=True)
class Visit:
    """One session of one member, from joining to the end: everything comes once and in order."""

    member: str
    announced: list[Announced] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Receiver:
    """What a member has on the disk at the end, and what they were told instead."""

    member: str
    #: By the file's id in the room: what is in the file that was said to be complete; None: it is not there.
    saved: dict[str, Content | None] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    #: Names of partial files that are still in the folder; and what is in others that nobody has reported:
    #: the member was killed in that moment.
    left: list[str] = field(default_factory=list)
    unreported: dict[str, Content] = field(default_factory=dict)
    #: The files that they asked for; None: all.
    wanted: set[str] | None = None


@dataclass(slots=True)
class StoredFile:
    """A record of the store: which bytes it says are where, and which messages announce them."""

    file: str
    blob: str
    content: Content
    shares: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Stored:
    """The folder of a room's files: its records, and the bytes that are there, by name."""

    files: list[StoredFile] = field(default_factory=list)
    blobs: dict[str, Content] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Evidence:
    """All of a course, for the checker."""

    sent: dict[str, Sent]
    visits: Sequence[Visit]
    receivers: Sequence[Receiver]
    #: The messages with files that the history has at the end, and the numbers of those that were deleted.
    history: Sequence[Announced]
    deleted: set[int]
    stored: Stored
    #: What is in the folder when partial files have had their hour, and when everything has had its time.
    after_an_hour: Stored
    after_all: Stored
