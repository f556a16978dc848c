"""The server's side of a new connection: TLS, or plaintext if the host allows it."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messango.errors import MessangoError
from messango.protocol.alpn import HTTP_PROTOCOL
from messango.transport.connection import Connection
from messango.transport.identity.certificate import Certificate
from messango.transport.poll import wait_ready
from messango.transport.socket_options import set_socket_options
from messango.transport.tls import PlainRecordLayer, TlsRecordLayer
from messango.transport.writer import WriterThread

#: The first byte of a TLS record that carries a handshake (RFC 8446, section 5.1).
_TLS_HANDSHAKE: Final = b"\x16"

#: The first byte of the original client, which ends what it reads with a line break of its own.
_ORIGINAL_CLIENT: Final = b"j"

#: The first byte of a browser that does not encrypt: `GET` or `HEAD` (RFC 9110, section 9.3).
_HTTP: Final = (b"G", b"H")

#: A peer that is refused has this long to read the one line that says why.
_NOTICE_GRACE_S: Final = 1.0

_ENCRYPTION_REQUIRED: Final = (
    b"This is a Messango room that accepts only encrypted connections: join with `messango gui` or "
    b"`messango chat`. (The host can allow others with --allow-plaintext.)"
)

#: A plaintext peer may not know our frames, so we can't ping it; TCP probes it instead: after 5 s of silence,
#: then every 2 s, and it gives up after 3 probes without an answer, about as soon as our own pings do.
#: macOS has another name for the first option; a system that lacks an option uses its default.
_KEEPALIVE_OPTIONS: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPALIVE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}


class PlaintextRefused(MessangoError):
    """The peer does not encrypt, and the host has not allowed that."""


@dataclass(frozen=True, slots=True)
class Acceptor:
    """Wraps accepted sockets in TLS with this certificate, or in nothing if the host allows plaintext."""

    certificate: Certificate
    writer: WriterThread
    allow_plaintext: bool
    #: Returns whether a browser that does not encrypt shall be sent to where it does.
    redirects_http: Callable[[], bool] = lambda: False

    def wrap(self, sock: socket.socket, timeout_s: float) -> Connection:
        """Return the connection with its handshake done.

        Its `alpn_protocol` is also that of HTTP if it is a browser that does not encrypt.

        Raises `TimeoutError`, `ConnectionLost`, `RemoteProtocolError` or `PlaintextRefused`; then the caller
        closes the socket.
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
        if first_byte in _HTTP and self.redirects_http():
            connection.alpn_protocol = HTTP_PROTOCOL
            return connection
        if not self.allow_plaintext:
            line_end = b"" if first_byte == _ORIGINAL_CLIENT else b"\n"
            connection.shutdown(_ENCRYPTION_REQUIRED + line_end)
            connection.linger(_NOTICE_GRACE_S)
            connection.close()
            raise PlaintextRefused("The other side does not encrypt.")
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
    """Make the system probe a silent peer (TCP keep-alive)."""
    for name, value in _KEEPALIVE_OPTIONS.items():
        if option := getattr(socket, name, None):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
