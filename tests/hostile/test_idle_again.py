"""After a flood everything sleeps again: no thread turns in circles, whatever the peer has left behind."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket

import pytest

from messango.client.events import Disconnected, RoomJoined, SessionEnded
from messango.protocol.codec import encode
from messango.protocol.frames import Join, Message, Ping, Pong, Say
from messango.server.clients.member_pool import MemberPool
from tests.hostile.floods import ALLOWED, BROKEN, FORBIDDEN, message
from tests.hostile.hostile_server import HostileServer, send_all
from tests.hostile.pair import MemberPair
from tests.hostile.peers import KINDS, address_of, connect, connect_tls
from tests.hostile.test_server_floods import flooding
from tests.hostile.test_server_programs import assert_leaves, chatting, listening
from tests.support.idleness import COUNTS_WAKEUPS, await_idle
from tests.support.raw_client import RawClient
from tests.support.raw_server import RawPeer
from tests.support.samples import sampled
from tests.support.sessions import ClientSession

pytestmark = [
    pytest.mark.program,
    pytest.mark.skipif(not COUNTS_WAKEUPS, reason="the system does not count wake-ups"),
]

MALLORY = address_of(66)

#: Pieces of a flood that ends: some ten thousand frames.
_PIECES = 50


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_server_after_a_hostile_peer(pair: MemberPair, kind: str) -> None:
    """While the peer's connection stays open, and when it is closed."""
    with KINDS[kind](pair.server.port, MALLORY, random.Random(3)):  # noqa: S311 (no secret)
        pair.check_room_works()
        await_idle()
    pair.check_room_works()
    await_idle()


def test_the_server_after_a_flood_of_frames(pair: MemberPair) -> None:
    """From a member that stays, and has unread answers in its outbox."""
    with connect_tls(pair.server.port, MALLORY) as sock:
        sock.sendall(encode(Join(1, "Mallory")))
        sock.settimeout(1.0)
        with contextlib.suppress(TimeoutError):
            for _ in range(1_000):
                sock.sendall(b'{"type":"ping"}\n{"type":"wave"}\n' * 100)
        pair.check_room_works()
        sock.shutdown(socket.SHUT_RDWR)
    pair.check_room_works()
    await_idle()


def test_the_server_while_a_member_does_not_read(pair: MemberPair) -> None:
    """What waits for it does not keep the writer busy."""
    with connect_tls(pair.server.port, MALLORY) as sock:
        sock.sendall(encode(Join(1, "Mallory")))
        with RawClient(pair.server.port) as ann:
            ann.join("Ann again")
            # More than the system takes, less than the server keeps.
            for number in range(700):
                ann.send(Say(str(number), "x" * 8_000))
                ann.await_frame(Message)
            await_idle()
        pair.check_room_works()
        await_idle()


def test_the_server_after_a_flood_of_connections(pair: MemberPair) -> None:
    """A thousand that say nothing, from many addresses."""
    with contextlib.ExitStack() as stack:
        for number in range(1_000):
            with contextlib.suppress(OSError):
                stack.enter_context(connect(pair.server.port, address_of(number)))
        pair.check_room_works()
        await_idle()
    pair.check_room_works()
    await_idle()


def test_the_room_wakes_up_once_for_each_read(pair: MemberPair, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a flood as before: nothing that the flood has left behind wakes it."""
    KINDS["silent"](pair.server.port, MALLORY, random.Random(3)).close()  # noqa: S311 (no secret)
    with RawClient(pair.server.port) as mallory:
        mallory.join("Mallory")
        for number in range(2_000):
            mallory.send(Say(str(number), "flood"))
        while mallory.await_frame(Message).id != "1999":
            pass
    pair.check_room_works()
    await_idle()
    waits = itertools.count()
    select = MemberPool._select

    def counting(self: MemberPool, timeout_s: float | None) -> list[int]:
        next(waits)
        return select(self, timeout_s)

    monkeypatch.setattr(MemberPool, "_select", counting)
    for number in range(100):
        pair.ben.send(Say(f"after {number}", "calm"))
        while pair.ben.await_frame(Message).id != f"after {number}":
            pass
    # One each, and a few for the deadlines if the machine is slow.
    assert next(waits) < 150


# A client.


@pytest.mark.parametrize("kind", sampled(FORBIDDEN, "joined"))
def test_a_client_that_was_flooded(kind: str) -> None:
    """The session has ended, while the flood goes on."""
    with flooding(FORBIDDEN[kind]) as room, ClientSession(room.port) as session:
        session.await_event(SessionEnded)
        await_idle()


@pytest.mark.parametrize("kind", sampled(BROKEN, "deep"))
def test_a_client_that_waits_to_reconnect(kind: str) -> None:
    """Between two attempts."""
    with flooding(BROKEN[kind]) as room, ClientSession(room.port) as session:
        session.await_event(RoomJoined)
        session.await_event(Disconnected, lambda event: event.retry_in_s >= 1)
        await_idle()


_LAST = "the last of all"


def flood_with_an_end() -> HostileServer:
    """Return a room that sends some thousand messages and one more, and then answers pings."""

    def script(peer: RawPeer) -> None:
        peer.welcome()
        send_all(peer, itertools.islice(ALLOWED["messages"](), _PIECES))
        peer.send(message(1_000_000, _LAST))
        while True:
            peer.await_frame(Ping)
            peer.send(Pong())

    return HostileServer(script)


def test_a_terminal_after_a_flood() -> None:
    """Once all is drawn."""
    with flood_with_an_end() as room, chatting(room) as ann:
        ann.wait_for(_LAST)
        await_idle(ann.process.pid)
        assert_leaves(ann)


def test_a_program_after_a_flood() -> None:
    """Once all is written."""
    with flood_with_an_end() as room, listening(room) as program:
        assert program.stdout
        while _LAST not in program.stdout.readline():
            pass
        await_idle(program.pid)
