"""The server's side of the WebSocket handshake (RFC 6455, section 4.2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from messango.web.http.response import HeaderPairs

_VERSION: Final = b"13"
_KEY_BYTES: Final = 16
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

#: What a request without a valid upgrade gets besides the reason (RFC 9110, section 15.5.22).
_WANTED: Final[HeaderPairs] = (
    (b"Connection", b"Upgrade"),
    (b"Upgrade", b"websocket"),
    (b"Sec-WebSocket-Version", _VERSION),
)


@dataclass(frozen=True, slots=True)
class UpgradeRefused:
    """Why a request can't become a WebSocket: the status, a sentence, and headers for the response."""

    status: int
    reason: str
    headers: HeaderPairs = ()


def answer_upgrade(headers: HeaderPairs, *, is_http_1_0: bool = False) -> bytes | UpgradeRefused:
    """Return the 101 response to a `GET` with these headers, or why there is none.

    The names of the headers are in lower case, as h11 has them; HTTP/1.0 has no upgrades. Extensions and
    subprotocols that the browser offers are not used: nothing is compressed.
    """
    fields = _Fields(headers)
    if is_http_1_0 or not fields.ask_for_websocket:
        return UpgradeRefused(426, "Only a WebSocket is accepted here. Open the room's page: /", _WANTED)
    if fields.values(b"sec-websocket-version") != [_VERSION]:
        return UpgradeRefused(426, "Only version 13 of the WebSocket protocol is accepted.", _WANTED)
    if _has_body(fields):
        return UpgradeRefused(400, "A request for a WebSocket can't have a body.")
    keys = fields.values(b"sec-websocket-key")
    if len(keys) != 1 or not _is_key(keys[0]):
        return UpgradeRefused(400, "The WebSocket key has to be 16 bytes in base64.")
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n\r\n" % _accept(keys[0])
    )


class _Fields:
    """Header fields, of which each may be there several times."""

    def __init__(self, headers: HeaderPairs) -> None:
        self._headers = headers

    @property
    def ask_for_websocket(self) -> bool:
        return "websocket" in self.tokens(b"upgrade") and "upgrade" in self.tokens(b"connection")

    def values(self, name: bytes) -> list[bytes]:
        return [value.strip() for field, value in self._headers if field == name]

    def tokens(self, name: bytes) -> set[str]:
        """Return the members of a list, in lower case."""
        return {*_lower_tokens(self.values(name))}


def _lower_tokens(values: Iterable[bytes]) -> Iterable[str]:
    return (token.strip().lower() for value in values for token in value.decode("latin-1").split(","))


def _has_body(fields: _Fields) -> bool:
    return bool(fields.values(b"transfer-encoding")) or fields.values(b"content-length") not in ([], [b"0"])


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except binascii.Error:
        return False


def _accept(key: bytes) -> bytes:
    # SHA-1 is what the RFC names; it only shows that the server knows WebSocket.
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
