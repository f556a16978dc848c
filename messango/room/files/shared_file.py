"""What the store has to know of members and messages."""

from __future__ import annotations

from dataclasses import dataclass

from messango.protocol.frames import FileInfo


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who sends a file: the public id of the member, and the address they come from."""

    member: str
    address: str


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A message of the history that announces a file; `time_s` in seconds since 1970 UTC."""

    seq: int
    member: str
    time_s: float
    file: FileInfo
