"""The bodies of a browser's requests about files, and the answers."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from messango.errors import VERSION_HINT, RemoteProtocolError
from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames.base import MessageId, Token

S = TypeVar("S", bound=Struct)

#: An offset has at most as many digits as the largest file that a frame can name.
_MAX_DIGITS: Final = 16


class TicketRequest(Struct, frozen=True):
    """A member wants a ticket for a shared file: then no session stands in an address."""

    session: Token
    file: MessageId


class CancelRequest(Struct, frozen=True):
    """A member gives up the upload that the request's path names."""

    session: Token


def decode_ticket_request(body: bytes) -> TicketRequest:
    """Return what a body asks for; raises `RemoteProtocolError`."""
    return _decode(body, TicketRequest)


def decode_cancel_request(body: bytes) -> CancelRequest:
    """Return what a body asks for; raises `RemoteProtocolError`."""
    return _decode(body, CancelRequest)


def decode_put(body: bytes) -> Put:
    """Return the frame that begins an upload; raises `RemoteProtocolError`."""
    return _decode(body, Put)


def decode_offset(value: str) -> int:
    """Return the byte at which an upload goes on; raises `RemoteProtocolError`."""
    if not (value.isascii() and value.isdecimal() and len(value) <= _MAX_DIGITS):
        raise RemoteProtocolError("The offset of an upload is not a number.", VERSION_HINT)
    return int(value)


def encode_ticket(ticket: str) -> bytes:
    """Return the body that grants a ticket."""
    return msgspec.json.encode({"ticket": ticket})


def _decode(body: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RemoteProtocolError(f"This is not what was expected here: {error}.", VERSION_HINT) from error
