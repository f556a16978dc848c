"""A hostile room that asks its visitor to try addresses: nobody is scanned, and talk goes on."""

from __future__ import annotations

import contextlib
import queue
import socket

import pytest

from messango.client.events import Disconnected, MessageReceived, RoomJoined
from messango.errors import RemoteProtocolError
from messango.protocol.frames import Join, Leave, Ping, Pong, Reach, Reached
from messango.protocol.limits import MAX_REACH_ADDRESSES
from messango.transport.addresses import Address
from messango.transport.dialing import reach
from tests.hostile.floods import message
from tests.hostile.hostile_server import HostileServer, send_bytes
from tests.hostile.server_cases import WELCOME
from tests.hostile.test_hostile_server import until_ended
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import RawPeer
from tests.support.sessions import ClientSession


def victim_addresses(port: int) -> list[str]:
    """Return ways to write addresses at which a victim on this computer could be reached."""
    return [
        f"127.0.0.1:{port}",
        f"127.0.0.2:{port}",
        f"[::1]:{port}",
        f"[::ffff:127.0.0.1]:{port}",
        f"localhost:{port}",
        f"0.0.0.0:{port}",
        "127.1",
        "2130706433",
        "192.0.2.1",
        f"192.0.2.1:{port}",
        "224.0.0.251",
        "fe80::1%lo",
        "\x1b[2J",
    ]


def test_a_room_cannot_make_its_visitor_connect_to_others() -> None:
    """Thousands of questions: the victim sees nothing, one is answered, and the next message is read."""
    answers: queue.SimpleQueue[Reached] = queue.SimpleQueue()
    with socket.create_server(("127.0.0.1", 0)) as victim:
        victim.setblocking(False)

        def script(peer: RawPeer) -> None:
            peer.await_frame(Join)
            peer.send(WELCOME)
            for port in (victim.getsockname()[1], room.port):
                peer.send(*[Reach(victim_addresses(port))] * 500)
            peer.send(message(5, "still here"))
            answers.put(peer.await_frame(Reached))
            peer.send(Ping())
            peer.await_frame(Pong)
            for frame in peer.skipped:
                if isinstance(frame, Reached):
                    answers.put(frame)
            peer.await_frame(Leave)
            peer.connection.shutdown()

        with HostileServer(script) as room, ClientSession(room.port) as session:
            session.await_event(RoomJoined)
            assert session.await_event(MessageReceived).text == "still here"
            assert answers.get(timeout=TIMEOUT_S) == Reached([])
            session.client.leave()
            until_ended(session)
        assert answers.empty()
        with pytest.raises(BlockingIOError):
            victim.accept()


def test_talk_goes_on_while_addresses_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempts get stuck; messages are read meanwhile, and leaving does not wait for them."""
    taken: list[socket.socket] = []
    with contextlib.ExitStack() as cleanup, socket.create_server(("", 0)) as stuck:
        port = stuck.getsockname()[1]
        monkeypatch.setattr(reach, "_is_neighbour", lambda _host, _networks: True)
        monkeypatch.setattr(reach, "_parse", lambda text, _port: Address(text, port))

        def script(peer: RawPeer) -> None:
            peer.await_frame(Join)
            peer.send(WELCOME, Reach([f"127.0.0.{number}" for number in range(1, 60)]))
            # All four have begun: only then does the message come.
            for _ in range(4):
                taken.append(cleanup.enter_context(stuck.accept()[0]))
            peer.send(message(5, "still here"))
            peer.await_frame(Leave)
            peer.connection.shutdown()

        with HostileServer(script) as room, ClientSession(room.port) as session:
            assert session.await_event(MessageReceived).text == "still here"
            session.client.leave()
            until_ended(session)
        assert len(taken) == 4
        stuck.setblocking(False)
        with pytest.raises(BlockingIOError):
            stuck.accept()


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"reach"}\n',
        b'{"type":"reach","addresses":"192.168.1.7"}\n',
        b'{"type":"reach","addresses":[1]}\n',
        b'{"type":"reach","addresses":[""]}\n',
        b'{"type":"reach","addresses":["' + b"9" * 200 + b'"]}\n',
        b'{"type":"reach","addresses":[' + b",".join([b'"10.0.0.1"'] * (MAX_REACH_ADDRESSES + 1)) + b"]}\n",
    ],
    ids=["none", "text", "numbers", "empty", "long", "many"],
)
def test_a_question_that_breaks_the_rules_ends_the_connection(line: bytes) -> None:
    """Like every other frame whose fields are wrong; nothing is tried."""

    def script(peer: RawPeer) -> None:
        peer.await_frame(Join)
        peer.send(WELCOME)
        send_bytes(peer, line)

    with HostileServer(script) as room, ClientSession(room.port) as session:
        assert isinstance(session.await_event(Disconnected).error, RemoteProtocolError)
