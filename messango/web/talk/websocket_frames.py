"""The WebSocket frames that a server sends (RFC 6455, section 5.2): unmasked, and never fragmented."""

from __future__ import annotations

import enum
import struct
from typing import Final

_FINAL: Final = 0x80
_TEXT: Final = bytes([_FINAL | 0x1])
_CLOSE: Final = _FINAL | 0x8
_PONG: Final = _FINAL | 0xA

#: Lengths up to this one fit into the second byte. Control frames have no longer ones.
_MAX_SHORT: Final = 125
_MAX_TWO_BYTES: Final = 0xFFFF
_TWO_BYTES: Final = struct.Struct("!BBH")
_EIGHT_BYTES: Final = struct.Struct("!BBQ")


class CloseCode(enum.IntEnum):
    """Why a WebSocket was closed (RFC 6455, section 7.4.1)."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    #: Never sent: a close frame came without a code.
    NO_CODE = 1005
    INVALID_TEXT = 1007
    POLICY_VIOLATION = 1008
    TOO_BIG = 1009


def text_message(text: bytes) -> bytes:
    """Return one text message with this UTF-8."""
    size = len(text)
    if size <= _MAX_SHORT:
        return b"%b%c%b" % (_TEXT, size, text)
    if size <= _MAX_TWO_BYTES:
        return _TWO_BYTES.pack(_TEXT[0], 126, size) + text
    return _EIGHT_BYTES.pack(_TEXT[0], 127, size) + text


def pong(payload: bytes) -> bytes:
    """Return the answer to a ping with this payload of at most 125 bytes."""
    return bytes([_PONG, len(payload)]) + payload


def close_frame(code: int) -> bytes:
    """Return a close frame; `NO_CODE` gives one without a code."""
    if code == CloseCode.NO_CODE:
        return bytes([_CLOSE, 0])
    return _TWO_BYTES.pack(_CLOSE, 2, code)
