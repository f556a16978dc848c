"""What a member is told apart by: a colour that stays the same for a name, and an initial."""

from __future__ import annotations

import zlib

from messango.protocol.text import name_key


def color_index(name: str, colors: int) -> int:
    """Return which of `colors` belongs to `name`: the same at each visit and on each machine."""
    return zlib.crc32(name_key(name).encode("utf-8", "replace")) % colors


def initial(name: str) -> str:
    """Return the letter that stands for `name` in a small disc: its first that is a letter or digit."""
    return next((character.upper() for character in name if character.isalnum()), "?")[:1]
