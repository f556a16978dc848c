"""Asks the engine of a linked room whether it answers, is the right one, and has the room's stream.

It speaks as much of NATS's own protocol as that takes (https://docs.nats.io/reference/nats-protocols), so
the doctor needs no library.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from messango.transport.addresses import Address
from messango.transport.link_tls import TlsContext, TlsError

_TIMEOUT_S: Final = 6.0

#: The engine's greeting has about 500 bytes; a stream's state 2 KB.
_MAX_LINE_BYTES: Final = 64 * 1024

#: A new one for each connection is not needed: nobody else's answers come to this connection.
_INBOX: Final = "_INBOX.messango.doctor"


_OTHER_PROGRAM: Final = "another program answers"

#: JetStream's code for a stream that does not exist.
_NOT_FOUND: Final = 404


class _Info(msgspec.Struct, frozen=True):
    version: str = ""
    tls_required: bool = False
    tls_available: bool = False


class _ApiError(msgspec.Struct, frozen=True):
    code: int
    description: str = ""


class _StreamState(msgspec.Struct, frozen=True):
    messages: int = 0


class _StreamReply(msgspec.Struct, frozen=True):
    error: _ApiError | None = None
    state: _StreamState = _StreamState()


@dataclass(frozen=True, slots=True)
class EngineTarget:
    """What to look for: the engine's addresses, the room's stream, and how the room's file gets in."""

    addresses: Sequence[Address]
    stream: str
    context: TlsContext | None
    tls_name: str = ""
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What was found at an address: how far it went, and the reason if it did not go on.

    `entries` are in the room's stream; None: it has no such stream.
    """

    reached: bool = False
    is_nats: bool = False
    let_in: bool = False
    version: str = ""
    entries: int | None = None
    reason: str = ""


def probe_engine(address: Address, target: EngineTarget) -> EngineAnswer:
    """Return what answers at this address, within a few seconds."""
    deadline_s = time.monotonic() + _TIMEOUT_S
    try:
        plain = socket.create_connection((address.host, address.port), _TIMEOUT_S)
    except (OSError, UnicodeError) as error:
        return EngineAnswer(reason=_text_of(error))
    with plain:
        try:
            info = _greeting(_Lines(plain, deadline_s).next())
        except (OSError, ValueError) as error:
            return EngineAnswer(reached=True, reason=_text_of(error))
        try:
            entries = _ask_stream(plain, info, address, target, deadline_s)
        except (OSError, ValueError) as error:
            return EngineAnswer(reached=True, is_nats=True, version=info.version, reason=_text_of(error))
    return EngineAnswer(reached=True, is_nats=True, let_in=True, version=info.version, entries=entries)


def _ask_stream(
    plain: socket.socket, info: _Info, address: Address, target: EngineTarget, deadline_s: float
) -> int | None:
    """Log in and ask for the stream's state; return the number of its entries, or None if there is none.

    Raises `OSError`, or `ValueError` with the engine's refusal.
    """
    if target.context is None:
        if info.tls_required:
            raise ValueError("it wants TLS, and the file has no “ca”")
        return _converse(plain, target, deadline_s)
    if not (info.tls_required or info.tls_available):
        raise ValueError("it does not encrypt")
    with target.context.wrap_socket(plain, server_hostname=target.tls_name or address.host) as encrypted:
        return _converse(encrypted, target, deadline_s)


def _converse(sock: socket.socket, target: EngineTarget, deadline_s: float) -> int | None:
    login = {
        "verbose": False,
        "pedantic": False,
        "lang": "python",
        "name": "messango doctor",
        "version": "1",
        # So that the engine says at once if it has no streams at all.
        "headers": True,
        "no_responders": True,
        **({"user": target.user, "pass": target.password} if target.user else {}),
    }
    request = (
        f"CONNECT {json.dumps(login)}\r\n"
        f"SUB {_INBOX} 1\r\n"
        f"PUB $JS.API.STREAM.INFO.{target.stream} {_INBOX} 0\r\n\r\n"
    )
    sock.sendall(request.encode())
    lines = _Lines(sock, deadline_s)
    while True:
        line = lines.next()
        if line.startswith(b"-ERR"):
            raise ValueError(line[4:].strip(b" '").decode("utf-8", "replace"))
        if line.startswith(b"HMSG"):
            raise ValueError("it has no JetStream")
        if line.startswith(b"MSG"):
            return _entries(lines.next())


def _entries(payload: bytes) -> int | None:
    reply = msgspec.json.decode(payload, type=_StreamReply)
    if reply.error is None:
        return reply.state.messages
    if reply.error.code == _NOT_FOUND:
        return None
    raise ValueError(reply.error.description or "it does not say why")


def _greeting(line: bytes) -> _Info:
    """Return the engine's first line; raises `ValueError` if something else answers."""
    kind, _, fields = line.partition(b" ")
    if kind != b"INFO":
        raise ValueError(_OTHER_PROGRAM)
    return msgspec.json.decode(fields, type=_Info)


class _Lines:
    """Reads lines from a socket, none longer than `_MAX_LINE_BYTES`."""

    def __init__(self, sock: socket.socket, deadline_s: float) -> None:
        self._sock = sock
        self._deadline_s = deadline_s
        self._received = b""

    def next(self) -> bytes:
        """Return the next line without its end; raises `OSError` or `ValueError`."""
        while b"\r\n" not in self._received:
            # Also against a peer that sends a byte now and then.
            remaining_s = self._deadline_s - time.monotonic()
            if remaining_s <= 0:
                raise TimeoutError
            self._sock.settimeout(remaining_s)
            piece = self._sock.recv(4096)
            if not piece:
                raise ConnectionResetError("it closed the connection")
            self._received += piece
            if len(self._received) > _MAX_LINE_BYTES:
                raise ValueError(_OTHER_PROGRAM)
        line, _, self._received = self._received.partition(b"\r\n")
        return line


def _text_of(error: Exception) -> str:
    """Return part of a sentence about what failed."""
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, msgspec.DecodeError):
        return _OTHER_PROGRAM
    if isinstance(error, TlsError):
        return "it does not accept the file's certificate, or its own is not signed by the file's authority"
    return (error.strerror if isinstance(error, OSError) else "") or str(error)
