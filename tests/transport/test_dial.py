"""Reaching a room by whichever of its addresses answers first."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest

from messango.errors import MessangoError, RemoteProtocolError, Unreachable
from messango.storage import home
from messango.transport import dial as dial_module
from messango.transport.addresses import Address
from messango.transport.certificate import FILE_NAME, load_or_create_certificate
from messango.transport.connection import Connection
from messango.transport.dial import STAGGER_S, dial, set_socket_options
from messango.transport.writer import WriterThread
from tests.transport.pairs import TIMEOUT_S, accept_in_thread, listen_on_loopback, serve_connections

NOWHERE = Address("nowhere.invalid", 8000)


def echo(connection: Connection) -> None:
    """Answer what was said first, and go when the other side does."""
    while data := connection.receive(TIMEOUT_S):
        connection.send(data)


@pytest.fixture
def room(writer: WriterThread) -> Iterator[Address]:
    """Somebody who answers, encrypted."""
    with serve_connections(echo, writer) as address:
        yield address


@pytest.fixture
def refusing() -> Address:
    """An address where nobody listens."""
    with listen_on_loopback() as (_, address):
        return address


@pytest.fixture
def silent() -> Iterator[Address]:
    """Somebody who takes the connection, as the system does by itself, and never says a word."""
    with listen_on_loopback() as (_, address):
        yield address


@pytest.fixture(autouse=True)
def _no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look up nothing but numbers: no question leaves this machine."""
    look_up = socket.getaddrinfo

    def numbers_only(host: str, port: int, *what: Any, **how: Any) -> list[Any]:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, port, *what, **how)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)


def dial_timed(addresses: list[Address], timeout_s: float = TIMEOUT_S) -> tuple[Address, float]:
    """Dial, say a word, hear it back; return where, and how long the dialling took."""
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
    """One address that answers is enough, and the connection is ready to be talked over."""
    assert dial_timed([room])[0] == room


def test_the_first_of_several(room: Address, writer: WriterThread) -> None:
    """Of two that answer the first is taken."""
    with serve_connections(echo, writer) as other:
        assert dial_timed([room, other])[0] == room
        assert dial_timed([other, room])[0] == other


def test_refused_first(room: Address, refusing: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens the next is tried at once, not after the pause."""
    monkeypatch.setattr(dial_module, "STAGGER_S", 3600.0)
    assert dial_timed([refusing, room])[0] == room


def test_refused_beside_a_black_hole(
    room: Address, refusing: Address, silent: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds while another one is still being waited for."""
    pauses = iter([0.01, 3600.0, 3600.0])
    start = dial_module._HappyEyeballs._start

    def start_before_a_pause(race: dial_module._HappyEyeballs, *what: Any) -> None:
        monkeypatch.setattr(dial_module, "STAGGER_S", next(pauses))
        start(race, *what)

    monkeypatch.setattr(dial_module._HappyEyeballs, "_start", start_before_a_pause)
    assert dial_timed([silent, refusing, room])[0] == room


def test_a_name_that_is_none(room: Address) -> None:
    """A name that nobody knows does not keep the others from being tried."""
    assert dial_timed([NOWHERE, room])[0] == room


def test_a_black_hole_first(room: Address, silent: Address) -> None:
    """Who takes the connection and says nothing holds up the next by the pause alone."""
    where, took_s = dial_timed([silent, room])
    assert where == room
    assert STAGGER_S <= took_s < TIMEOUT_S / 2


def test_black_holes_alone(silent: Address) -> None:
    """Where nobody shakes hands the time limit ends it, in a sentence."""
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"Nobody answers at 127\.0\.0\.1:\d+ \(no answer in time\)"):
        dial([silent], timeout_s=0.3)
    assert time.monotonic() - began < TIMEOUT_S / 2


def test_given_up(silent: Address) -> None:
    """Who waits for it no longer is not kept waiting until the time is up."""
    answers = iter([False, False, True])
    with pytest.raises(Unreachable):
        dial([silent], timeout_s=3600.0, is_cancelled=lambda: next(answers))
    assert next(answers, None) is None


def test_something_else_first(room: Address) -> None:
    """Another program behind the first address does not keep the room from being found, nor costs a pause."""
    with accept_in_thread(lambda sock: sock.sendall(b"220 mail.example ESMTP\r\n")) as other:
        assert dial_timed([other, room])[0] == room


def test_hangs_up_first(room: Address) -> None:
    """Nor does one that hangs up."""
    with accept_in_thread(lambda sock: sock.shutdown(socket.SHUT_RDWR)) as other:
        assert dial_timed([other, room])[0] == room


def test_something_else_alone() -> None:
    """Where something else answers, that is told, and not that nobody did."""
    with (
        accept_in_thread(lambda sock: sock.sendall(b"220 mail.example ESMTP\r\n")) as other,
        pytest.raises(RemoteProtocolError) as error,
    ):
        dial([other], timeout_s=TIMEOUT_S)
    assert error.value.hint


def test_nobody(refusing: Address) -> None:
    """Where nobody listens the sentence says where and why, and the hint what to do."""
    with pytest.raises(Unreachable) as error:
        dial([refusing, refusing], timeout_s=TIMEOUT_S)
    assert str(refusing) in str(error.value)
    assert "refused" in str(error.value)
    assert "doctor" in error.value.hint


def test_no_such_name() -> None:
    """A name that nobody knows is told."""
    with pytest.raises(Unreachable, match=r"nowhere\.invalid.*not known"):
        dial([NOWHERE], timeout_s=TIMEOUT_S)


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid.x", "\udcff", "a..b"])
def test_no_name_at_all(host: str) -> None:
    """A name that none can be is told like one that nobody knows."""
    with pytest.raises(Unreachable):
        dial([Address(host)], timeout_s=TIMEOUT_S)


def test_no_address() -> None:
    """Nothing to try is nobody to reach."""
    with pytest.raises(Unreachable, match="no address"):
        dial([], timeout_s=TIMEOUT_S)


def test_no_time(room: Address) -> None:
    """No time left is no answer in time."""
    with pytest.raises(Unreachable):
        dial([room], timeout_s=0.0)


def test_no_more_sockets(room: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system gives no socket, that is told."""

    def none_left(*_what: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("messango.transport.dial.socket.socket", none_left)
        with pytest.raises(Unreachable, match="Too many open files"):
            dial([room], timeout_s=TIMEOUT_S)


def test_an_old_server() -> None:
    """A server that speaks TLS 1.2 at most is not talked to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_or_create_certificate()
    context.load_cert_chain(home() / FILE_NAME)
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def answer(sock: socket.socket) -> None:
        context.wrap_socket(sock, server_side=True).close()

    with accept_in_thread(answer) as address, pytest.raises(MessangoError) as error:
        dial([address], timeout_s=TIMEOUT_S)
    assert isinstance(error.value, RemoteProtocolError)


def test_windows_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has the words for a socket's error in a table of its own, others in the C library."""
    assert dial_module._error_text(errno.ECONNREFUSED) == "Connection refused"
    monkeypatch.setattr(socket, "errorTab", {10061: "The target machine refuses."}, raising=False)
    assert dial_module._error_text(10061) == "The target machine refuses."


def test_tuned() -> None:
    """Small frames go at once, and the system looks after a link that is silent."""
    with socket.socket() as sock:
        set_socket_options(sock)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    set_socket_options(sock)  # A socket that is closed meanwhile is its owner's to notice.
