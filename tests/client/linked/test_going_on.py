"""A member whose server is away goes on at another one of the room. Two raw servers, real connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from messango.client.events import (
    Connecting,
    Disconnected,
    LinkChanged,
    MessageFailed,
    MessageReceived,
    RoomJoined,
    SessionEnded,
)
from messango.client.linked import server_dialer, server_turns
from messango.client.trust.known_rooms import KnownRooms
from messango.errors import RoomClosed
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Join,
    Leave,
    Message,
    Ping,
    Pong,
    Problem,
    Proof,
    Refused,
    RoomInfo,
    Say,
    ServerCard,
)
from messango.protocol.password import Password, ServerExchange
from tests.client.linked.servers import FINGERPRINTS, LINK
from tests.support.certificates import room_id_of
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import ROOM_INFO, RawPeer, RawServer
from tests.support.sessions import ClientSession


@dataclass
class Hall:
    """A room of two servers; `cards` is what both say about them."""

    first: RawServer
    second: RawServer

    def __post_init__(self) -> None:
        self.cards = (self.card(self.first, "One"), self.card(self.second, "Two"))

    def card(self, server: RawServer, name: str) -> ServerCard:
        """Return the card of a server."""
        where = (f"127.0.0.1:{server.port}",)
        return ServerCard(name, room_id_of(server.port, server.fingerprint), where, server.fingerprint)

    def info(self, server: RawServer) -> RoomInfo:
        """Return what a server says about the room."""
        return replace(ROOM_INFO, id=room_id_of(server.port, server.fingerprint), link=LINK)

    def let_in(self, server: RawServer, *, latest: int = 0) -> tuple[RawPeer, Join]:
        """Let the client in at a server; return its end of the connection, and the `join`."""
        peer = server.accept_client()
        return peer, peer.welcome(latest=latest, room=self.info(server), servers=self.cards)

    def accept_at_second(self, info: RoomInfo | None = None) -> RawPeer:
        """Answer the question what room the second server is; return the end of the other connection."""
        peer = self.second.accept_client()
        self.second.accept_client().answer_look(info or self.info(self.second))
        return peer


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """Nobody waits for the first server, and an attempt may take as long as the computer needs."""
    monkeypatch.setattr(server_turns, "PATIENCE_S", 0.0)
    monkeypatch.setattr(server_dialer, "PATIENCE_S", TIMEOUT_S)
    with RawServer() as first, RawServer(tmp_path / "second.pem") as second:

        def hang_up() -> None:
            first.hang_up()
            second.hang_up()

        monkeypatch.setattr(ClientSession, "on_leave", staticmethod(hang_up))
        yield Hall(first, second)


def message(seq: int, member: str = "m2", message_id: str = "x1", text: str = "hello") -> Message:
    """Return a message of somebody."""
    return Message(seq, message_id, member, 1.0, "ben", text)


def test_the_session_goes_on_at_another_server(hall: Hall) -> None:
    """With its secret, name and last number; what has no receipt is sent again with its id."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        joined = session.await_event(RoomJoined)
        assert (joined.server, joined.former_server, joined.servers) == ("One", "", ("One", "Two"))
        peer.send(message(1))
        session.await_event(MessageReceived)
        message_id = session.client.send_message("on my way")
        assert peer.await_frame(Say).id == message_id
        hall.first.die()
        peer = hall.accept_at_second()
        join = peer.welcome(latest=1, room=hall.info(hall.second), servers=hall.cards)
        assert (join.name, join.session, join.since, join.room) == ("ann", "secret", 1, hall.cards[1].id)
        joined = session.await_event(RoomJoined)
        assert (joined.resumed, joined.server, joined.former_server) == (True, "Two", "One")
        assert (joined.first_visit, joined.namesake, joined.moved_from) == (False, None, "")
        assert Connecting(reconnecting=True, server="Two") in session.skipped
        assert peer.await_frame(Say).id == message_id
        peer.send(message(2, "m1", message_id, "on my way"))
        assert session.await_event(MessageReceived).id == message_id


