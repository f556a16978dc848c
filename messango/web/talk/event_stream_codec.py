"""Frames as server-sent events in a chunked response; the page's own frames come by posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.protocol.peer_codec import JsonCodec

#: The chunk without bytes that ends a chunked body (RFC 9112, section 7.1).
_LAST_CHUNK: Final = b"0\r\n\r\n"


class EventStreamCodec(JsonCodec):
    """Encodes each piece as one chunk with one event, which has a `data:` line for each frame.

    The input is plain lines: what the posts of the page held. `encode` and `final_bytes` are for any thread,
    the rest for one thread at a time.
    """

    final_bytes = _LAST_CHUNK

    def encode(self, frames: bytes) -> Sequence[bytes]:
        if not frames:
            return ()
        # JSON in one line has no other line breaks, so that each `data:` line is a whole frame.
        event = b"data: %b\n\n" % frames[:-1].replace(b"\n", b"\ndata: ")
        return (b"%x\r\n%b\r\n" % (len(event), event),)
