"""A whole server: its seats, hostile clients, and its end."""

from __future__ import annotations

import errno
import os
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from messango.errors import AddressNotAvailable, BadName, CorruptFile, PortInUse
from messango.protocol import error_codes
from messango.protocol.codec import encode_all
from messango.protocol.frames import (
    Closed,
    Join,
    Leave,
    Left,
    Look,
    Message,
    Problem,
    Refused,
    RoomInfo,
    RoomInfoFrame,
    Say,
)
from messango.protocol.text.validation import HOST_NAME
from messango.room.host.host_events import JoinAttemptRefused, ServerWarning
from messango.server import server as server_module
from messango.server.clients import client_thread
from messango.server.clients import client_thread as client_thread_module
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport import listener
from messango.transport.identity.certificate import client_context
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room

NAMES = ["ann", "bob", "cid", "dee", "eve"]


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def join_all(stack: ExitStack, server: Server, *names: str) -> list[RawClient]:
    """Return members of these names."""
    clients = [stack.enter_context(RawClient(server.port)) for _ in names]
    for client, name in zip(clients, names, strict=True):
        client.join(name)
    return clients


def connect(stack: ExitStack, server: Server) -> socket.socket:
    """Return a connection that has sent nothing yet."""
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))


def half_a_handshake() -> bytes:
    """Return the first part of a TLS client hello."""
    outgoing = ssl.MemoryBIO()
    tls = client_context().wrap_bio(ssl.MemoryBIO(), outgoing)
    with suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()[:100]


def test_a_sixth_client_is_refused(server: Server, stack: ExitStack) -> None:
    """With the members' names; a freed seat is usable at once."""
    members = join_all(stack, server, *NAMES)
    with RawClient(server.port) as sixth:
        sixth.send(Join(1, "fay"))
        refused = sixth.await_frame(Refused)
        assert (refused.code, sixth.await_end()) == (error_codes.FULL, [])
        for name in NAMES:
            assert name in refused.hint
    assert "full" in await_host_event(server, JoinAttemptRefused).reason
    members[0].send(Leave())
    assert members[1].await_frame(Left).name == "ann"
    with RawClient(server.port) as sixth:
        assert sixth.join("fay").members == [*NAMES[1:], "fay"]


def test_look_in_a_full_room(server: Server, stack: ExitStack) -> None:
    """It needs no seat, and returns the number of members."""
    join_all(stack, server, *NAMES)
    with RawClient(server.port) as looker:
        looker.send(Look(1))
        info = looker.await_frame(RoomInfoFrame)
        assert (info.members, info.seats) == (5, 5)


def test_silent_connections_and_a_flood(server: Server, stack: ExitStack) -> None:
    """200 are silent, one sends random bytes: members talk, and another one joins."""
    (ann,) = join_all(stack, server, "ann")
    for _ in range(200):
        connect(stack, server)
    flooding = threading.Event()
    flood = threading.Thread(target=_flood, args=(server.port, flooding))
    flood.start()
    try:
        with RawClient(server.port) as bob:
            bob.join("bob")
            bob.send(Say("1", "hello"))
            assert ann.await_frame(Message).text == "hello"
            ann.send(Say("1", "hello yourself"))
            while bob.await_frame(Message).text != "hello yourself":
                pass
    finally:
        flooding.set()
        flood.join()


def _flood(port: int, enough: threading.Event) -> None:
    """Send random bytes as fast as possible, and connect again when disconnected."""
    noise = random.Random(1).randbytes(65_536)  # noqa: S311 (noise, no secret)
    while not enough.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as sock:
            while not enough.is_set():
                sock.sendall(noise)


def test_an_encrypted_flood(server: Server, stack: ExitStack) -> None:
    """Random bytes are not frames; the client gets the reason and is disconnected."""
    (ann,) = join_all(stack, server, "ann")
    with RawClient(server.port) as flood:
        flood.send_bytes(random.Random(2).randbytes(1_000_000))  # noqa: S311 (noise, no secret)
        assert flood.await_frame(Refused).code == error_codes.PROTOCOL
    ann.send(Say("1", "still here"))
    assert ann.await_frame(Message).text == "still here"


