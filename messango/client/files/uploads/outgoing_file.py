"""A file that a person wants to send: what they chose, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from messango.protocol.files.file_line import format_size
from messango.protocol.limits import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to share under `name`: the bytes are in the file at `path`, or `data` are they.

    Place and camera data are removed from a picture unless `keep_metadata`.
    """

    name: str
    path: Path | None = None
    data: bytes = b""
    keep_metadata: bool = False


def size_problem(size: int, largest: int | None) -> str:
    """Return why a file of this size can't be sent, in a sentence; empty if it can.

    `largest` is the largest file that the room takes, in bytes, or None if that is not known.
    """
    most = MAX_FILE_BYTES if largest is None else largest
    if size <= most:
        return ""
    return f"This file is too large: the room takes files of up to {format_size(most)}."
