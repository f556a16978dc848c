"""What happens in a course: how large the files are, and what breaks."""

from __future__ import annotations

import enum
import random
from typing import Final

KB: Final = 1_000
MB: Final = 1_000_000

#: How often files are of which size: most are small.
_SIZES: Final = (
    (0.05, 0, 0),
    (0.45, 1, 10 * KB),
    (0.8, 10 * KB, MB),
    (0.95, MB, 20 * MB),
    (1.0, 20 * MB, 200 * MB),
)


class Fault(enum.Enum):
    """What happens to the server, a member, a connection or the disk."""

    SERVER_KILLED = "server killed"
    SERVER_RESTARTED = "server stopped and started"
    SERVER_MOVED = "server at another address"
    MEMBER_KILLED = "member killed"
    CUT = "connections cut within a byte's frame"
    FROZEN = "member does not read or write"
    DISK_FULL = "disk full"
    CANCELLED = "transfer given up"
    KICKED = "member removed"
    DELETED = "message with a file deleted"


def sizes(chance: random.Random, transfers: int, most_bytes: int, largest: int) -> list[int]:
    """Return the sizes of all files, with the largest one among them; together at most `most_bytes`."""
    found = [largest]
    left = most_bytes - largest
    while len(found) < transfers:
        roll = chance.random()
        _share, low, high = next(row for row in _SIZES if roll < row[0])
        size = min(chance.randint(low, high), largest)
        if size > left:
            size = chance.randint(0, 10 * KB)
        left -= size
        found.append(size)
    chance.shuffle(found)
    return found
