"""What a browser gets where no guests are admitted; needs no library."""

from __future__ import annotations

from typing import Final

_TEXT: Final = (
    b"This is a Messango room that takes no guests from the browser.\n"
    b"Ask the host to admit them (messango host web on), or join with Messango.\n"
)

#: The whole response.
NO_GUESTS: Final = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n\r\n%b" % (len(_TEXT), _TEXT)
)


class NoGuests(Exception):
    """No guests are admitted from the browser, or not any more."""
