"""Members who send files, and messages that announce them. Times are in seconds since 1970 UTC."""

from __future__ import annotations

from dataclasses import dataclass

from messango.protocol.frames import FileInfo


@dataclass(frozen=True, slots=True)
class Uploader:
    """The sender of a file: the public id of the member, and the address they come from."""

    member: str
    address: str


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
    """Which message announces a file, by whom, and since when."""

    seq: int
    name: str
    time_s: float
