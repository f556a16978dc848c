"""Members who send files, and messages that announce them. Times are in seconds since 1970 UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from messango.protocol.frames import FileInfo, Spoken


@dataclass(frozen=True, slots=True)
class Uploader:
    """The sender of a file: the public id of the member, and the address they come from."""

    member: str
    address: str


#: Stands for the other servers of a linked room, whose files are kept here too: no member has this id. All of
#: them together may take what one member's may, and go when space is needed, because they can be had again.
OTHER_SERVERS: Final = Uploader("other-servers", "other-servers")


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A message that announces a file: `member` and `name` are its sender's."""

    seq: int
    member: str
    name: str
    time_s: float
    file: FileInfo


@dataclass(frozen=True, slots=True)
class Share:
    """Which message announces a file, by whom, and since when.

    `seq` is negative if the history does not have the message.
    """

    seq: int
    name: str
    time_s: float


@dataclass(frozen=True, slots=True)
class Announcements:
    """What the history says about files: `shared` are its messages from some time on that announce one.

    `messages` are those that it has of the numbers that were asked for. A message that it does not have may
    have been lost with its file, or be in a backup of it: that it was deleted is written there.
    """

    shared: Sequence[SharedFile]
    messages: Mapping[int, Spoken]
