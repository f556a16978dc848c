"""A password on the client's side: asked for when it is needed, proved each time, told to nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.client.events import End, Ended, Entered, PasswordWanted
from messango.errors import PasswordNeeded, PasswordNotRequired, RemoteProtocolError, WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import Challenge, Join, Leave, Proof, Refused
from messango.protocol.password import Password, ServerExchange
from tests.support.raw_client import TIMEOUT_S
from tests.support.raw_server import ROOM_INFO, RawPeer, RawServer
from tests.support.sessions import Stay


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    with RawServer() as opened:
        monkeypatch.setattr(Stay, "let_go", opened.hang_up)
        yield opened


def refuse(room: RawServer, code: str) -> Join:
    """Refuse whoever comes next."""
    guest = room.accept_client()
    join = guest.await_frame(Join)
    guest.send(Refused(code, "No.", "Never."))
    return join


def challenge(room: RawServer, password: str) -> tuple[RawPeer, Join, ServerExchange]:
    """Challenge whoever comes next, as a room with this password does."""
    guest = room.accept_client()
    join = guest.await_frame(Join)
    assert join.pake is not None
    side = ServerExchange(Password(password), join.pake, room.fingerprint, ROOM_INFO.id)
    guest.send(side.challenge)
    return guest, join, side


def let_in(room: RawServer, password: str) -> Join:
    """Challenge whoever comes next, and let in who proves the password."""
    guest, join, side = challenge(room, password)
    assert side.verify(guest.await_frame(Proof))
    guest.send_welcome(join)
    return join


def test_a_missing_password_is_asked_for_and_the_stay_goes_on(room: RawServer) -> None:
    """What was said before is still said; whoever gives none is let in nowhere."""
    with Stay(room.port, asks_password=True) as stay:
        assert refuse(room, error_codes.PASSWORD_REQUIRED).pake is None
        assert isinstance(stay.await_event(PasswordWanted).error, PasswordNeeded)
        stay.client.give_password(Password("sesame"))
        let_in(room, "sesame")
        assert stay.await_event(Entered).you == "ann"


def test_a_wrong_password_is_asked_for_again(room: RawServer) -> None:
    """The server's proof is wrong then, and it hears none of ours."""
    with Stay(room.port, password="sesam", asks_password=True) as stay:  # noqa: S106
        guest, _, _ = challenge(room, "sesame")
        assert isinstance(stay.await_event(PasswordWanted).error, WrongPassword)
        assert guest.connection.receive(TIMEOUT_S) == b""
        stay.client.give_password(Password("sesame"))
        let_in(room, "sesame")
        stay.await_event(Entered)


@pytest.mark.parametrize(
    ("code", "error"),
    [(error_codes.PASSWORD_REQUIRED, PasswordNeeded), (error_codes.WRONG_PASSWORD, WrongPassword)],
)
def test_where_nobody_can_be_asked_the_stay_ends(
    room: RawServer, code: str, error: type[PasswordNeeded | WrongPassword]
) -> None:
    """With an error that says what is missing, in our own words and not in the server's."""
    with Stay(room.port, password="sesame") as stay:  # noqa: S106
        refuse(room, code)
        ended = stay.await_event(Ended)
        assert (ended.end, type(ended.error)) == (End.FAILED, error)
        assert "Never" not in f"{ended.error} {ended.error and ended.error.hint}"


def test_the_password_is_proved_again_after_a_break(room: RawServer) -> None:
    """From memory, for the same session, without asking anybody."""
    with Stay(room.port, password="sesame") as stay:  # noqa: S106
        guest, join, side = challenge(room, "sesame")
        assert side.verify(guest.await_frame(Proof))
        guest.send_welcome(join)
        stay.await_event(Entered)
        guest.connection.abort()
        again = let_in(room, "sesame")
        assert (again.session, again.pake == join.pake) == ("secret", False)
        assert stay.await_event(Entered).back


def test_a_password_that_was_changed_meanwhile_is_asked_for(room: RawServer) -> None:
    """In the middle of a stay, which goes on as the same one."""
    with Stay(room.port, password="sesame", asks_password=True) as stay:  # noqa: S106
        guest, join, _ = challenge(room, "sesame")
        guest.send_welcome(join)
        stay.await_event(Entered)
        guest.connection.abort()
        challenge(room, "another")
        stay.await_event(PasswordWanted)
        stay.client.give_password(Password("another"))
        assert let_in(room, "another").session == "secret"
        assert stay.await_event(Entered).back


def test_who_is_asked_may_leave(room: RawServer) -> None:
    """No thread waits for a password for ever."""
    with Stay(room.port, asks_password=True) as stay:
        refuse(room, error_codes.PASSWORD_REQUIRED)
        stay.await_event(PasswordWanted)
        stay.client.leave()
        assert stay.await_event(Ended) == Ended(End.LEFT, None)


def test_a_room_that_asks_for_no_proof_is_not_joined(room: RawServer) -> None:
    """Else an open room of the same name could pass for the one that has the password."""
    with Stay(room.port, password="sesame") as stay:  # noqa: S106
        guest = room.accept_client()
        guest.welcome()
        ended = stay.await_event(Ended)
        assert (ended.end, type(ended.error)) == (End.FAILED, PasswordNotRequired)
        guest.await_frame(Leave)
    assert not any(isinstance(event, Entered) for event in stay.passed_over)


def test_a_challenge_that_nobody_asked_for_ends_the_stay(room: RawServer) -> None:
    """A client without a password has nothing to prove."""
    with Stay(room.port) as stay:
        guest = room.accept_client()
        guest.await_frame(Join)
        guest.send(Challenge("x", "y", ROOM_INFO.id))
        assert isinstance(stay.await_event(Ended).error, RemoteProtocolError)


def test_the_password_is_at_hand_to_open_the_room_elsewhere(room: RawServer) -> None:
    """The last one that was given."""
    with Stay(room.port, password="sesam") as stay:  # noqa: S106
        first, second = stay.client.password, Password("sesame")
        stay.client.give_password(second)
        assert first is not None
        assert (first.secret, stay.client.password) == (b"sesam", second)
