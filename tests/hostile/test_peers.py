"""Each hostile peer by itself, over a real connection: the room goes on, and the host reads one line."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Closed, Join, Message, Problem, Say, Welcome
from messango.room.host.host_events import JoinAttempted, JoinAttemptRefused, MemberDisconnected
from messango.server.clients import client_thread
from messango.server.server import Server
from messango.terminal.host.host_lines import format_event
from tests.hostile.measure import Usage
from tests.hostile.pair import MemberPair
from tests.hostile.peers import KINDS, address_of, connect, connect_tls
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event

MALLORY = address_of(66)

#: These send nothing that could be judged before their time is up.
_SILENT_KINDS = ("silent", "half a handshake", "handshake only")


@contextlib.contextmanager
def short_join_deadline(pair: MemberPair, patched: pytest.MonkeyPatch) -> Iterator[None]:
    """Give one stranger, who connects inside the block, two seconds to join."""
    with patched.context() as patch:
        patch.setattr(client_thread, "JOIN_DEADLINE_S", 2.0)
        yield
        # On a slow machine the peer may already be dropped, and the host informed.
        while pair.server.events.empty() and not any(
            client.peer.host == MALLORY for client in pair.server._connections.all()
        ):
            pass


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_room_goes_on(pair: MemberPair, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others send and join meanwhile; the host reads one harmless line about the peer."""
    pair.host_events()
    with short_join_deadline(pair, monkeypatch) if kind in _SILENT_KINDS else contextlib.nullcontext():
        sock = KINDS[kind](pair.server.port, MALLORY, random.Random(1))  # noqa: S311 (no secret)
    try:
        pair.check_room_works()
        if kind in _SILENT_KINDS:
            refused = await_host_event(pair.server, JoinAttemptRefused)
            assert "silent" in refused.reason
    finally:
        sock.close()
    pair.check_room_works()
    events = [event for event in pair.host_events() if isinstance(event, (JoinAttempted, JoinAttemptRefused))]
    assert sum(isinstance(event, JoinAttemptRefused) for event in events) <= 1
    assert all(format_event(event).isprintable() for event in events)


def test_single_bytes_do_not_extend_the_deadline(pair: MemberPair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that trickles bytes is dropped like one that sends nothing."""
    pair.host_events()
    with short_join_deadline(pair, monkeypatch):
        sock = connect_tls(pair.server.port, MALLORY)
    with sock:
        sock.settimeout(0.3)
        ended = False
        for byte in encode(Join(1, "Mallory " * 3)) * 20:
            # Where it is hung up on already, the last words can still be read.
            with contextlib.suppress(OSError):
                sock.sendall(bytes([byte]))
            with contextlib.suppress(TimeoutError):
                ended = ended or b"refused" in sock.recv(4_096)
            if ended:
                break
        assert ended
        pair.check_room_works()
    assert len(pair.refusals()) == 1


def test_a_member_that_sends_a_frame_of_ten_megabytes(pair: MemberPair) -> None:
    """The connection ends at the limit, and no more of the frame is stored."""
    with RawClient(pair.server.port) as mallory:
        mallory.join("Mallory")
        before = Usage.of().resident_mb
        with contextlib.suppress(Exception):
            for _ in range(160):
                mallory.send_bytes(b"x" * 65_536)
        assert mallory.await_frame(Closed).code == error_codes.PROTOCOL
        pair.check_room_works()
        # The bytes that the sender has not sent yet are in this process, too.
        assert Usage.of().resident_mb - before < 40


def test_a_member_that_sends_a_million_tiny_frames(pair: MemberPair) -> None:
    """It gets answers as fast as any client needs, and is slowed because the server stops reading."""
    with connect_tls(pair.server.port, MALLORY) as sock:
        sock.sendall(encode(Join(1, "Mallory")))
        stop = threading.Event()

        def flood() -> None:
            with contextlib.suppress(OSError):
                for _ in range(1_000):
                    if stop.is_set():
                        return
                    sock.sendall(b'{"type":"ping"}\n{"type":"wave"}\n' * 500)

        flooding = threading.Thread(target=flood)
        flooding.start()
        try:
            for _ in range(3):
                pair.check_room_works()
        finally:
            stop.set()
            sock.shutdown(socket.SHUT_RDWR)
            flooding.join()
    pair.check_room_works()


def test_a_member_that_never_reads(server: Server) -> None:
    """The others receive everything; it is disconnected once 8 MB wait for it, and its seat is kept."""
    with (
        connect_tls(server.port, MALLORY) as sock,
        RawClient(server.port) as ann,
        RawClient(server.port) as ben,
    ):
        sock.sendall(encode(Join(1, "Mallory")))
        ann.join("Ann")
        ben.join("Ben")
        # More than the room keeps for it and the system takes besides.
        for first in range(0, 2_500, 10):
            ann.send(*(Say(str(number), "x" * 8_000) for number in range(first, first + 10)))
            for _ in range(10):
                assert ann.await_frame(Message) == ben.await_frame(Message)
        await_host_event(server, MemberDisconnected, lambda event: event.name == "Mallory")
        with RawClient(server.port) as client:
            client.join("Guest")


def test_joining_twice_and_sending_before(pair: MemberPair) -> None:
    """Each is a protocol error of that peer only."""
    with RawClient(pair.server.port) as mallory:
        mallory.send(Say("1", "hello"), Join(1, "Mallory"), Join(1, "Host"), Say("2", "hello"))
        assert mallory.await_frame(Problem).code == error_codes.NOT_JOINED
        assert mallory.await_frame(Welcome).you == "Mallory"
        assert mallory.await_frame(Problem).code == error_codes.ALREADY_JOINED
        assert pair.ben.await_frame(Message).name == "Mallory"
        pair.check_room_works()


@pytest.mark.parametrize("source", [MALLORY, address_of(0)], ids=["their own address", "the same address"])
def test_thousands_of_connections_from_one_address(pair: MemberPair, source: str) -> None:
    """They replace each other; a guest of that address can still join, and the host reads a few lines."""
    pair.host_events()
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connect(pair.server.port, source).close()

    floods = [threading.Thread(target=flood) for _ in range(4)]
    for flooding in floods:
        flooding.start()
    try:
        for _ in range(5):
            pair.check_room_works()
        client = connect_tls(pair.server.port, source)
        client.sendall(encode(Join(1, "Ann of there")))
        assert b"welcome" in client.recv(65_536)
        client.close()
    finally:
        stop.set()
        for flooding in floods:
            flooding.join()
    pair.check_room_works()
    events = [event for event in pair.host_events() if isinstance(event, (JoinAttemptRefused, JoinAttempted))]
    assert len(events) < 30


def test_hostile_peers_leave_nothing_behind(server: Server) -> None:
    """When they are gone, their threads and sockets are too."""
    with MemberPair(server) as pair:
        quiet = Usage.of()
        for kind, peer in KINDS.items():
            if kind not in _SILENT_KINDS:
                peer(server.port, MALLORY, random.Random(2)).close()  # noqa: S311 (no secret)
        pair.check_room_works()
        calm = threading.Event()
        for _ in range(300):
            now = Usage.of()
            if now.threads <= quiet.threads and now.descriptors <= quiet.descriptors:
                break
            calm.wait(0.1)
        assert now.threads <= quiet.threads
        assert now.descriptors <= quiet.descriptors
