"""Connecting to the first of a room's addresses that answers."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from messango.errors import MessangoError, Unreachable
from messango.storage import home
from messango.transport.accept import Acceptor
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing import happy_eyeballs
from messango.transport.dialing.dial import dial
from messango.transport.dialing.dial_failure import DialFailed, FailureKind
from messango.transport.dialing.happy_eyeballs import STAGGER_S
from messango.transport.identity.certificate import FILE_NAME, load_or_create_certificate
from messango.transport.socket_options import set_socket_options
from messango.transport.writer import WriterThread
from tests.support.certificates import use_test_certificate
from tests.transport.pairs import TIMEOUT_S, accept_in_thread, listen_on_loopback, serve_connections

NOWHERE = Address("nowhere.invalid", 8000)


def echo(connection: Connection) -> None:
    """Answer the first message, and close when the other side does."""
    while data := connection.receive(TIMEOUT_S):
        connection.send(data)


@pytest.fixture
def room(writer: WriterThread) -> Iterator[Address]:
    """A peer that answers, encrypted."""
    with serve_connections(echo, writer) as address:
        yield address


@pytest.fixture
def refusing() -> Address:
    """An address where no program listens."""
    with listen_on_loopback() as (_, address):
        return address


@pytest.fixture
def silent() -> Iterator[Address]:
    """A peer whose system accepts the connection, but that never sends a byte."""
    with listen_on_loopback() as (_, address):
        yield address


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve only literal addresses: no query leaves this computer."""
    look_up = socket.getaddrinfo

    def numbers_only(host: str | bytes, port: int, *what: Any, **how: Any) -> list[Any]:
        if os.fsdecode(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, port, *what, **how)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)


def dial_timed(addresses: list[Address], timeout_s: float = TIMEOUT_S) -> tuple[Address, float]:
    """Dial, exchange a message, and return the address and how long dialling took."""
    began = time.monotonic()
    dial_result = dial(addresses, timeout_s=timeout_s)
    took_s = time.monotonic() - began
    try:
        dial_result.connection.send(b"hello")
        assert dial_result.connection.receive(TIMEOUT_S) == b"hello"
        assert dial_result.connection.encrypted
        assert dial_result.connection.fingerprint == load_or_create_certificate().fingerprint
        assert 0 < dial_result.ping_ms < TIMEOUT_S * 1000
    finally:
        dial_result.connection.close()
    return dial_result.address, took_s


def test_one(room: Address) -> None:
    """One address that answers is enough, and the connection is ready."""
    assert dial_timed([room])[0] == room


def test_the_first_of_several(room: Address, writer: WriterThread) -> None:
    """Of two that answer, the first is used."""
    with serve_connections(echo, writer) as other:
        assert dial_timed([room, other])[0] == room
        assert dial_timed([other, room])[0] == other


