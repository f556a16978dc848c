"""A file's name in a few columns of a terminal."""

from __future__ import annotations

from wcwidth import wcswidth

from messango.protocol.files.middle_ellipsis import shortened_name
from messango.protocol.text.escaping import safe_line


def short_name(name: str, columns: int) -> str:
    """Return a name in at most this many columns, safe to print: its middle is left out, not its ending."""
    return shortened_name(safe_line(name), lambda text: wcswidth(text) <= columns)
