"""Each unkind peer by itself, over a real connection: the room goes on, and the host reads one line."""

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
from messango.server import handshake
from messango.server.host_events import Away, Connected, RefusedGuest
from messango.server.server import Server
from messango.terminal.host_lines import line
from tests.hostile.measure import Usage
from tests.hostile.pair import Pair
from tests.hostile.peers import KINDS, address_of, connect, secured
from tests.support.raw_client import RawClient
from tests.support.rooms import await_told

MALLORY = address_of(66)

#: These say nothing that could be judged until their time is up.
_DAWDLERS = ("silent", "half a handshake", "handshake only")


@contextlib.contextmanager
def soon_out(pair: Pair, patched: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the room give one stranger, who connects in here, two seconds to join."""
    with patched.context() as patch:
        patch.setattr(handshake, "JOIN_DEADLINE_S", 2.0)
        yield
        # On a slow machine it may be out again by now, and the host told.
        while pair.server.events.empty() and not any(
            guest.peer.host == MALLORY for guest in pair.server._guests.all()
        ):
            pass


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_room_goes_on(pair: Pair, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others talk and come in meanwhile; the host reads one line about it, with no trick in it."""
    pair.told()
    with soon_out(pair, monkeypatch) if kind in _DAWDLERS else contextlib.nullcontext():
        sock = KINDS[kind](pair.server.port, MALLORY, random.Random(1))  # noqa: S311 (no secret)
    try:
        pair.the_room_goes_on()
        if kind in _DAWDLERS:
            refused = await_told(pair.server, RefusedGuest)
            assert "silent" in refused.reason
    finally:
        sock.close()
    pair.the_room_goes_on()
    told = [event for event in pair.told() if isinstance(event, (Connected, RefusedGuest))]
    assert sum(isinstance(event, RefusedGuest) for event in told) <= 1
    assert all(line(event).isprintable() for event in told)


def test_one_byte_now_and_then_is_no_way_to_stay(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """What trickles in does not move the deadline: out, like who says nothing."""
    pair.told()
    with soon_out(pair, monkeypatch):
        sock = secured(pair.server.port, MALLORY)
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
        pair.the_room_goes_on()
    assert len(pair.refusals()) == 1


def test_a_member_that_says_a_frame_of_ten_megabytes(pair: Pair) -> None:
    """Its stay ends at the limit, and no more of it is kept than that."""
    with RawClient(pair.server.port) as mallory:
        mallory.join("Mallory")
        before = Usage.of().resident_mb
        with contextlib.suppress(Exception):
            for _ in range(160):
                mallory.say_bytes(b"x" * 65_536)
        assert mallory.await_frame(Closed).code == error_codes.PROTOCOL
        pair.the_room_goes_on()
        # What the sender itself has not got rid of is in this process too.
        assert Usage.of().resident_mb - before < 40


def test_a_member_that_says_a_million_tiny_frames(pair: Pair) -> None:
    """It is answered as fast as anybody needs answers, and slowed by not being read."""
    with secured(pair.server.port, MALLORY) as sock:
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
                pair.the_room_goes_on()
        finally:
            stop.set()
            sock.shutdown(socket.SHUT_RDWR)
            flooding.join()
    pair.the_room_goes_on()


def test_a_member_that_never_reads(server: Server) -> None:
    """The others hear everything; it is parted with once 8 MB wait for it, and its seat is kept."""
    with secured(server.port, MALLORY) as sock, RawClient(server.port) as ann, RawClient(server.port) as ben:
        sock.sendall(encode(Join(1, "Mallory")))
        ann.join("Ann")
        ben.join("Ben")
        # More than the room keeps for it and the system takes besides.
        for first in range(0, 2_500, 10):
            ann.say(*(Say(str(number), "x" * 8_000) for number in range(first, first + 10)))
            for _ in range(10):
                assert ann.await_frame(Message) == ben.await_frame(Message)
        await_told(server, Away, lambda event: event.name == "Mallory")
        with RawClient(server.port) as guest:
            guest.join("Guest")


def test_joining_twice_and_talking_before(pair: Pair) -> None:
    """Each is a problem of that peer's own."""
    with RawClient(pair.server.port) as mallory:
        mallory.say(Say("1", "hello"), Join(1, "Mallory"), Join(1, "Host"), Say("2", "hello"))
        assert mallory.await_frame(Problem).code == error_codes.NOT_JOINED
        assert mallory.await_frame(Welcome).you == "Mallory"
        assert mallory.await_frame(Problem).code == error_codes.ALREADY_JOINED
        assert pair.ben.await_frame(Message).name == "Mallory"
        pair.the_room_goes_on()


@pytest.mark.parametrize("source", [MALLORY, address_of(0)], ids=["their own address", "the same address"])
def test_thousands_of_connections_from_one_address(pair: Pair, source: str) -> None:
    """They crowd out each other; a guest of that address gets in too, and the host reads a few lines."""
    pair.told()
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
            pair.the_room_goes_on()
        guest = secured(pair.server.port, source)
        guest.sendall(encode(Join(1, "Ann of there")))
        assert b"welcome" in guest.recv(65_536)
        guest.close()
    finally:
        stop.set()
        for flooding in floods:
            flooding.join()
    pair.the_room_goes_on()
    told = [event for event in pair.told() if isinstance(event, (RefusedGuest, Connected))]
    assert len(told) < 30


def test_strangers_leave_nothing_behind(server: Server) -> None:
    """When they have gone, so have their threads and sockets, whatever they did."""
    with Pair(server) as pair:
        quiet = Usage.of()
        for kind, peer in KINDS.items():
            if kind not in _DAWDLERS:
                peer(server.port, MALLORY, random.Random(2)).close()  # noqa: S311 (no secret)
        pair.the_room_goes_on()
        calm = threading.Event()
        for _ in range(300):
            now = Usage.of()
            if now.threads <= quiet.threads and now.descriptors <= quiet.descriptors:
                break
            calm.wait(0.1)
        assert now.threads <= quiet.threads
        assert now.descriptors <= quiet.descriptors