@pytest.mark.parametrize("sent", [b"", b"\x16", half_a_handshake()], ids=["silent", "one byte", "half"])
def test_an_unfinished_handshake(stack: ExitStack, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """The client is disconnected, and the host gets the reason."""
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", 0.1)
    with open_room() as server:
        sock = connect(stack, server)
        sock.sendall(sent)
        assert sock.recv(100) == b""
        assert "silent" in await_host_event(server, JoinAttemptRefused).reason


def test_an_invalid_handshake(server: Server, stack: ExitStack) -> None:
    """Bytes that only begin like TLS end the connection at once."""
    sock = connect(stack, server)
    sock.sendall(b"\x16\x03\x01\x00\x05hello")
    with suppress(ConnectionError):
        while sock.recv(100):
            pass
    assert "encrypted" in await_host_event(server, JoinAttemptRefused).reason


def test_a_client_without_encryption(server: Server, stack: ExitStack) -> None:
    """It gets one line that a person can read."""
    sock = connect(stack, server)
    sock.sendall(b"hello")
    answer = sock.makefile("rb").read().decode()
    assert answer.count("\n") == 1
    assert "encrypted" in answer
    assert "encrypt" in await_host_event(server, JoinAttemptRefused).reason


def test_a_port_in_use(server: Server) -> None:
    """Nothing is left behind: the room's name is free again."""
    second = Server(ServerOptions("Coffee", host="127.0.0.1", port=server.port))
    with pytest.raises(PortInUse):
        second.open()
    second.close()
    with open_room("Coffee") as third:
        assert third.room_info().name == "Coffee"


def test_an_address_of_another_computer() -> None:
    """Nothing is left behind."""
    with pytest.raises(AddressNotAvailable):
        Server(ServerOptions("Tea", host="192.0.2.1", port=0)).open()


def test_a_room_needs_a_name() -> None:
    """The error comes before anything is opened."""
    with pytest.raises(BadName):
        Server(ServerOptions(" ", host="127.0.0.1", port=0)).open()


def test_a_damaged_certificate() -> None:
    """It is not overwritten."""
    path = Path(os.environ["MESSANGO_HOME"]) / "certificate.pem"
    path.write_text("damaged")
    with pytest.raises(CorruptFile):
        Server(ServerOptions("Tea", host="127.0.0.1", port=0)).open()
    assert path.read_text() == "damaged"


def test_two_rooms_without_a_port() -> None:
    """The second takes the next free one."""
    with open_room("Tea", port=None) as tea, open_room("Coffee", port=None) as other:
        assert tea.port != other.port
        assert other.fingerprint == tea.fingerprint
        assert other.room_info().id != tea.room_info().id


def test_a_room_that_is_opened_again() -> None:
    """It has the same id and certificate."""
    with open_room() as first:
        before = first.room_info().id, first.fingerprint
    with open_room() as again:
        assert (again.room_info().id, again.fingerprint) == before


def test_changes_of_the_public_information(server: Server, stack: ExitStack) -> None:
    """The callback gets the number of members and the new name."""
    changed: list[RoomInfo] = []
    called = threading.Semaphore(0)

    def on_change(info: RoomInfo) -> None:
        changed.append(info)
        called.release()

    server.on_info_changed = on_change
    join_all(stack, server, "ann")
    server.rename_room("Coffee")
    for _ in range(2):
        called.acquire()
    assert [(info.name, info.members) for info in changed] == [("Tea", 1), ("Coffee", 1)]
    assert server.room_info() == changed[-1]


def test_members_are_told_of_a_new_name(server: Server, stack: ExitStack) -> None:
    """As an announcement of the host, and only if somebody is there."""
    server.rename_room("Coffee", "Nobody reads this.")
    (ann,) = join_all(stack, server, "ann")
    server.rename_room("Coffee 2", "It is called “Coffee 2” now.")
    message = ann.await_frame(Message)
    assert (message.name, message.text) == (HOST_NAME, "It is called “Coffee 2” now.")


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENETDOWN])
def test_a_failed_accept(server: Server, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The room stays open. If descriptors ran out, the oldest unjoined client is disconnected."""
    with RawClient(server.port) as unjoined:
        failures = iter([OSError(number, os.strerror(number))])
        accept = socket.socket.accept

        def failing(self: socket.socket) -> tuple[socket.socket, object]:
            for failure in failures:
                raise failure
            return accept(self)

        monkeypatch.setattr(socket.socket, "accept", failing)
        with RawClient(server.port) as ann:
            ann.join("ann")
        assert os.strerror(number) in await_host_event(server, ServerWarning).reason
        if number == errno.EMFILE:
            assert unjoined.await_end() == []
        else:
            unjoined.join("bob")


def test_repeated_failures_of_accept_are_reported_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A success in between changes nothing: out of descriptors, both come in turns."""
    monkeypatch.setattr(listener, "_ACCEPT_RETRY_S", 0.0)
    failures = iter([errno.ENETDOWN] * 5 + [0] + [errno.ENETDOWN] * 3)
    accept = socket.socket.accept

    def failing(self: socket.socket) -> tuple[socket.socket, object]:
        if number := next(failures, 0):
            raise OSError(number, os.strerror(number))
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", failing)
    for name in ("ann", "bob"):
        with RawClient(server.port) as client:
            client.join(name)
    events = [server.events.get() for _ in range(server.events.qsize())]
    assert len([event for event in events if isinstance(event, ServerWarning)]) == 1


def test_no_thread_for_a_client(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is disconnected; the next one may join."""
    failures = iter([RuntimeError("can't start new thread")])
    start = client_thread_module.ClientThread.start

    def failing(self: client_thread_module.ClientThread) -> None:
        for failure in failures:
            raise failure
        start(self)

    monkeypatch.setattr(client_thread_module.ClientThread, "start", failing)
    with socket.create_connection(("127.0.0.1", server.port)) as unlucky:
        assert unlucky.recv(1) == b""
    with RawClient(server.port) as ann:
        ann.join("ann")


def test_an_exception_for_a_new_connection(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room accepts the next one."""
    failures = iter([ValueError("boom")])
    client_class = client_thread_module.ClientThread

    def failing(*arguments: object) -> client_thread_module.ClientThread:
        for failure in failures:
            raise failure
        return client_class(*arguments)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(server_module, "ClientThread", failing)
    with socket.create_connection(("127.0.0.1", server.port)) as unlucky:
        assert unlucky.recv(1) == b""
    with RawClient(server.port) as ann:
        ann.join("ann")


def test_close_says_goodbye_to_all(server: Server, stack: ExitStack) -> None:
    """To members, unjoined clients, half handshakes and silent ones. Twice is harmless."""
    members = join_all(stack, server, *NAMES)
    unjoined = stack.enter_context(RawClient(server.port))
    # Once it is answered, the server's end of its handshake is done too.
    unjoined.send(Say("1", "hello"))
    assert unjoined.await_frame(Problem).code == error_codes.NOT_JOINED
    unfinished = connect(stack, server)
    unfinished.sendall(half_a_handshake())
    silent = connect(stack, server)
    server.close()
    server.close()
    for member in members:
        assert member.await_frame(Closed).code == error_codes.CLOSING
        assert member.await_end() == []
    assert unjoined.await_frame(Refused).code == error_codes.CLOSING
    for sock in (unfinished, silent):
        with suppress(ConnectionResetError):
            assert sock.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(stack, server)


def test_close_does_not_wait_for_full_queues(server: Server, stack: ExitStack) -> None:
    """Five members send at full speed and read nothing: the room closes, and every thread ends."""
    members = join_all(stack, server, *NAMES)
    held, let_go = threading.Event(), threading.Event()

    def hold(_info: RoomInfo) -> None:
        held.set()
        let_go.wait()

    server.on_info_changed = hold
    server.rename_room("Coffee")
    held.wait()
    for member in members:
        member.send_bytes(encode_all(Say(str(number), "x" * 1_000) for number in range(5_000)))
    closer = threading.Thread(target=server.close)
    closer.start()
    let_go.set()
    closer.join()
    for member in members:
        with suppress(OSError):
            member.await_end()


def test_close_before_open() -> None:
    """It is harmless, as it is after opening has failed."""
    Server(ServerOptions("Tea")).close()


def test_a_failed_step_of_close_skips_no_other(
    server: Server, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members get their goodbye, every thread ends, and the room can be opened again."""
    (ann,) = join_all(stack, server, "ann")
    close = listener.Listener.close

    def fail(self: listener.Listener) -> None:
        close(self)
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(listener.Listener, "close", fail)
        with pytest.raises(RuntimeError, match="boom"):
            server.close()
    assert ann.await_frame(Closed).code == error_codes.CLOSING
    with open_room() as again:
        assert again.room_info().name == "Tea"
