"""A whole room: its seats, its unkind visitors, and its end."""

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
    Refused,
    RoomInfo,
    RoomInfoFrame,
    Say,
)
from messango.server import client_thread as client_thread_module
from messango.server import handshake
from messango.server import server as server_module
from messango.server.host_events import HostJoinRefused, ServerWarning
from messango.server.server import Server, ServerOptions
from messango.transport.certificate import client_context
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
    """Return a connection that has said nothing yet."""
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))


def half_a_handshake() -> bytes:
    """Return the first part of what a TLS client says first."""
    outgoing = ssl.MemoryBIO()
    tls = client_context().wrap_bio(ssl.MemoryBIO(), outgoing)
    with suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()[:100]


def test_five_are_in_and_the_sixth_is_told_so(server: Server, stack: ExitStack) -> None:
    """With the names of who is in; a seat that frees is usable at once."""
    members = join_all(stack, server, *NAMES)
    with RawClient(server.port) as sixth:
        sixth.send(Join(1, "fay"))
        refused = sixth.await_frame(Refused)
        assert (refused.code, sixth.await_end()) == (error_codes.FULL, [])
        for name in NAMES:
            assert name in refused.hint
    assert "full" in await_host_event(server, HostJoinRefused).reason
    members[0].send(Leave())
    assert members[1].await_frame(Left).name == "ann"
    with RawClient(server.port) as sixth:
        assert sixth.join("fay").members == [*NAMES[1:], "fay"]


def test_a_look_is_answered_in_a_full_room(server: Server, stack: ExitStack) -> None:
    """It needs no seat, and tells how many are in."""
    join_all(stack, server, *NAMES)
    with RawClient(server.port) as looker:
        looker.send(Look(1))
        info = looker.await_frame(RoomInfoFrame)
        assert (info.members, info.seats) == (5, 5)


def test_silent_connections_and_a_flood_keep_nobody_out(server: Server, stack: ExitStack) -> None:
    """200 say nothing, one floods random bytes: a member talks on, and another one joins."""
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
    """Say random bytes as fast as they go, and again when hung up on."""
    noise = random.Random(1).randbytes(65_536)  # noqa: S311 (noise, no secret)
    while not enough.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as sock:
            while not enough.is_set():
                sock.sendall(noise)


def test_a_flood_inside_the_encryption_is_sent_away(server: Server, stack: ExitStack) -> None:
    """Random bytes are no frames, and a clear word ends them."""
    (ann,) = join_all(stack, server, "ann")
    with RawClient(server.port) as flood:
        flood.send_bytes(random.Random(2).randbytes(1_000_000))  # noqa: S311 (noise, no secret)
        assert flood.await_frame(Refused).code == error_codes.PROTOCOL
    ann.send(Say("1", "still here"))
    assert ann.await_frame(Message).text == "still here"


@pytest.mark.parametrize("unkind", [b"", b"\x16", half_a_handshake()], ids=["silent", "one byte", "half"])
def test_a_handshake_that_does_not_end_is_ended(
    stack: ExitStack, monkeypatch: pytest.MonkeyPatch, unkind: bytes
) -> None:
    """The unjoined client is hung up on, the host told."""
    monkeypatch.setattr(handshake, "JOIN_DEADLINE_S", 0.1)
    with open_room() as server:
        sock = connect(stack, server)
        sock.sendall(unkind)
        assert sock.recv(100) == b""
        assert "silent" in await_host_event(server, HostJoinRefused).reason


def test_a_handshake_with_somebody_else_is_told(server: Server, stack: ExitStack) -> None:
    """What begins like TLS and is none ends at once."""
    sock = connect(stack, server)
    sock.sendall(b"\x16\x03\x01\x00\x05hello")
    with suppress(ConnectionError):
        while sock.recv(100):
            pass
    assert "encrypted" in await_host_event(server, HostJoinRefused).reason


def test_a_peer_without_encryption_is_told_why(server: Server, stack: ExitStack) -> None:
    """In a line that a person can read."""
    sock = connect(stack, server)
    sock.sendall(b"joined:ann")
    told = sock.makefile("rb").read().decode()
    assert told.count("\n") == 1
    assert "encrypted" in told
    assert "encryption" in await_host_event(server, HostJoinRefused).reason


