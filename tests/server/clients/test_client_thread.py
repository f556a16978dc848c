"""A client's thread over a real connection: requests to the room, timeouts, and events for the host.

`tests.protocol.connection.test_server_connection` tests which frame is allowed when, and its answer.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.connection import server_connection
from messango.protocol.frames import (
    Closed,
    Joined,
    Leave,
    Left,
    Message,
    Ping,
    Pong,
    Problem,
    Refused,
    Rename,
    Renamed,
    Say,
    Typing,
    TypingNotice,
)
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.host.host_events import JoinAttempted, MemberDisconnected
from messango.room.host.host_events import MemberJoined as JoinedEvent
from messango.server.clients import handshake
from messango.server.server import Server
from tests.support.notices import without_id
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def test_join_is_answered_with_welcome(server: Server) -> None:
    """The new member gets the room, their name and the members; the others get `joined`."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        first = ann.join("ann")
        assert (first.you, first.members, first.latest, first.oldest) == ("ann", ["ann"], 0, 0)
        second = bob.join("Ann")
        assert (second.you, second.members) == ("Ann 2", ["ann", "Ann 2"])
        assert second.session != first.session
        assert ann.await_frame(Joined).name == "Ann 2"


def test_say_sends_the_message_to_everybody(server: Server) -> None:
    """The sender's copy is its receipt, and equal to the others'."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        member = ann.join("ann").member
        bob.join("bob")
        ann.send(Say("1", "hello"))
        receipt = ann.await_frame(Message)
        assert (receipt.seq, receipt.id, receipt.member, receipt.name, receipt.text) == (
            1,
            "1",
            member,
            "ann",
            "hello",
        )
        assert bob.await_frame(Message) == receipt


def test_a_message_sent_twice_is_stored_once(server: Server) -> None:
    """The same id is the same message: the sender gets the first receipt again, the others nothing."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(Say("1", "hello"))
        first = ann.await_frame(Message)
        ann.send(Say("1", "hello"), Say("2", "more"))
        assert ann.await_frame(Message) == first
        assert [bob.await_frame(Message).seq, bob.await_frame(Message).seq] == [1, 2]


def test_typing_is_sent_to_the_others(server: Server) -> None:
    """But not to the member who types."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(Typing(), Say("1", "x"))
        assert bob.await_frame(TypingNotice).name == "ann"
        ann.await_frame(Message)
        assert not [frame for frame in ann.skipped if isinstance(frame, TypingNotice)]


def test_rename_is_sent_to_everybody(server: Server) -> None:
    """With a number if the name is taken."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(Rename("BOB"))
        for member in (ann, bob):
            assert without_id(member.await_frame(Renamed)) == Renamed("BOB 2", "ann")


def test_rename_to_an_invalid_name(server: Server) -> None:
    """The member gets a problem, keeps the old name, and stays."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        ann.send(Rename(" \n"), Say("1", "x"))
        assert ann.await_frame(Problem).code == error_codes.BAD_NAME
        assert ann.await_frame(Message).name == "ann"


def test_leave_frees_the_seat(server: Server) -> None:
    """Messages sent before it are delivered first; then the others get `left` and the connection ends."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(Say("1", "bye"), Leave())
        assert bob.await_frame(Message).text == "bye"
        assert bob.await_frame(Left).name == "ann"
        ann.await_frame(Message)
        assert ann.await_end() == []
        assert server.room_info().members == 1


def test_a_text_that_is_too_long_is_a_problem_with_its_id(server: Server) -> None:
    """The sender can tell which message failed; the next one is delivered."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        ann.send(Say("1", "x" * 8_001), Say("2", "\a"), Say("3", "x" * 8_000))
        assert [ann.await_frame(Problem).id, ann.await_frame(Problem).id] == ["1", "2"]
        assert ann.await_frame(Message).id == "3"


def test_bytes_that_are_not_a_frame_end_the_connection_with_a_reason(server: Server) -> None:
    """The client gets the reason, and the others get the messages that the member sent before."""
    with RawClient(server.port) as unjoined:
        unjoined.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
        assert unjoined.await_frame(Refused).code == error_codes.PROTOCOL
        assert unjoined.await_end() == []
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send_bytes(encode(Say("1", "x")) + b"x" * (MAX_FRAME_BYTES + 1))
        assert ann.await_frame(Closed).code == error_codes.PROTOCOL
        assert ann.await_end() == []
        assert bob.await_frame(Message).text == "x"


def test_a_silent_member_keeps_their_seat(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unplugged cable reports nothing: after a ping without an answer, the connection ends."""
    monkeypatch.setattr(server_connection, "DEAD_AFTER_S", 0.1)
    with RawClient(server.port) as client:
        client.join("ann")
        assert client.await_end() == [Ping()]
        assert await_host_event(server, MemberDisconnected).name == "ann"
        assert server.room_info().members == 1


def test_a_member_that_only_listens_gets_a_ping(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a busy room a client never sends a ping, so the server does; an answer is enough."""
    monkeypatch.setattr(server_connection, "PING_MEMBER_AFTER_S", 0.1)
    with RawClient(server.port) as client:
        client.join("ann")
        for _ in range(3):
            client.await_frame(Ping)
            client.send(Pong())
        assert server.room_info().members == 1


def test_the_rate_limit_slows_a_member_and_drops_nothing() -> None:
    """After the burst, all messages arrive at the rate limit and in order."""
    with open_room(rate_limit=200) as server, RawClient(server.port) as ann:
        ann.join("ann")
        ann.send(*(Say(str(number), "x") for number in range(150)), Leave())
        texts = [ann.await_frame(Message) for _ in range(150)]
        assert [message.id for message in texts] == [str(number) for number in range(150)]
        # 100 of them had to wait, and their times show it.
        assert texts[-1].time - texts[0].time >= 0.4
        assert ann.await_end() == []


def test_a_slowed_member_does_not_delay_another() -> None:
    """One floods, and the other can talk meanwhile."""
    with open_room(rate_limit=1) as server, RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(*(Say(str(number), "flood") for number in range(1_000)))
        bob.send(Say("b", "hello"))
        while bob.await_frame(Message).id != "b":
            pass


def test_the_host_gets_joins_and_leaves(server: Server) -> None:
    """With addresses and ports."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        assert await_host_event(server, JoinAttempted).name == "ann"
        joined = await_host_event(server, JoinedEvent)
        assert joined.peer.startswith("127.0.0.1:")
        assert (joined.name, joined.members, joined.seats, joined.resumed) == ("ann", 1, 5, False)


def test_unjoined_clients_are_ranked_by_their_progress(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new connection ranks above a slow one; among equals, the further handshake ranks higher."""
    monkeypatch.setattr(handshake, "SLOW_HANDSHAKE_S", 600.0)

    def owed() -> list[int]:
        return [
            one.eviction_rank for one in sorted(server._connections.all(), key=lambda one: one.connection_id)
        ]

    with socket.create_connection(("127.0.0.1", server.port)) as silent, RawClient(server.port) as secured:
        secured.send(Ping())
        secured.await_frame(Pong)
        assert owed() == [3, 5]
        silent.sendall(b"\x16")
        while owed() != [4, 5]:
            pass
        monkeypatch.setattr(handshake, "SLOW_HANDSHAKE_S", 0.0)
        assert owed() == [1, 2]
        server._connections.all()[1].close_after(b"")
        assert owed() in ([1, -1], [1])
