"""What a member is told apart by: a colour that stays the same for a name, and an initial."""

from __future__ import annotations

import hashlib

from messango.protocol.validation import normalized_name


def color_index(name: str, colors: int) -> int:
    """Return which of `colors` belongs to `name`: the same at each visit and on each machine."""
    # A checksum's lowest bits hang together: most names would share four of eight colours.
    digest = hashlib.sha256(normalized_name(name).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") % colors


def initial(name: str) -> str:
    """Return the letter that stands for `name` in a small disc: its first that is a letter or digit."""
    return next((character.upper() for character in name if character.isalnum()), "?")[:1]
