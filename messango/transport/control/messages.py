"""What goes over a control socket: one request and one reply, each a JSON object on one line.

    {"request": "command", "arguments": {"kind": "kick", "name": "Ann"}}
    {"result": {"kind": "done", "message": "“Ann” was removed."}}
    {"error": {"code": "unknown-request", "message": "...", "hint": "..."}}

Both ends are programs of one user, perhaps of two versions: unknown fields are ignored. Pure.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

#: No request needs more: the longest has a message of 8,000 characters, six bytes each as a JSON escape.
MAX_REQUEST_BYTES: Final = 65_536
#: A room has at most 10,000 members, and each has a line in the answer to `who`.
MAX_REPLY_BYTES: Final = 8_388_608

#: The codes of errors that any request can lead to.
BAD_REQUEST: Final = "bad-request"
BUSY: Final = "busy"
UNKNOWN_REQUEST: Final = "unknown-request"
CLOSING: Final = "closing"
FAULT: Final = "fault"


class ControlRequest(msgspec.Struct, frozen=True):
    """A request by its name, with arguments that depend on it."""

    request: str
    arguments: dict[str, Any] = {}


class ControlError(msgspec.Struct, frozen=True):
    """Why a request failed: a code for programs, and what a person reads."""

    code: str
    message: str
    hint: str = ""


class ControlReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer: `result`, or `error` if the request failed."""

    result: dict[str, Any] | None = None
    error: ControlError | None = None


_REQUEST_DECODER: Final = msgspec.json.Decoder(ControlRequest)
_REPLY_DECODER: Final = msgspec.json.Decoder(ControlReply)


def encode_line(message: ControlRequest | ControlReply) -> bytes:
    """Return a request or a reply with its newline."""
    return msgspec.json.encode(message) + b"\n"


def decode_request(line: bytes) -> ControlRequest:
    """Return the request on a line; raises `ValueError`."""
    try:
        return _REQUEST_DECODER.decode(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def decode_reply(line: bytes) -> ControlReply:
    """Return the reply on a line; raises `ValueError`."""
    reply = _REPLY_DECODER.decode(line)
    if (reply.result is None) == (reply.error is None):
        raise ValueError("neither a result nor an error, or both")
    return reply
