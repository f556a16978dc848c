"""Secures a connection that somebody else began."""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import dataclass
from typing import Final

from messango.errors import MessangoError
from messango.transport.certificate import Certificate
from messango.transport.connection import Connection
from messango.transport.dial import set_socket_options
from messango.transport.poll import wait_ready
from messango.transport.tls import PlainRecordLayer, TlsRecordLayer
from messango.transport.writer import WriterThread

#: The first byte of a TLS record that carries a handshake (RFC 8446, section 5.1).
_TLS_HANDSHAKE: Final = b"\x16"

#: The peer has this long to read the one line it gets.
_NOTICE_GRACE_S: Final = 1.0

_ENCRYPTION_REQUIRED: Final = (
    b"This is a Messango room, and it speaks only encrypted: join with `messango gui` or `messango chat`. "
    b"(The host can let others in with --allow-plaintext.)\n"
)


#: A peer that knows no frames can't be asked by one whether it is there, so TCP asks: after 5 s of silence,
#: then every 2 s, and gives up after 3 without an answer, about as soon as we do with everybody else.
#: macOS calls the first of these otherwise; a system that lacks one does with its own number.
_KEEPALIVE_OPTIONS: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPALIVE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}


class PlaintextRefused(MessangoError):
    """The peer speaks without encryption, and the host has not allowed that."""


@dataclass(frozen=True, slots=True)
class Acceptor:
    """How connections are secured: by this certificate, or by none where the host has allowed it."""

    certificate: Certificate
    writer: WriterThread
    allow_plaintext: bool

    def wrap(self, sock: socket.socket, timeout_s: float) -> Connection:
        """Return the connection, ready to be talked over.

        Raises `TimeoutError`, `ConnectionLost`, `RemoteProtocolError` or `PlaintextRefused`; the socket
        stays the caller's to close.
        """
        deadline_s = time.monotonic() + timeout_s
        set_socket_options(sock)
        if not wait_ready(sock, timeout_s, reading=True):
            raise TimeoutError
        try:
            first_byte = sock.recv(1, socket.MSG_PEEK)
        except OSError:
            first_byte = b""
        if first_byte in (b"", _TLS_HANDSHAKE):
            return self._wrap_tls(sock, deadline_s)
        connection = Connection(sock, PlainRecordLayer(), self.writer)
        if not self.allow_plaintext:
            connection.shutdown(_ENCRYPTION_REQUIRED)
            connection.linger(_NOTICE_GRACE_S)
            connection.close()
            raise PlaintextRefused("A peer speaks without encryption.")
        _enable_keepalive(sock)
        return connection

    def _wrap_tls(self, sock: socket.socket, deadline_s: float) -> Connection:
        record_layer = TlsRecordLayer(self.certificate.context, server_side=True)
        connection = Connection(sock, record_layer, self.writer)
        try:
            connection.do_handshake(deadline_s - time.monotonic())
        except BaseException:
            connection.close()
            raise
        return connection


def _enable_keepalive(sock: socket.socket) -> None:
    """Have the system ask a silent peer whether it is there."""
    for name, value in _KEEPALIVE_OPTIONS.items():
        if option := getattr(socket, name, None):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
