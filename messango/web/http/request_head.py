"""The bytes of a request up to its body: found, bounded, and free of what others might read differently.

Two programs that disagree about where a request ends can be made to take one for two (request smuggling).
h11 is lenient here and there, as RFC 9112 allows; browsers never need that.
"""

from __future__ import annotations

import re
from typing import Final

from messango.web.http.http_error import HttpError

#: A browser sends about 600 bytes.
MAX_HEAD_BYTES: Final = 16_384

_END: Final = b"\r\n\r\n"

#: A line break that is not CR LF; a CR at the very end may still get its LF.
_BARE_BREAK: Final = re.compile(rb"(?<!\r)\n|\r(?=[^\n])", re.DOTALL)

#: A header that goes on in the next line (RFC 9112, section 5.2).
_FOLDED: Final = re.compile(rb"\r\n[ \t]")

_NOT_HTTP: Final = "This is not a valid HTTP request."


class RequestHead:
    """Collects bytes until a head is complete; what follows it stays."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._checked = 0

    def feed(self, data: bytes) -> None:
        """Add bytes that came."""
        self._buffer += data

    @property
    def has_begun(self) -> bool:
        """Whether any byte waits."""
        return bool(self._buffer)

    def take(self) -> bytes | None:
        """Return the next complete head, or None; raises `HttpError` if it is too long or ambiguous."""
        start = max(0, self._checked - len(_END))
        found = self._buffer.find(_END, start, MAX_HEAD_BYTES)
        end = min(len(self._buffer), MAX_HEAD_BYTES) if found < 0 else found + len(_END)
        if _BARE_BREAK.search(self._buffer, start, end):
            raise HttpError(400, _NOT_HTTP)
        if found < 0:
            self._checked = end
            if len(self._buffer) >= MAX_HEAD_BYTES:
                raise HttpError(431, "The headers of this request are too long.")
            return None
        self._checked = 0
        head = bytes(self._buffer[:end])
        del self._buffer[:end]
        if _FOLDED.search(head):
            raise HttpError(400, _NOT_HTTP)
        return head

    def take_rest(self, most: int) -> bytes:
        """Return at most so many bytes of what follows the head."""
        data = bytes(self._buffer[:most])
        del self._buffer[:most]
        return data