def test_refused_first(room: Address, refusing: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an address refuses, the next is tried at once, not after the pause."""
    monkeypatch.setattr(happy_eyeballs, "STAGGER_S", 3600.0)
    assert dial_timed([refusing, room])[0] == room


def test_refused_beside_a_silent_peer(
    room: Address, refusing: Address, silent: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds while another attempt is still running."""
    pauses = iter([0.01, 3600.0, 3600.0])
    start = happy_eyeballs.HappyEyeballs._start

    def start_before_a_pause(race: happy_eyeballs.HappyEyeballs, *what: Any) -> None:
        monkeypatch.setattr(happy_eyeballs, "STAGGER_S", next(pauses))
        start(race, *what)

    monkeypatch.setattr(happy_eyeballs.HappyEyeballs, "_start", start_before_a_pause)
    assert dial_timed([silent, refusing, room])[0] == room


def test_an_invalid_name(room: Address) -> None:
    """A name that does not resolve does not stop the other addresses."""
    assert dial_timed([NOWHERE, room])[0] == room


def test_a_silent_peer_first(room: Address, silent: Address) -> None:
    """A peer that accepts and sends nothing delays the next one only by the pause."""
    where, took_s = dial_timed([silent, room])
    assert where == room
    assert STAGGER_S <= took_s < TIMEOUT_S / 2


def test_only_silent_peers(silent: Address) -> None:
    """If no handshake completes, the time limit ends it with a message."""
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ accepts connections, but"):
        dial([silent], timeout_s=0.3)
    assert time.monotonic() - began < TIMEOUT_S / 2


def test_cancelled(silent: Address) -> None:
    """A cancelled call returns before its time is up."""
    answers = iter([False, False, True])
    with pytest.raises(Unreachable):
        dial([silent], timeout_s=3600.0, is_cancelled=lambda: next(answers))
    assert next(answers, None) is None


def test_another_program_first(room: Address) -> None:
    """Another program at the first address neither hides the room nor costs a pause."""
    with accept_in_thread(lambda sock: sock.sendall(b"220 mail.example ESMTP\r\n")) as other:
        assert dial_timed([other, room])[0] == room


def test_closed_first(room: Address) -> None:
    """Nor does a peer that closes the connection."""
    with accept_in_thread(lambda sock: sock.shutdown(socket.SHUT_RDWR)) as other:
        assert dial_timed([other, room])[0] == room


def test_only_another_program() -> None:
    """If another program answers, the error says so, and not that nobody answers."""
    with (
        accept_in_thread(lambda sock: sock.sendall(b"220 mail.example ESMTP\r\n")) as other,
        pytest.raises(DialFailed, match="A mail server answers at") as error,
    ):
        dial([other], timeout_s=TIMEOUT_S)
    assert error.value.kind is FailureKind.OTHER_PROTOCOL


def test_refused_everywhere(refusing: Address) -> None:
    """The message says where and why, and the hint what to do."""
    with pytest.raises(Unreachable) as error:
        dial([refusing, refusing], timeout_s=TIMEOUT_S)
    assert str(refusing) in str(error.value)
    assert "Nothing is listening" in str(error.value)
    assert "messango doctor" in error.value.hint


def test_unknown_name() -> None:
    """A name that does not resolve raises."""
    with pytest.raises(Unreachable, match=r"No address was found for the name .nowhere\.invalid"):
        dial([NOWHERE], timeout_s=TIMEOUT_S)


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid.x", "\udcff", "a..b"])
def test_impossible_name(host: str) -> None:
    """A name that can't exist raises like an unknown one."""
    with pytest.raises(Unreachable):
        dial([Address(host)], timeout_s=TIMEOUT_S)


def test_no_address() -> None:
    """Without addresses, nobody answers."""
    with pytest.raises(Unreachable, match="no address"):
        dial([], timeout_s=TIMEOUT_S)


def test_no_time(room: Address) -> None:
    """No time left is no answer in time."""
    with pytest.raises(Unreachable):
        dial([room], timeout_s=0.0)


def test_no_more_sockets(room: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system gives no socket, the message says so."""

    def none_left(*_what: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("messango.transport.dialing.happy_eyeballs.socket.socket", none_left)
        with pytest.raises(Unreachable, match="Too many open files"):
            dial([room], timeout_s=TIMEOUT_S)


def test_an_old_server() -> None:
    """A server with TLS 1.2 at most is refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_or_create_certificate()
    context.load_cert_chain(home() / FILE_NAME)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def answer(sock: socket.socket) -> None:
        context.wrap_socket(sock, server_side=True).close()

    with accept_in_thread(answer) as address, pytest.raises(MessangoError) as error:
        dial([address], timeout_s=TIMEOUT_S)
    assert isinstance(error.value, DialFailed)
    assert error.value.kind is FailureKind.OTHER_TLS


def test_windows_error_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has the texts of socket errors in a table of its own, other systems in the C library."""
    assert happy_eyeballs.error_text(errno.ECONNREFUSED) == "Connection refused"
    monkeypatch.setattr(socket, "errorTab", {10061: "The target machine refuses."}, raising=False)
    assert happy_eyeballs.error_text(10061) == "The target machine refuses."


def test_socket_options() -> None:
    """Small frames are sent at once, and the system probes a silent connection."""
    with socket.socket() as sock:
        set_socket_options(sock)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            assert sock.getsockopt(socket.IPPROTO_TCP, 16)  # TCP_THIN_LINEAR_TIMEOUTS
    set_socket_options(sock)  # It ignores a socket that was closed meanwhile.


def test_a_web_server_that_waits_for_the_whole_request() -> None:
    """It is silent at first; before the time is up, it is asked in a way that it answers."""

    def answer(sock: socket.socket) -> None:
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            data += sock.recv(4096) or b"\r\n\r\n"
        sock.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    with accept_in_thread(answer) as address, pytest.raises(DialFailed) as error:
        dial([address], timeout_s=2.0)
    assert error.value.kind is FailureKind.WEB_SERVER


def test_a_second_connection_to_a_silent_peer(writer: WriterThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where large packets are lost, the first stays silent, and the one with small packets is used."""
    monkeypatch.setattr(happy_eyeballs, "SMALL_PACKETS_AFTER_S", 0.0)
    use_test_certificate()
    acceptor = Acceptor(load_or_create_certificate(), writer, allow_plaintext=False)
    silent_ones: list[socket.socket] = []

    def answer(sock: socket.socket) -> None:
        if not silent_ones:
            silent_ones.append(sock.dup())
            return
        connection = acceptor.wrap(sock, TIMEOUT_S)
        echo(connection)
        connection.close()

    with accept_in_thread(answer) as address:
        assert dial_timed([address])[0] == address
        for sock in silent_ones:
            sock.close()


def test_every_failure_is_reported(refusing: Address, silent: Address) -> None:
    """The error has all attempts with their addresses, and is about the one that tells most."""
    with pytest.raises(DialFailed, match=str(silent.port)) as error:
        dial([NOWHERE, refusing, silent], timeout_s=0.5)
    kinds = {attempt.address: attempt.kind for attempt in error.value.attempts}
    assert kinds == {
        NOWHERE: FailureKind.NAME_NOT_FOUND,
        refusing: FailureKind.REFUSED,
        silent: FailureKind.SILENT,
    }
