"""Reading pieces of a file that may be damaged, cut off, or made to hurt."""

from __future__ import annotations

import os
from typing import BinaryIO


class DamagedPicture(ValueError):
    """The file claims to be a picture, but can't be read as one."""


def read_exactly(source: BinaryIO, count: int) -> bytes:
    """Return the next `count` bytes; raise `DamagedPicture` if the file ends before."""
    data = source.read(count)
    if len(data) < count:
        raise DamagedPicture("the file ends too early")
    return data


def read_number(source: BinaryIO, count: int) -> int:
    """Return the next `count` bytes as a number, the highest byte first."""
    return int.from_bytes(read_exactly(source, count), "big")


def size_of(source: BinaryIO) -> int:
    """Return the size of a file, and stay where it is being read."""
    position = source.tell()
    size = source.seek(0, os.SEEK_END)
    source.seek(position)
    return size
