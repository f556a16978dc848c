"""The door: who comes in encrypted, who is told why not, and who says nothing."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from messango.errors import ConnectionLost, MessangoError, RemoteProtocolError
from messango.transport.accept import Gate, PlaintextRefused
from messango.transport.certificate import own_certificate
from messango.transport.connection import Connection
from messango.transport.dial import dial
from messango.transport.tls import TlsChannel
from messango.transport.writer import Flusher
from tests.transport.pairs import PATIENCE_S, answering, aside, hear_all, listening, old_client_context


@contextlib.contextmanager
def at_the_door(
    flusher: Flusher, *, allow_plaintext: bool = False, timeout_s: float = PATIENCE_S
) -> Iterator[tuple[socket.socket, Future[Connection]]]:
    """Yield a raw client's socket and what becomes of it at the server's end."""
    gate = Gate(own_certificate(), flusher, allow_plaintext)
    with listening() as (listener, address), contextlib.ExitStack() as opened:
        client = opened.enter_context(socket.create_connection((address.host, address.port), PATIENCE_S))
        server = opened.enter_context(listener.accept()[0])
        with aside(lambda: gate.secure(server, timeout_s)) as secured:
            yield client, secured
        with contextlib.suppress(MessangoError, TimeoutError):
            secured.result().close()


@pytest.mark.parametrize("allow_plaintext", [False, True])
def test_encrypted(flusher: Flusher, *, allow_plaintext: bool) -> None:
    """Who shakes hands comes in encrypted, also where others need not be, and can be talked to both ways."""
    gate = Gate(own_certificate(), flusher, allow_plaintext)

    def answer(sock: socket.socket) -> None:
        connection = gate.secure(sock, PATIENCE_S)
        connection.finish(connection.receive(PATIENCE_S).upper())
        connection.linger(PATIENCE_S)
        connection.close()

    with answering(answer) as address:
        connection = dial([address], timeout_s=PATIENCE_S).connection
        connection.send(b"hello")
        assert hear_all(connection) == b"HELLO"
        connection.close()


def test_an_old_client(flusher: Flusher) -> None:
    """TLS 1.2 is not enough, and no reason to go on without."""
    with at_the_door(flusher, allow_plaintext=True) as (client, secured):
        channel = TlsChannel(old_client_context(), server_side=False)
        channel.shake_hands()
        client.sendall(channel.take())
        with pytest.raises(RemoteProtocolError):
            secured.result(PATIENCE_S)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"joined:ANN", b"x", b"\x15\x03\x01"])
def test_plaintext(flusher: Flusher, said: bytes) -> None:
    """Who speaks without encryption gets one readable line that says why, and the end."""
    with at_the_door(flusher) as (client, secured):
        client.sendall(said)
        with client.makefile("rb") as lines:
            (line,) = lines.readlines()
        assert line.endswith(b"\n")
        assert b"encrypted" in line
        assert b"messango chat" in line
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(PlaintextRefused):
            secured.result(PATIENCE_S)


def test_plaintext_where_it_is_allowed(flusher: Flusher) -> None:
    """The host can let them in; nothing of what they said is lost."""
    with at_the_door(flusher, allow_plaintext=True) as (client, secured):
        client.sendall(b"joined:ANN")
        connection = secured.result(PATIENCE_S)
        assert not connection.encrypted
        assert connection.fingerprint is None
        client.shutdown(socket.SHUT_WR)
        assert hear_all(connection) == b"joined:ANN"


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="this system calls it otherwise")
def test_a_silent_peer_without_encryption_is_asked_by_tcp(flusher: Flusher) -> None:
    """No frame can ask it, and a pulled cable must not keep a seat for hours."""
    gate = Gate(own_certificate(), flusher, allow_plaintext=True)
    with listening() as (listener, address), socket.create_connection((address.host, address.port)) as client:
        client.sendall(b"joined:ANN")
        sock = listener.accept()[0]
        connection = gate.secure(sock, PATIENCE_S)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, every, times = (
            sock.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert 5 <= idle + every * times <= 15
        connection.close()


@pytest.mark.parametrize("said", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01"])
@pytest.mark.parametrize("allow_plaintext", [False, True])
def test_silent(flusher: Flusher, said: bytes, *, allow_plaintext: bool) -> None:
    """Who says nothing, or breaks off in the first word, is given up when the time is up."""
    with at_the_door(flusher, allow_plaintext=allow_plaintext, timeout_s=0.05) as (client, secured):
        client.sendall(said)
        with pytest.raises(TimeoutError):
            secured.result(PATIENCE_S)


def test_no_time_left(flusher: Flusher) -> None:
    """Who comes when the time is up already is given up at once."""
    with at_the_door(flusher, timeout_s=-1.0) as (_, secured), pytest.raises(TimeoutError):
        secured.result(PATIENCE_S)


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01"])
def test_gone(flusher: Flusher, said: bytes) -> None:
    """Who goes before a word is out is lost, which is nobody's fault."""
    with at_the_door(flusher) as (client, secured):
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionLost):
            secured.result(PATIENCE_S)


def test_reset(flusher: Flusher) -> None:
    """So is who resets the connection."""
    with at_the_door(flusher) as (client, secured):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with pytest.raises(ConnectionLost):
            secured.result(PATIENCE_S)


def test_broken_off(flusher: Flusher) -> None:
    """Shutting the socket down from another thread wakes whoever waits at the door."""
    gate = Gate(own_certificate(), flusher, allow_plaintext=False)
    ours, theirs = socket.socketpair()
    with ours, theirs, aside(lambda: gate.secure(ours, PATIENCE_S)) as secured:
        ours.shutdown(socket.SHUT_RDWR)
        with pytest.raises(ConnectionLost):
            secured.result(PATIENCE_S)
