"""Attacks on a room with a password by somebody on the same network, over real connections."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.client.events import Disconnected, MessageReceived, PasswordRequired, RoomJoined, SessionEnded
from messango.errors import PasswordNotRequired, UnprovedIdentity, WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import Challenge, Join, Proof, Refused, Welcome
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.password import ClientExchange, Password
from messango.room.host.host_events import JoinAttemptRefused, MemberJoined
from messango.server.server import Server
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient
from tests.support.relay import Relay
from tests.support.rooms import await_host_event, open_room
from tests.support.sessions import ClientSession

SESAME = "open sesame"


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(password=SESAME) as opened:
        yield opened


def test_a_relay_with_its_own_certificate_is_found_out_by_both_ends(server: Server) -> None:
    """It passes every byte on, the password is right, and still nobody joins."""
    with Relay(server.port) as relay, ClientSession(relay.port, password=SESAME) as session:
        ended = session.await_event(SessionEnded)
        assert isinstance(ended.error, UnprovedIdentity)
        assert "intercepting your connection" in ended.error.hint
        assert await_host_event(server, JoinAttemptRefused).reason == "wrong password"
    assert relay.fingerprint != server.fingerprint
    assert server.room_info().members == 0
    # The client has noticed it and sent nothing that the room would accept.
    captured = b"".join(relay.captured)
    assert b'"challenge"' in captured
    assert b'"proof"' not in captured
    assert SESAME.encode() not in captured


def test_a_relay_without_a_password_is_found_out(server: Server) -> None:
    """It could let a first visitor in to read their messages: a client with a password leaves."""
    with open_room("Other") as impostor, ClientSession(impostor.port, password=SESAME) as session:
        assert isinstance(session.await_event(SessionEnded).error, PasswordNotRequired)
    assert server.room_info().members == 0


def test_a_relay_gets_nothing_if_the_room_is_known(server: Server) -> None:
    """If the fingerprint is known, the password exchange does not even start."""
    with ClientSession(server.port, password=SESAME) as session:
        session.await_event(RoomJoined)
    with Relay(server.port) as relay:
        with ClientSession(relay.port, password=SESAME, room_id=server.room_info().id) as session:
            assert isinstance(session.await_event(SessionEnded).error, FingerprintMismatch)
        assert relay.captured == []


def test_a_recorded_exchange_is_of_no_use(server: Server) -> None:
    """Replaying all frames of a member lets nobody in."""
    frames: list[Join | Proof] = []
    with RawClient(server.port) as ann:
        side = ClientExchange(Password(SESAME))
        frames.append(Join(PROTOCOL_VERSION, "ann", pake=side.pake))
        ann.send(frames[0])
        frames.append(side.prove(ann.await_frame(Challenge), server.fingerprint))
        ann.send(frames[1])
        ann.await_frame(Welcome)
    with RawClient(server.port) as eve:
        eve.send(*frames)
        assert eve.await_frame(Refused).code == error_codes.WRONG_PASSWORD


def test_a_stolen_session_is_no_way_around_the_password(server: Server) -> None:
    """A member without the new password must not rejoin with an old session."""
    with ClientSession(server.port, password=SESAME) as session:
        session.await_event(RoomJoined)
        with RawClient(server.port) as eve:
            eve.send(Join(PROTOCOL_VERSION, "ann", session=session.client._session.token))
            assert eve.await_frame(Refused).code == error_codes.PASSWORD_REQUIRED
        session.client.send_message("still here")
        assert session.await_event(MessageReceived).text == "still here"


def test_a_reconnecting_client_proves_the_password_again(server: Server) -> None:
    """And gets its seat back."""
    with Proxy(server.port) as proxy, ClientSession(proxy.port, password=SESAME) as session:
        session.await_event(RoomJoined)
        proxy.cut()
        assert session.await_event(RoomJoined).resumed
        assert await_host_event(server, MemberJoined, lambda event: event.resumed).name == "ann"


def test_a_restarted_room_knows_its_members_by_the_same_password() -> None:
    """The session is in the room's history, the password in the client's memory."""
    with (
        open_room(password=SESAME) as first,
        Proxy(first.port) as proxy,
        ClientSession(proxy.port, password=SESAME) as member,
    ):
        session = member.await_event(RoomJoined).member
        # As if the host's computer crashed: no goodbye arrives.
        proxy.cut(refusing=True)
        member.await_event(Disconnected)
        first.close()
        with open_room(password=SESAME) as second:
            proxy.redirect_to(second.port)
            proxy.resume()
            again = member.await_event(RoomJoined)
            assert (again.resumed, again.member) == (True, session)


def test_a_password_changed_by_the_host_is_prompted_for_in_the_same_session() -> None:
    """Without it nobody rejoins; with it the session goes on."""
    with (
        open_room(password=SESAME) as first,
        Proxy(first.port) as proxy,
        ClientSession(proxy.port, password=SESAME, prompt_for_password=True) as session,
    ):
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        first.close()
        with open_room(password="another") as second:  # noqa: S106
            proxy.redirect_to(second.port)
            proxy.resume()
            assert isinstance(session.await_event(PasswordRequired).error, WrongPassword)
            assert second.room_info().members == 0
            session.client.submit_password(Password("another"))
            assert session.await_event(RoomJoined).resumed


def test_a_wrong_password_is_prompted_for_until_it_is_right(server: Server) -> None:
    """Each attempt is a connection of its own."""
    with ClientSession(server.port, prompt_for_password=True) as session:
        for wrong in ("sesam", "Open Sesame"):
            session.await_event(PasswordRequired)
            session.client.submit_password(Password(wrong))
        assert isinstance(session.await_event(PasswordRequired).error, WrongPassword)
        session.client.submit_password(Password(SESAME))
        assert session.await_event(RoomJoined).room.password
