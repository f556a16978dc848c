"""The connection that carries a file: to whom our session is sent, and how long it waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from messango.client.files import file_connection
from messango.client.files.file_connection import FileConnection
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import GraceTime, TransferFailed, TransferOver
from messango.errors import ConnectionLost
from messango.protocol import error_codes, features
from messango.protocol.files.transfer_frames import Get
from messango.transport.addresses import Address
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.support.raw_file_peer import RawFilePeer
from tests.support.raw_server import RawServer

GET = Get("secret", "f1")


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer() as opened:
        yield opened


def membership(server: RawServer, fingerprint: str | None = None, *, files: bool = True) -> Membership:
    """Return our place in the room of this server."""
    offered = frozenset({features.FILES} if files else ())
    address = Address("127.0.0.1", server.port)
    return Membership(address, server.fingerprint if fingerprint is None else fingerprint, "s", "r", offered)


class Calls:
    """Dials in a thread, while the test is the server."""

    def __init__(self, server: RawServer, talk: Talk | None = None) -> None:
        self.stopping = False
        self.talk = talk or Talk()
        self._server = server

    def open(self) -> FileConnection:
        """Connect; the server completes the handshake meanwhile."""

        with ThreadPoolExecutor(1) as pool:
            accepted = pool.submit(self._server.accept_client)
            here = membership(self._server)
            self.talk.joined(here)
            connection = FileConnection(here, GraceTime(lambda: self.stopping), self.talk)
            self.peer = RawFilePeer(accepted.result(60).connection)
        return connection


@pytest.mark.parametrize(
    ("fingerprint", "files", "code"),
    [("", True, error_codes.NOT_ENCRYPTED), (None, False, error_codes.NO_FILES)],
)
def test_where_no_file_can_be_sent(
    server: RawServer, fingerprint: str | None, code: str, *, files: bool
) -> None:
    """Nobody is connected to: not where the room talks in plaintext, nor where it takes no files."""
    place = membership(server, fingerprint, files=files)
    with pytest.raises(TransferFailed) as caught:
        FileConnection(place, GraceTime(lambda: False), Talk())
    assert caught.value.code == code


def test_another_certificate_gets_nothing(server: RawServer) -> None:
    """Our session is for the room in which we talk."""

    place = membership(server, "ab" * 32)
    with ThreadPoolExecutor(1) as pool:
        accepted = pool.submit(server.accept_client)
        with pytest.raises(FingerprintMismatch):
            FileConnection(place, GraceTime(lambda: False), Talk())
        try:
            received = accepted.result(60).connection.receive(60)
        except ConnectionLost:
            received = b""
    assert received == b""


def test_a_server_that_does_not_know_the_protocol(server: RawServer) -> None:
    """An earlier version would take our line for a frame; it is not sent."""
    server._certificate.context.set_alpn_protocols(["messango/1"])

    with ThreadPoolExecutor(1) as pool:
        accepted = pool.submit(server.accept_client)
        with pytest.raises(TransferFailed) as caught:
            FileConnection(membership(server), GraceTime(lambda: False), Talk())
        assert accepted.result(60).connection.receive(60) == b""
    assert caught.value.code == error_codes.NO_FILES


def test_an_answer_that_does_not_come(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one of which a byte comes now and then."""
    monkeypatch.setattr(file_connection, "REPLY_TIMEOUT_S", 0.5)
    call = Calls(server)
    with call.open() as connection:
        call.peer.send_bytes(b'{"type":')
        began_s = time.monotonic()
        with pytest.raises(ConnectionLost, match="not answered in time"):
            connection.request(GET)
        assert time.monotonic() - began_s >= 0.5
    assert call.peer.request() == GET


def test_a_room_that_has_moved_is_left_at_once(server: RawServer) -> None:
    """Its old address may never answer again, nor say so."""
    call = Calls(server)
    with call.open() as connection:
        call.talk.joined(Membership(Address("192.0.2.1"), server.fingerprint, "s", "r", frozenset()))
        with pytest.raises(ConnectionLost, match="moved"):
            connection.request(GET)
        call.talk.disconnected()
        call.peer.send_bytes(b"x")
        assert connection.receive() == b"x"


def test_a_silent_connection_is_left_once_talk_had_to_join_again(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same fault broke both, and who only receives can't notice; one on which bytes come goes on."""
    monkeypatch.setattr(file_connection, "_IDLE_AFTER_REJOIN_S", 0.4)
    call = Calls(server)
    with call.open() as connection:
        call.talk.disconnected()
        call.peer.send_bytes(b"x")
        assert connection.receive() == b"x"
        call.talk.joined(membership(server))
        call.peer.send_bytes(b"y")
        assert connection.receive() == b"y"
        began_s = time.monotonic()
        with pytest.raises(ConnectionLost, match="broke"):
            connection.receive()
        assert 0.3 <= time.monotonic() - began_s < 5


def test_the_end_of_the_session_ends_the_wait(server: RawServer) -> None:
    """Within a moment, whatever is waited for."""
    call = Calls(server)
    with call.open() as connection:
        call.stopping = True
        with pytest.raises(TransferOver):
            connection.receive()
        with pytest.raises(TransferOver):
            connection.send(bytes(50_000_000))
