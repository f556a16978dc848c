"""A file that a person wants to send: what they chose, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to share under `name`: the bytes are in the file at `path`, or `data` are they.

    Place and camera data are removed from a picture unless `keep_metadata`.
    """

    name: str
    path: Path | None = None
    data: bytes = b""
    keep_metadata: bool = False
