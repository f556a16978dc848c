"""The client's side of a password: prompted for when needed, proved on each connection, never sent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from messango.client.connection import password_exchange
from messango.client.events import EndReason, PasswordRequired, RoomJoined, SessionEnded
from messango.errors import PasswordNeeded, PasswordNotRequired, RemoteProtocolError, WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import Challenge, Join, Leave, Proof, Refused
from messango.protocol.password import ClientExchange, Password, ServerExchange
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import ROOM_INFO, RawPeer, RawServer
from tests.support.sessions import ClientSession


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer() as opened:
        monkeypatch.setattr(ClientSession, "on_leave", opened.hang_up)
        yield opened


def refuse(room: RawServer, code: str) -> Join:
    """Refuse the next client and return its `join`."""
    client = room.accept_client()
    join = client.await_frame(Join)
    client.send(Refused(code, "No.", "Never."))
    return join


def challenge(room: RawServer, password: str) -> tuple[RawPeer, Join, ServerExchange]:
    """Challenge the next client, as a room with this password does."""
    client = room.accept_client()
    join = client.await_frame(Join)
    assert join.pake is not None
    side = ServerExchange(Password(password), join.pake, room.fingerprint, ROOM_INFO.id)
    client.send(side.challenge)
    return client, join, side


def let_in(room: RawServer, password: str) -> Join:
    """Challenge the next client, and welcome it if it proves the password."""
    client, join, side = challenge(room, password)
    assert side.verify(client.await_frame(Proof))
    client.send_welcome(join)
    return join


def test_a_missing_password_is_prompted_for_and_the_session_goes_on(room: RawServer) -> None:
    """Nobody joins without one."""
    with ClientSession(room.port, prompt_for_password=True) as session:
        assert refuse(room, error_codes.PASSWORD_REQUIRED).pake is None
        assert isinstance(session.await_event(PasswordRequired).error, PasswordNeeded)
        session.client.submit_password(Password("sesame"))
        let_in(room, "sesame")
        assert session.await_event(RoomJoined).you == "ann"


def test_a_wrong_password_is_prompted_for_again(room: RawServer) -> None:
    """The server's proof is wrong then, and it gets none of ours."""
    with ClientSession(room.port, password="sesam", prompt_for_password=True) as session:  # noqa: S106
        client, _, _ = challenge(room, "sesame")
        assert isinstance(session.await_event(PasswordRequired).error, WrongPassword)
        assert client.connection.receive(TIMEOUT_S) == b""
        session.client.submit_password(Password("sesame"))
        let_in(room, "sesame")
        session.await_event(RoomJoined)


@pytest.mark.parametrize(
    ("code", "error"),
    [(error_codes.PASSWORD_REQUIRED, PasswordNeeded), (error_codes.WRONG_PASSWORD, WrongPassword)],
)
def test_without_a_prompt_the_session_ends(
    room: RawServer, code: str, error: type[PasswordNeeded | WrongPassword]
) -> None:
    """With an error in our own words, not in the server's."""
    with ClientSession(room.port, password="sesame") as session:  # noqa: S106
        refuse(room, code)
        ended = session.await_event(SessionEnded)
        assert (ended.reason, type(ended.error)) == (EndReason.FAILED, error)
        assert "Never" not in f"{ended.error} {ended.error and ended.error.hint}"


def test_the_password_is_proved_again_after_a_break(room: RawServer) -> None:
    """From memory, for the same session, without a prompt."""
    with ClientSession(room.port, password="sesame") as session:  # noqa: S106
        client, join, side = challenge(room, "sesame")
        assert side.verify(client.await_frame(Proof))
        client.send_welcome(join)
        session.await_event(RoomJoined)
        client.connection.abort()
        again = let_in(room, "sesame")
        assert (again.session, again.pake == join.pake) == ("secret", False)
        assert session.await_event(RoomJoined).resumed


def test_a_password_that_was_changed_meanwhile_is_prompted_for(room: RawServer) -> None:
    """In the middle of a session, which goes on."""
    with ClientSession(room.port, password="sesame", prompt_for_password=True) as session:  # noqa: S106
        client, join, _ = challenge(room, "sesame")
        client.send_welcome(join)
        session.await_event(RoomJoined)
        client.connection.abort()
        challenge(room, "another")
        session.await_event(PasswordRequired)
        session.client.submit_password(Password("another"))
        assert let_in(room, "another").session == "secret"
        assert session.await_event(RoomJoined).resumed


def test_the_person_may_leave_instead(room: RawServer) -> None:
    """No thread waits for a password for ever."""
    with ClientSession(room.port, prompt_for_password=True) as session:
        refuse(room, error_codes.PASSWORD_REQUIRED)
        session.await_event(PasswordRequired)
        session.client.leave()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


def test_a_room_that_asks_for_no_proof_is_not_joined(room: RawServer) -> None:
    """Else an open room with the same name could pass for the one that has the password."""
    with ClientSession(room.port, password="sesame") as session:  # noqa: S106
        client = room.accept_client()
        client.welcome()
        ended = session.await_event(SessionEnded)
        assert (ended.reason, type(ended.error)) == (EndReason.FAILED, PasswordNotRequired)
        client.await_frame(Leave)
    assert not any(isinstance(event, RoomJoined) for event in session.skipped)


def test_an_unexpected_challenge_ends_the_session(room: RawServer) -> None:
    """A client without a password has nothing to prove."""
    with ClientSession(room.port) as session:
        client = room.accept_client()
        client.await_frame(Join)
        client.send(Challenge("x", "y", ROOM_INFO.id))
        assert isinstance(session.await_event(SessionEnded).error, RemoteProtocolError)


def test_the_password_is_available_for_rehosting(room: RawServer) -> None:
    """The one that was given last."""
    with ClientSession(room.port, password="sesam") as session:  # noqa: S106
        first, second = session.client.password, Password("sesame")
        session.client.submit_password(second)
        assert first is not None
        assert (first.secret, session.client.password) == (b"sesam", second)


@pytest.mark.parametrize("password", ["sesame", "sesam"])
def test_each_half_takes_a_fixed_time(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """Whatever `spake2` needs for a password: who listens learns nothing from the time, right or wrong."""
    now_s, waited = 100.0, list[float]()
    ours = ClientExchange.prove

    def slow_prove(exchange: ClientExchange, frame: Challenge, fingerprint: str) -> Proof:
        nonlocal now_s
        now_s += 0.0123
        return ours(exchange, frame, fingerprint)

    clock = SimpleNamespace(monotonic=lambda: now_s, sleep=waited.append)
    monkeypatch.setattr(password_exchange, "time", clock)
    monkeypatch.setattr(ClientExchange, "prove", slow_prove)
    client = password_exchange.PasswordExchange(Password("sesame"))
    pake = client.start()
    assert pake is not None
    server = ServerExchange(Password(password), pake, "ab" * 32, ROOM_INFO.id)
    with contextlib.nullcontext() if password == "sesame" else pytest.raises(WrongPassword):  # noqa: S105
        client.answer_challenge(server.challenge, "ab" * 32)
    assert waited == pytest.approx([0.0, 0.05 - 0.0123])