def test_a_port_in_use_is_told_and_nothing_is_left_behind(server: Server) -> None:
    """The name is free again, too."""
    second = Server(ServerOptions("Coffee", host="127.0.0.1", port=server.port))
    with pytest.raises(PortInUse):
        second.open()
    second.close()
    with open_room("Coffee") as third:
        assert third.room_info().name == "Coffee"


def test_an_address_not_ours_is_told() -> None:
    """And nothing is left behind."""
    with pytest.raises(AddressNotAvailable):
        Server(ServerOptions("Tea", host="192.0.2.1", port=0)).open()


def test_a_room_needs_a_name() -> None:
    """Before anything is opened."""
    with pytest.raises(BadName):
        Server(ServerOptions(" ", host="127.0.0.1", port=0)).open()


def test_a_damaged_certificate_is_told_and_left_as_it_is() -> None:
    """Nobody's key is overwritten."""
    path = Path(os.environ["MESSANGO_HOME"]) / "certificate.pem"
    path.write_text("damaged")
    with pytest.raises(CorruptFile):
        Server(ServerOptions("Tea", host="127.0.0.1", port=0)).open()
    assert path.read_text() == "damaged"


def test_a_room_without_a_port_takes_the_next_free_one() -> None:
    """Two rooms on one machine need no thought."""
    with open_room("Tea", port=None) as tea, open_room("Tea", port=None) as other:
        assert tea.port != other.port
        assert other.room_info().name == "Tea 2"
        assert other.room_info().id != tea.room_info().id


def test_a_room_opened_again_is_the_same_to_its_members() -> None:
    """The id and the certificate are kept."""
    with open_room() as first:
        before = first.room_info().id, first.fingerprint
    with open_room() as again:
        assert (again.room_info().id, again.fingerprint) == before


def test_a_change_of_the_facts_is_told(server: Server, stack: ExitStack) -> None:
    """Whoever advertises hears how many are in, and what the room is called now."""
    changed: list[RoomInfo] = []
    heard = threading.Semaphore(0)

    def on_change(facts: RoomInfo) -> None:
        changed.append(facts)
        heard.release()

    server.on_info_changed = on_change
    join_all(stack, server, "ann")
    server.rename_room("Coffee")
    for _ in range(2):
        heard.acquire()
    assert [(facts.name, facts.members) for facts in changed] == [("Tea", 1), ("Coffee", 1)]
    assert server.room_info() == changed[-1]


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENETDOWN])
def test_a_failed_accept_is_told_and_the_room_goes_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Out of descriptors, who has dawdled longest makes room; a broken network is nobody's fault here."""
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


def test_accepts_that_go_on_failing_are_told_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lasts for an hour is one line; after a success the next failure is news."""
    monkeypatch.setattr("messango.transport.listener._ACCEPT_RETRY_S", 0.0)
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
    told = [server.events.get() for _ in range(server.events.qsize())]
    assert len([event for event in told if isinstance(event, ServerWarning)]) == 2


def test_no_more_threads_cost_one_client_only(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is hung up on; the next one gets in."""
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


def test_a_fault_while_joining_costs_one_client_only(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with one connection, the room still takes the next."""
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


def test_closing_says_goodbye_to_all(server: Server, stack: ExitStack) -> None:
    """Members who only listen, unjoined clients, half handshakes and silent ones; twice is harmless."""
    members = join_all(stack, server, *NAMES)
    unjoined = stack.enter_context(RawClient(server.port))
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


def test_closing_does_not_wait_for_a_full_request_queue_or_a_full_outbox(
    server: Server, stack: ExitStack
) -> None:
    """Five who talk at full speed and read nothing: the room closes, and every thread ends."""
    members = join_all(stack, server, *NAMES)
    held, let_go = threading.Event(), threading.Event()

    def hold(_facts: RoomInfo) -> None:
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


def test_closing_an_unopened_room_is_harmless() -> None:
    """As it is after opening has failed."""
    Server(ServerOptions("Tea")).close()
