"""The browser's side of a WebSocket, by hand, so that it can also do what no browser does."""

from __future__ import annotations

import itertools
import struct
from typing import Final

from messango.errors import RemoteProtocolError
from messango.protocol.peer_codec import DecodedFrames
from messango.web.talk.websocket_codec import WebSocketCodec
from tests.support.decode import decode_all

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
FINAL: Final = 0x80

_MASK: Final = b"\x37\xfa\x21\x3d"


def client_frame(
    payload: bytes = b"", opcode: int = TEXT, *, final: bool = True, bits: int = 0, mask: bytes = _MASK
) -> bytes:
    """Return one frame as a browser sends it; an empty `mask` leaves it unmasked."""
    masked = 0x80 if mask else 0
    size = len(payload)
    first = (FINAL if final else 0) | bits | opcode
    if size <= 125:
        head = bytes([first, masked | size])
    elif size <= 0xFFFF:
        head = struct.pack("!BBH", first, masked | 126, size)
    else:
        head = struct.pack("!BBQ", first, masked | 127, size)
    return head + mask + _apply(mask, payload)


def fragments(*payloads: bytes) -> bytes:
    """Return one text message in these fragments."""
    return b"".join(
        client_frame(payload, CONTINUATION if place else TEXT, final=place == len(payloads) - 1)
        for place, payload in enumerate(payloads)
    )


def close(code: int, reason: bytes = b"") -> bytes:
    """Return a close frame from the browser."""
    return client_frame(struct.pack("!H", code) + reason, CLOSE)


def _apply(mask: bytes, payload: bytes) -> bytes:
    if not mask:
        return payload
    key = mask * (len(payload) // 4 + 1)
    return bytes(byte ^ other for byte, other in zip(payload, key, strict=False))


class Browser:
    """A codec, and what it answered to control frames."""

    def __init__(self) -> None:
        self.replies: list[bytes] = []
        self.codec = WebSocketCodec(self.replies.append)

    def send(self, *reads: bytes) -> tuple[DecodedFrames, RemoteProtocolError | None]:
        """Return all frames of these reads, and the error behind them."""
        return decode_all(self.codec.decode, *reads)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Return the data cut at these places."""
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places) if start < end]
