"""The password changes while members are in the room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.client.events import PasswordRequired, RoomJoined
from messango.errors import WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import Challenge, Join, Leave, Refused, RoomInfo, Say, Welcome
from messango.protocol.frames import Message as MessageFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.password import ClientExchange, Password
from messango.room.host.host_command import SetPassword
from messango.room.host.host_events import CommandDone, MemberJoined
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room
from tests.support.sessions import ClientSession


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def change_password(server: Server, password: str | None) -> None:
    """Change it, and wait until that is done."""
    server.run_command(SetPassword(None if password is None else Password(password)))
    await_host_event(server, CommandDone)


def join(client: RawClient, server: Server, password: str, session: str | None = None) -> Welcome:
    """Join with a password, and return the welcome."""
    side = ClientExchange(Password(password))
    client.send(Join(PROTOCOL_VERSION, "ann", session, pake=side.pake))
    client.send(side.prove(client.await_frame(Challenge), server.fingerprint))
    return client.await_frame(Welcome)


def refusal(server: Server, join_frame: Join) -> str:
    """Return the code with which the room refuses this client."""
    with RawClient(server.port) as client:
        client.send(join_frame)
        return client.await_frame(Refused).code


def test_members_stay_when_a_password_is_set(server: Server) -> None:
    """Newcomers need it at once, and the list of rooms says so."""
    infos: list[RoomInfo] = []
    server.on_info_changed = infos.append
    with RawClient(server.port) as ann:
        ann.join("ann")
        change_password(server, "sesame")
        assert infos[-1].password
        assert refusal(server, Join(PROTOCOL_VERSION, "bob")) == error_codes.PASSWORD_REQUIRED
        with RawClient(server.port) as bob:
            join(bob, server, "sesame")
            ann.send(Say("1", "still here"))
            assert bob.await_frame(MessageFrame).text == "still here"


def test_a_changed_password_replaces_the_former_one(server: Server) -> None:
    """Who knows only that one is told that it is wrong."""
    change_password(server, "sesame")
    change_password(server, "open")
    former = "sesame"
    with ClientSession(server.port, password=former, prompt_for_password=True) as late:
        assert isinstance(late.await_event(PasswordRequired).error, WrongPassword)
        late.client.submit_password(Password("open"))
        late.await_event(RoomJoined)


def test_a_removed_password_is_not_asked_for(server: Server) -> None:
    """Everybody can join then."""
    change_password(server, "sesame")
    change_password(server, None)
    with RawClient(server.port) as client:
        assert not client.join("ann").room.password


@pytest.mark.parametrize("later", ["open", None])
def test_a_broken_connection_keeps_its_seat(server: Server, later: str | None) -> None:
    """It comes back with the password with which the seat was taken."""
    change_password(server, "sesame")
    with RawClient(server.port) as ann:
        session = join(ann, server, "sesame").session
    change_password(server, later)
    with RawClient(server.port) as again:
        assert join(again, server, "sesame", session).session == session
    assert await_host_event(server, MemberJoined, lambda event: event.resumed).name == "ann"


def test_a_member_without_a_password_comes_back_without(server: Server) -> None:
    """Their program has none to prove."""
    with RawClient(server.port) as ann:
        session = ann.join("ann").session
    change_password(server, "sesame")
    with RawClient(server.port) as again:
        assert again.join("ann", session).session == session


def test_a_made_up_session_needs_the_password(server: Server) -> None:
    """Like any newcomer."""
    change_password(server, "sesame")
    made_up = Join(PROTOCOL_VERSION, "eve", "made up")
    assert refusal(server, made_up) == error_codes.PASSWORD_REQUIRED


def test_who_left_needs_the_present_password(server: Server) -> None:
    """Their seat is not reserved."""
    with RawClient(server.port) as ann:
        session = ann.join("ann").session
        ann.send(Leave())
        ann.await_end()
    change_password(server, "sesame")
    assert refusal(server, Join(PROTOCOL_VERSION, "ann", session)) == error_codes.PASSWORD_REQUIRED


def test_many_changes(server: Server) -> None:
    """The room does not remember them for ever; the present one always counts."""
    for number in range(40):
        server.run_command(SetPassword(Password(f"sesame {number}")))
    for _ in range(40):
        await_host_event(server, CommandDone)
    assert len(server._context.password_gate._gates) <= 17
    with RawClient(server.port) as client:
        join(client, server, "sesame 39")