def test_where_the_session_goes_on_it_stays(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the connection breaks there, that server comes first."""
    with ClientSession(hall.first.port) as session:
        hall.let_in(hall.first)
        session.await_event(RoomJoined)
        hall.first.hang_up()
        hall.accept_at_second().welcome(room=hall.info(hall.second), servers=hall.cards)
        assert session.await_event(RoomJoined).former_server == "One"
        monkeypatch.setattr(server_turns, "PATIENCE_S", TIMEOUT_S)
        hall.second.hang_up()
        assert hall.let_in(hall.second)[1].room == hall.cards[1].id
        joined = session.await_event(RoomJoined)
        assert (joined.resumed, joined.server, joined.former_server) == (True, "Two", "")


def prove_and_let_in(hall: Hall, server: RawServer, peer: RawPeer) -> None:
    """Let the client in at a server with a password: both prove that they know it."""
    join = peer.await_frame(Join)
    info = hall.info(server)
    exchange = ServerExchange(Password("tea for two"), join.pake or "", server.fingerprint, info.id)
    peer.send(exchange.challenge)
    assert exchange.verify(peer.await_frame(Proof))
    peer.send_welcome(join, room=info, servers=hall.cards)


def test_all_servers_have_one_password(hall: Hall) -> None:
    """The client proves that it knows it at each, and nobody is asked again."""
    with ClientSession(hall.first.port, password="tea for two") as session:  # noqa: S106 (made up)
        prove_and_let_in(hall, hall.first, hall.first.accept_client())
        session.await_event(RoomJoined)
        hall.first.die()
        prove_and_let_in(hall, hall.second, hall.accept_at_second())
        joined = session.await_event(RoomJoined)
        assert (joined.resumed, joined.server) == (True, "Two")


def test_a_server_that_closes_is_left_for_another(hall: Hall) -> None:
    """Its host goes home; the room goes on."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        peer.send(Closed(error_codes.CLOSING, "The room closes.", ""))
        peer = hall.accept_at_second()
        assert peer.welcome(room=hall.info(hall.second), servers=hall.cards).session == "secret"
        assert session.await_event(RoomJoined).server == "Two"


def test_a_room_that_closes_everywhere_has_closed(hall: Hall) -> None:
    """The reason is that of our own server."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        peer.send(Closed(error_codes.CLOSING, "The room closes.", ""))
        peer = hall.accept_at_second()
        peer.await_frame(Join)
        peer.send(Refused(error_codes.CLOSING, "Me too.", ""))
        error = session.await_event(SessionEnded).error
    assert isinstance(error, RoomClosed)
    assert str(error) == "The room closes."


def test_if_the_session_ends_anyway_nobody_waits_for_it(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed attempt takes a fixed time only if we may come back to our server, which learns nothing so."""
    monkeypatch.setattr(server_dialer, "PATIENCE_S", 10 * TIMEOUT_S)
    hall.second.die()
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        peer.send(Closed(error_codes.CLOSING, "The room closes.", ""))
        assert str(session.await_event(SessionEnded).error) == "The room closes."


@pytest.mark.parametrize("code", [error_codes.FULL, error_codes.BANNED, error_codes.LINK_DOWN])
def test_a_server_that_refuses_is_passed_over(hall: Hall, code: str) -> None:
    """Our own one is tried again, with the same session."""
    with ClientSession(hall.first.port) as session:
        hall.let_in(hall.first)
        session.await_event(RoomJoined)
        hall.first.hang_up()
        peer = hall.accept_at_second()
        peer.await_frame(Join)
        peer.send(Refused(code, "Not here.", ""))
        _, join = hall.let_in(hall.first)
        assert join.session == "secret"
        joined = session.await_event(RoomJoined)
        assert (joined.resumed, joined.server, joined.former_server) == (True, "One", "")


def test_a_stranger_at_a_listed_address_learns_nothing(hall: Hall) -> None:
    """Another certificate answers there, so not even our name is sent."""
    strange = replace(hall.cards[1], id=room_id_of(2, FINGERPRINTS[2]), fingerprint=FINGERPRINTS[2])
    hall.cards = (hall.cards[0], strange)
    with ClientSession(hall.first.port) as session:
        hall.let_in(hall.first)
        session.await_event(RoomJoined)
        hall.first.hang_up()
        assert hall.second.accept_client().connection.receive(TIMEOUT_S) == b""
        session.client.retry_now()
        assert hall.let_in(hall.first)[1].session == "secret"
        assert session.await_event(RoomJoined).server == "One"


@pytest.mark.parametrize("other", [{"link": None}, {"link": "6b" * 16}, {"id": None}])
def test_a_listed_server_with_another_room_does_not_get_our_session(
    hall: Hall, other: dict[str, str | None]
) -> None:
    """It has the certificate, but not our link; or several rooms, of which this is another one."""
    changed = {**other, "id": room_id_of(7, hall.second.fingerprint)} if "id" in other else other
    with ClientSession(hall.first.port) as session:
        hall.let_in(hall.first)
        session.await_event(RoomJoined)
        hall.first.hang_up()
        peer = hall.accept_at_second(replace(hall.info(hall.second), **changed))
        assert peer.connection.receive(TIMEOUT_S) == b""
        refused = session.await_event(Disconnected, lambda event: "Another room answers" in str(event.error))
        assert str(hall.second.port) in str(refused.error)
        hall.let_in(hall.first)
        assert session.await_event(RoomJoined).server == "One"


def test_a_server_that_is_behind_is_not_taken_at_its_word(hall: Hall) -> None:
    """It would seem to have lost messages that we have. We go without a goodbye: our seat is everywhere."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        peer.send(message(1), message(2, message_id="x2"))
        session.await_event(MessageReceived, lambda event: event.seq == 2)
        hall.first.hang_up()
        peer = hall.accept_at_second()
        peer.welcome(latest=1, room=hall.info(hall.second), servers=hall.cards)
        assert peer.connection.receive(TIMEOUT_S) == b""
        assert not any(isinstance(frame, Leave) for frame in peer.skipped)
        _, join = hall.let_in(hall.first, latest=2)
        assert join.since == 2
        assert session.await_event(RoomJoined).server == "One"


def test_the_next_run_finds_the_room_at_another_server(hall: Hall) -> None:
    """Although nobody has ever been there: the first server has named it."""
    with ClientSession(hall.first.port) as session:
        hall.let_in(hall.first)
        session.await_event(RoomJoined)
    assert [room.server for room in KnownRooms.load().all()] == ["One"]
    hall.first.die()
    with ClientSession(
        hall.first.port, room_id=hall.cards[0].id, fingerprint=hall.first.fingerprint
    ) as session:
        join = hall.accept_at_second().welcome(room=hall.info(hall.second), servers=hall.cards)
        assert (join.session, join.room) == (None, hall.cards[1].id)
        joined = session.await_event(RoomJoined)
    assert (joined.first_visit, joined.namesake, joined.server) == (False, None, "Two")
    assert {room.server for room in KnownRooms.load().all()} == {"One", "Two"}


def test_while_the_link_is_down_what_is_written_waits(hall: Hall) -> None:
    """It is neither failed nor sent; with the link it goes out, in order. The state is told once."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        down = Problem(error_codes.LINK_DOWN, "The servers have lost each other.", "Keep writing.")
        peer.send(down, down)
        assert not session.await_event(LinkChanged).up
        ids = [session.client.send_message(text) for text in ("one", "two")]
        peer.send(Ping())
        peer.await_frame(Pong)
        assert not any(isinstance(frame, Say) for frame in peer.skipped)
        peer.send(Problem(error_codes.LINK_UP, "The servers are linked again.", ""))
        assert session.await_event(LinkChanged).up
        assert [peer.await_frame(Say).id for _ in ids] == ids
    assert [event for event in session.skipped if isinstance(event, LinkChanged)] == []


def test_a_message_for_which_there_is_no_space_fails_with_its_text(hall: Hall) -> None:
    """It can be sent again."""
    with ClientSession(hall.first.port) as session:
        peer, _ = hall.let_in(hall.first)
        session.await_event(RoomJoined)
        message_id = session.client.send_message("too much")
        peer.await_frame(Say)
        peer.send(Problem(error_codes.LINK_DOWN, "Too much waits.", "Send it again later.", message_id))
        failed = session.await_event(MessageFailed)
    assert (failed.id, failed.text, failed.code) == (message_id, "too much", error_codes.LINK_DOWN)
    assert (failed.reason, failed.hint) == ("Too much waits.", "Send it again later.")
