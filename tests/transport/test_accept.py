"""Accepting connections: encrypted, plaintext and silent peers."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from messango.errors import ConnectionLost, MessangoError, RemoteProtocolError
from messango.transport.accept import Acceptor, PlaintextRefused
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial
from messango.transport.identity.certificate import load_or_create_certificate
from messango.transport.tls import TlsRecordLayer
from messango.transport.writer import WriterThread
from tests.transport.pairs import (
    TIMEOUT_S,
    accept_in_thread,
    in_thread,
    listen_on_loopback,
    old_client_context,
    receive_all,
)


@contextlib.contextmanager
def connected_to_acceptor(
    writer: WriterThread, *, allow_plaintext: bool = False, timeout_s: float = TIMEOUT_S
) -> Iterator[tuple[socket.socket, Future[Connection]]]:
    """Yield a raw client's socket and the future of the server's connection."""
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext)
    with listen_on_loopback() as (listener, address), contextlib.ExitStack() as opened:
        client = opened.enter_context(socket.create_connection((address.host, address.port), TIMEOUT_S))
        server = opened.enter_context(listener.accept()[0])
        with in_thread(lambda: acceptor.wrap(server, timeout_s)) as secured:
            yield client, secured
        with contextlib.suppress(MessangoError, TimeoutError):
            secured.result().close()


@pytest.mark.parametrize("allow_plaintext", [False, True])
def test_encrypted(writer: WriterThread, *, allow_plaintext: bool) -> None:
    """A TLS client gets an encrypted connection, even if plaintext is allowed; it works both ways."""
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext)

    def answer(sock: socket.socket) -> None:
        connection = acceptor.wrap(sock, TIMEOUT_S)
        connection.shutdown(connection.receive(TIMEOUT_S).upper())
        connection.linger(TIMEOUT_S)
        connection.close()

    with accept_in_thread(answer) as address:
        connection = dial([address], timeout_s=TIMEOUT_S).connection
        connection.send(b"hello")
        assert receive_all(connection) == b"HELLO"
        connection.close()


def test_an_old_client(writer: WriterThread) -> None:
    """TLS 1.2 is not enough, and there is no fallback."""
    with connected_to_acceptor(writer, allow_plaintext=True) as (client, secured):
        record_layer = TlsRecordLayer(old_client_context(), server_side=False)
        record_layer.do_handshake()
        client.sendall(record_layer.pending_output())
        with pytest.raises(RemoteProtocolError):
            secured.result(TIMEOUT_S)


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"joined:ANN", b"x", b"\x15\x03\x01"])
def test_plaintext(writer: WriterThread, data: bytes) -> None:
    """A plaintext peer gets one line that says why, then the connection closes."""
    with connected_to_acceptor(writer) as (client, secured):
        client.sendall(data)
        with client.makefile("rb") as lines:
            (line,) = lines.readlines()
        # The original client ends a line itself.
        assert line.endswith(b"\n") or data.startswith(b"joined:")
        assert b"encrypted" in line
        assert b"messango chat" in line
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(PlaintextRefused):
            secured.result(TIMEOUT_S)


def test_plaintext_if_it_is_allowed(writer: WriterThread) -> None:
    """The host can allow plaintext; no byte of it is lost."""
    with connected_to_acceptor(writer, allow_plaintext=True) as (client, secured):
        client.sendall(b"joined:ANN")
        connection = secured.result(TIMEOUT_S)
        assert not connection.encrypted
        assert connection.fingerprint is None
        client.shutdown(socket.SHUT_WR)
        assert receive_all(connection) == b"joined:ANN"


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="this system calls it otherwise")
def test_tcp_probes_a_silent_plaintext_peer(writer: WriterThread) -> None:
    """Frames can't ping it, and after a pulled cable it must not keep its seat for hours."""
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext=True)
    with (
        listen_on_loopback() as (listener, address),
        socket.create_connection((address.host, address.port)) as client,
    ):
        client.sendall(b"joined:ANN")
        sock = listener.accept()[0]
        connection = acceptor.wrap(sock, TIMEOUT_S)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, every, times = (
            sock.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert 5 <= idle + every * times <= 15
        connection.close()


@pytest.mark.parametrize("data", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01"])
@pytest.mark.parametrize("allow_plaintext", [False, True])
def test_silent(writer: WriterThread, data: bytes, *, allow_plaintext: bool) -> None:
    """A peer that sends nothing, or half a TLS record, is dropped when the time is up."""
    with connected_to_acceptor(writer, allow_plaintext=allow_plaintext, timeout_s=0.05) as (client, secured):
        client.sendall(data)
        with pytest.raises(TimeoutError):
            secured.result(TIMEOUT_S)


def test_no_time_left(writer: WriterThread) -> None:
    """With no time left, the peer is dropped at once."""
    with connected_to_acceptor(writer, timeout_s=-1.0) as (_, secured), pytest.raises(TimeoutError):
        secured.result(TIMEOUT_S)


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01\x02\x00\x01"])
def test_gone(writer: WriterThread, data: bytes) -> None:
    """A peer that leaves before its first record is complete is a lost connection."""
    with connected_to_acceptor(writer) as (client, secured):
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionLost):
            secured.result(TIMEOUT_S)


def test_reset(writer: WriterThread) -> None:
    """So is a peer that resets the connection."""
    with connected_to_acceptor(writer) as (client, secured):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with pytest.raises(ConnectionLost):
            secured.result(TIMEOUT_S)


def test_aborted(writer: WriterThread) -> None:
    """Shutting the socket down from another thread ends the handshake."""
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext=False)
    ours, theirs = socket.socketpair()
    with ours, theirs, in_thread(lambda: acceptor.wrap(ours, TIMEOUT_S)) as secured:
        ours.shutdown(socket.SHUT_RDWR)
        with pytest.raises(ConnectionLost):
            secured.result(TIMEOUT_S)
