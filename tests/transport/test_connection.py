"""A connection, plain and encrypted, over sockets that split, block and tamper."""

from __future__ import annotations

import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from messango.errors import ConnectionLost
from messango.transport import connection as connection_module
from messango.transport.connection import Connection, OutboxFull
from messango.transport.identity.certificate import load_or_create_certificate
from messango.transport.tls import PlainRecordLayer
from messango.transport.writer import WriterThread
from tests.transport.pairs import (
    TIMEOUT_S,
    ExclusiveRecordLayer,
    FlakySocket,
    OneByteSocket,
    TruncatingSocket,
    connected_pair,
    connection_and_socket,
    in_thread,
    listen_on_loopback,
    receive_all,
    receive_bytes,
    record_layers,
    wait_until,
)

BOTH: Final = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
SOCKETS: Final = pytest.mark.parametrize("kind", [socket.socket, OneByteSocket, FlakySocket])

SMALL_OUTBOX: Final = 200_000


def fill_outbox(connection: Connection) -> bytes:
    """Send to a peer that does not read until the outbox is full; return the bytes that were accepted."""
    sent = bytearray()
    for number in range(1_000_000):
        chunk = b"%06d" % number * 1000
        try:
            connection.send(chunk)
        except OutboxFull:
            break
        sent += chunk
    return bytes(sent)


def is_lost(connection: Connection) -> bool:
    """Return whether sending raises `ConnectionLost`."""
    try:
        connection.send(b"anybody there?")
    except ConnectionLost:
        return True
    return False


class TestTalking:
    """Bytes that are sent arrive."""

    @BOTH
    @SOCKETS
    def test_in_order(self, writer: WriterThread, kind: type[socket.socket], *, tls: bool) -> None:
        """All bytes arrive, in order, both ways, however the socket splits them."""
        pieces = [bytes([number % 256]) * (number * 7 % 900) for number in range(100)]
        whole = b"".join(pieces)
        with connected_pair(writer, tls=tls, kind=kind) as (client, server):
            for piece in pieces:
                client.send(piece)
            assert receive_bytes(server, len(whole)) == whole
            server.send(whole)
            assert receive_bytes(client, len(whole)) == whole

    @BOTH
    @SOCKETS
    def test_from_several_threads(
        self, writer: WriterThread, kind: type[socket.socket], *, tls: bool
    ) -> None:
        """Each piece arrives whole and in the order of its thread, while the other side sends too."""

        def exchange(connection: Connection, who: int) -> None:
            for number in range(100):
                connection.send(b"%d %d %s\n" % (who, number, b"x" * (number % 50)))

        with connected_pair(writer, tls=tls, kind=kind) as (client, server), ThreadPoolExecutor(6) as pool:
            futures = [pool.submit(exchange, client, who) for who in range(4)]
            futures.append(pool.submit(exchange, server, 9))
            back = pool.submit(receive_bytes, client, sum(len(b"9 %d \n" % n) + n % 50 for n in range(100)))
            count = sum(4 * (len(b"9 %d \n" % n) + n % 50) for n in range(100))
            lines = receive_bytes(server, count).splitlines()
            for future in futures:
                future.result(TIMEOUT_S)
            assert back.result(TIMEOUT_S).splitlines()[-1].startswith(b"9 99 ")
        for who in range(4):
            own = [line.split(b" ") for line in lines if line.startswith(b"%d " % who)]
            assert [int(number) for _, number, _ in own] == [*range(100)]
            assert all(text == b"x" * (int(number) % 50) for _, number, text in own)

    def test_one_at_a_time(self, writer: WriterThread) -> None:
        """No two threads are ever inside the record layer: with TLS that would corrupt it or crash."""
        ours, theirs = socket.socketpair()
        record_layer = ExclusiveRecordLayer()
        client, server = (
            Connection(ours, record_layer, writer),
            Connection(theirs, PlainRecordLayer(), writer),
        )

        def exchange(connection: Connection) -> None:
            for _ in range(200):
                connection.send(b"x" * 100)

        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(exchange, connection) for connection in (client, client, server)]
            received = pool.submit(receive_bytes, client, 20_000)
            assert len(receive_bytes(server, 40_000)) == 40_000
            assert len(received.result(TIMEOUT_S)) == 20_000
            for future in futures:
                future.result(TIMEOUT_S)
        client.shutdown(b"goodbye")
        client.close()
        server.close()
        assert not record_layer.concurrent_use

    @BOTH
    def test_much(self, writer: WriterThread, *, tls: bool) -> None:
        """A piece far larger than the system's buffers arrives when the other side reads."""
        much = bytes(range(256)) * 20_000
        with connected_pair(writer, tls=tls) as (client, server):
            client.send(much)
            assert receive_bytes(server, len(much)) == much

    @BOTH
    def test_nothing(self, writer: WriterThread, *, tls: bool) -> None:
        """Sending nothing does nothing."""
        with connected_pair(writer, tls=tls) as (client, server):
            client.send(b"")
            client.send(b"hello")
            assert receive_bytes(server, 5) == b"hello"

    def test_fingerprint(self, writer: WriterThread) -> None:
        """The client knows the server's certificate; the server gets none from the client."""
        with connected_pair(writer, tls=True) as (client, server):
            assert client.fingerprint == load_or_create_certificate().fingerprint
            assert server.fingerprint is None
            assert client.encrypted
            assert server.encrypted
        with connected_pair(writer, tls=False) as (client, _):
            assert client.fingerprint is None
            assert not client.encrypted

    def test_nothing_is_readable_on_the_wire(self) -> None:
        """The plaintext does not appear in the encrypted bytes."""
        with connection_and_socket(tls=False, server_side=False) as (plain, wire):
            plain.send(b"a secret")
            assert wire.recv(99) == b"a secret"
        client, server = record_layers(tls=True)
        while not (client.do_handshake() & server.do_handshake()):
            server.feed(client.pending_output())
            client.feed(server.pending_output())
        assert b"secret" not in client.encrypt(b"a secret")


