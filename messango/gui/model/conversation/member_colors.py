"""A member's colour, which is always the same for a name, and initial."""

from __future__ import annotations

import functools
import hashlib

from messango.protocol.text.validation import normalized_name


@functools.lru_cache(maxsize=1_024)
def color_index(name: str, colors: int) -> int:
    """Return the colour of `name`, 0 to `colors` - 1: the same in each session and on each computer."""
    # With a checksum such as CRC, the lowest bits correlate: most names would share four of eight colours.
    digest = hashlib.sha256(normalized_name(name).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") % colors


def initial(name: str) -> str:
    """Return the first letter or digit of `name` in upper case, or `?`."""
    return next((character.upper() for character in name if character.isalnum()), "?")[:1]
