"""A connection with a deadline, and with silent, slow or wrong peers."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Final

import pytest

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.transport import connection as connection_module
from messango.transport.connection import Connection
from messango.transport.tls import PlainRecordLayer, TlsRecordLayer
from messango.transport.writer import WriterThread
from tests.transport.pairs import (
    TIMEOUT_S,
    OneByteSocket,
    TamperingSocket,
    connected_pair,
    connection_and_socket,
    in_thread,
    old_client_context,
    receive_bytes,
)

BOTH: Final = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])


class TestDeadlines:
    """Every wait has a time limit."""

    @BOTH
    def test_silence(self, writer: WriterThread, *, tls: bool) -> None:
        """Silence is a timeout, and the connection stays usable."""
        with connected_pair(writer, tls=tls) as (client, server):
            for timeout_s in (-1.0, 0.0, 0.01):
                with pytest.raises(TimeoutError):
                    client.receive(timeout_s)
            server.send(b"hello")
            assert client.receive(TIMEOUT_S) == b"hello"

    @BOTH
    def test_received_bytes_are_read(self, writer: WriterThread, *, tls: bool) -> None:
        """No time left is enough for bytes that have arrived."""
        with connected_pair(writer, tls=tls) as (client, server):
            server.send(b"hello")
            assert client.receive(-1.0) == b"hello"

    def test_trickling(self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch) -> None:
        """A peer that keeps sending single bytes, never a whole record, does not move the deadline."""
        now_s = time.monotonic()

        class Trickling(OneByteSocket):
            def recv(self, size: int, flags: int = 0) -> bytes:
                nonlocal now_s
                now_s += 1.0
                return super().recv(size, flags)

        with connected_pair(writer, tls=True, kind=Trickling) as (client, server):
            server.send(b"x" * 1000)
            monkeypatch.setattr(time, "monotonic", lambda: now_s)
            before_s = now_s
            with pytest.raises(TimeoutError):
                client.receive(10.0)
            assert now_s - before_s <= 12
            monkeypatch.undo()
            assert receive_bytes(client, 1000) == b"x" * 1000

    def test_silent_handshake(self) -> None:
        """A peer that does not do the handshake is a timeout."""
        with connection_and_socket(tls=True, server_side=True) as (server, _), pytest.raises(TimeoutError):
            server.do_handshake(0.01)


class ReplyingRecordLayer(PlainRecordLayer):
    """Produces output for every input and reads nothing from it, as TLS does for requests of new keys."""

    encrypted = True

    def __init__(self) -> None:
        super().__init__()
        self._reply = b""

    def feed(self, wire: bytes) -> None:
        self._reply = wire

    def pending_output(self) -> bytes:
        answer, self._reply = self._reply, b""
        return answer


class TestUnkindPeers:
    """Wrong bytes before and after the handshake."""

    def test_requests_without_reading(self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch) -> None:
        """A peer that makes TLS answer without end, and reads nothing, is cut off before memory fills."""
        monkeypatch.setattr(connection_module, "OUTBOX_BYTES", 100_000)
        ours, theirs = socket.socketpair()
        connection = Connection(ours, ReplyingRecordLayer(), writer)
        with theirs, in_thread(lambda: theirs.sendall(bytes(20_000_000))) as sent:
            with contextlib.suppress(ConnectionLost):
                assert connection.receive(TIMEOUT_S) == b""
            assert connection._outbox_bytes < 1_000_000
            connection.close()
            with pytest.raises(OSError, match=r"[Pp]ipe|reset|aborted"):
                sent.result(TIMEOUT_S)

    def test_tampered(self, writer: WriterThread) -> None:
        """A record that was changed on its way ends the connection; no byte of it is received."""
        with connected_pair(writer, tls=True, kind=TamperingSocket) as (client, server):
            server.send(b"before")
            assert client.receive(TIMEOUT_S) == b"before"
            assert isinstance(client._socket, TamperingSocket)
            client._socket.is_tampering = True
            server.send(b"pay 10")
            with pytest.raises(ConnectionLost) as lost:
                client.receive(TIMEOUT_S)
            assert lost.value.hint
            with pytest.raises(ConnectionLost):
                client.receive(TIMEOUT_S)

    @pytest.mark.parametrize("server_side", [False, True], ids=["client", "server"])
    @pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05hello", bytes(100)])
    def test_no_tls(self, data: bytes, *, server_side: bool) -> None:
        """Bytes that are not TLS raise `RemoteProtocolError` with a message."""
        with connection_and_socket(tls=True, server_side=server_side) as (connection, wire):
            wire.sendall(data)
            with pytest.raises(RemoteProtocolError) as problem:
                connection.do_handshake(TIMEOUT_S)
            assert "encrypted" in str(problem.value)
            assert problem.value.hint

    @pytest.mark.parametrize("server_side", [False, True], ids=["client", "server"])
    def test_closed_by_peer(self, *, server_side: bool) -> None:
        """A peer that closes instead of doing the handshake is a lost connection."""
        with connection_and_socket(tls=True, server_side=server_side) as (connection, wire):
            wire.shutdown(socket.SHUT_WR)
            with pytest.raises(ConnectionLost):
                connection.do_handshake(TIMEOUT_S)

    def test_an_old_client_gets_an_alert(self) -> None:
        """A client with TLS 1.2 at most is refused, by TLS's own alert for it."""
        client = TlsRecordLayer(old_client_context(), server_side=False)
        client.do_handshake()
        with connection_and_socket(tls=True, server_side=True) as (server, wire):
            wire.sendall(client.pending_output())
            with pytest.raises(RemoteProtocolError, match=r"(?i)protocol"):
                server.do_handshake(TIMEOUT_S)
            client.feed(wire.recv(999))
            with pytest.raises(RemoteProtocolError, match=r"(?i)alert.protocol.version"):
                client.do_handshake()