class TestSlowPeers:
    """Nobody waits for a peer that does not read."""

    @BOTH
    def test_full(self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch, *, tls: bool) -> None:
        """Sending never waits; beyond the limit it raises, and accepted bytes arrive when the peer reads."""
        monkeypatch.setattr(connection_module, "OUTBOX_BYTES", SMALL_OUTBOX)
        with connected_pair(writer, tls=tls) as (client, server):
            accepted = fill_outbox(client)
            assert len(accepted) >= SMALL_OUTBOX
            assert receive_bytes(server, len(accepted)) == accepted
            assert wait_until(lambda: client.flush())
            client.send(b"go on")
            assert receive_bytes(server, 5) == b"go on"

    @BOTH
    def test_final_data(self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch, *, tls: bool) -> None:
        """It is accepted even by a full outbox, and the end follows it once the peer reads."""
        monkeypatch.setattr(connection_module, "OUTBOX_BYTES", SMALL_OUTBOX)
        with connected_pair(writer, tls=tls) as (client, server):
            accepted = fill_outbox(client)
            client.shutdown(b"goodbye")
            assert receive_all(server) == accepted + b"goodbye"

    @BOTH
    def test_closed_with_a_full_outbox(
        self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch, *, tls: bool
    ) -> None:
        """Closing does not wait for the peer either; the writer releases the socket at once."""
        monkeypatch.setattr(connection_module, "OUTBOX_BYTES", SMALL_OUTBOX)
        with connected_pair(writer, tls=tls) as (client, _):
            fill_outbox(client)
            client.close()
            assert wait_until(lambda: client.fileno() == -1)
            with pytest.raises(ConnectionLost):
                client.send(b"more")

    @BOTH
    def test_gone_with_a_full_outbox(
        self, writer: WriterThread, monkeypatch: pytest.MonkeyPatch, *, tls: bool
    ) -> None:
        """If the peer goes, its outbox is dropped."""
        monkeypatch.setattr(connection_module, "OUTBOX_BYTES", SMALL_OUTBOX)
        with connected_pair(writer, tls=tls) as (client, server):
            fill_outbox(client)
            server.close()
            assert wait_until(lambda: client.flush())
            assert wait_until(lambda: is_lost(client))


