"""Whether a word is the name of a host."""

from __future__ import annotations

import socket


def host_exists(name: str) -> bool:
    """Return whether the system knows a host of this name; it may take seconds to say no."""
    try:
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return False