class TestTheEnd:
    """How a connection ends, from either side."""

    @BOTH
    @SOCKETS
    def test_shutdown(self, writer: WriterThread, kind: type[socket.socket], *, tls: bool) -> None:
        """The final data arrives, then the end; sending raises, but the answer is still received."""
        with connected_pair(writer, tls=tls, kind=kind) as (client, server):
            client.shutdown(b"goodbye")
            client.shutdown(b"goodbye again")
            with pytest.raises(ConnectionLost):
                client.send(b"one more thing")
            assert receive_all(server) == b"goodbye"
            server.send(b"see you")
            server.shutdown()
            assert receive_all(client) == b"see you"
            assert client.receive(TIMEOUT_S) == b""

    @BOTH
    def test_shutdown_before_all_is_read(self, writer: WriterThread, *, tls: bool) -> None:
        """Ending while the other side still sends loses nothing of what it sends."""
        with connected_pair(writer, tls=tls) as (client, server):
            server.send(b"one ")
            assert client.receive(TIMEOUT_S) == b"one "
            server.send(b"two ")
            # As if the owner had fed the bytes but not read them yet, while another thread ends it.
            client._read_more(TIMEOUT_S)
            client.shutdown(b"goodbye")
            server.send(b"three")
            server.shutdown()
            assert receive_all(client) == b"two three"
            assert receive_all(server) == b"goodbye"

    @BOTH
    def test_close_twice(self, writer: WriterThread, *, tls: bool) -> None:
        """Closing twice is harmless; afterwards nothing is sent or received."""
        with connected_pair(writer, tls=tls) as (client, server):
            client.close()
            client.close()
            client.shutdown(b"goodbye")
            client.abort()
            with pytest.raises(ConnectionLost):
                client.send(b"hello")
            with pytest.raises(ConnectionLost):
                client.receive(TIMEOUT_S)
            assert server.receive(TIMEOUT_S) == b""

    @BOTH
    def test_abort(self, writer: WriterThread, *, tls: bool) -> None:
        """Aborting from another thread wakes the owner, who receives the end, and so does the peer."""
        with (
            connected_pair(writer, tls=tls) as (client, server),
            in_thread(lambda: client.receive(TIMEOUT_S)) as received,
        ):
            client.abort()
            assert received.result(TIMEOUT_S) == b""
            assert server.receive(TIMEOUT_S) == b""

    @BOTH
    def test_cut_off_in_a_record(self, writer: WriterThread, *, tls: bool) -> None:
        """If the stream ends without a close_notify, complete records are received, then the end."""
        with connected_pair(writer, tls=tls, kind=TruncatingSocket) as (client, server):
            client.send(b"whole ")
            assert isinstance(client._socket, TruncatingSocket)
            client._socket.truncates = True
            client.send(b"a word")
            assert receive_all(server) == (b"whole " if tls else b"whole a w")
            assert server.receive(TIMEOUT_S) == b""

    @BOTH
    def test_reset(self, *, tls: bool) -> None:
        """A reset connection raises `ConnectionLost` with a message."""
        with listen_on_loopback() as (listener, address):
            theirs = socket.create_connection((address.host, address.port))
            ours, _ = listener.accept()
            connection = Connection(ours, record_layers(tls=tls)[1])
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            theirs.close()
            with pytest.raises(ConnectionLost, match=r"The connection broke \(.+\)"):
                connection.receive(TIMEOUT_S)
            connection.close()

    def test_final_data_to_a_peer_that_still_sends(self, writer: WriterThread) -> None:
        """Lingering reads what the peer sends, so that closing does not reset our final data."""
        with listen_on_loopback() as (listener, address):
            theirs = socket.create_connection((address.host, address.port))
            ours, _ = listener.accept()
            connection = Connection(ours, record_layers(tls=False)[1], writer)
            dropped: list[int] = []
            with theirs, in_thread(lambda: connection.linger(TIMEOUT_S, dropped.append)) as lingered:
                theirs.sendall(b"x" * 100_000)
                connection.shutdown(b"goodbye")
                theirs.shutdown(socket.SHUT_WR)
                lingered.result(TIMEOUT_S)
                connection.close()
                assert sum(dropped) == 100_000
                assert theirs.recv(99) == b"goodbye"
                assert theirs.recv(99) == b""

    @BOTH
    def test_linger_has_a_time_limit(self, writer: WriterThread, *, tls: bool) -> None:
        """A peer that neither sends nor ends does not delay it any longer."""
        with connected_pair(writer, tls=tls) as (client, _):
            client.shutdown(b"goodbye")
            client.linger(0.01)
