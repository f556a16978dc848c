"""Joining a room with a password: `join` with a `pake`, the challenge, one proof."""

from __future__ import annotations

from typing import Final

import pytest

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.connection.actions import AskRoom, CheckPassword, Close, PasswordProved, ReportRefusal
from messango.protocol.connection.server_connection import ServerConnection
from messango.protocol.frames import Challenge, Join, Leave, Ping, Pong, Problem, Proof, Refused, Say
from messango.protocol.password import ClientExchange, Password, ServerExchange
from messango.protocol.peer_codec import DetectingCodec
from tests.protocol.connections import CERTIFICATE, ROOM, SESAME, connect, send, sent_frame, sent_frames

NO_PROOF: Final = Proof("A" * 43 + "=")


class Challenged:
    """A client that has sent `join` with this password, and got the challenge."""

    def __init__(self, password: Password = SESAME) -> None:
        self.exchange = ClientExchange(password)
        self.join = Join(1, "Ann", pake=self.exchange.pake)
        self.connection = connect(has_password=True)
        assert send(self.connection, self.join) == [CheckPassword(self.join)]
        server_exchange = ServerExchange(SESAME, self.exchange.pake, CERTIFICATE, ROOM.id)
        challenge = sent_frame(self.connection.challenge(server_exchange, 0.0))
        assert isinstance(challenge, Challenge)
        self.challenge = challenge

    def proof(self) -> Proof:
        """Return the proof of the password."""
        return self.exchange.prove(self.challenge, CERTIFICATE)


def assert_refused(actions: list[object], code: str, connection: ServerConnection) -> Refused:
    """Assert that the last action refuses with this code; return the refusal."""
    close = actions[-1]
    assert isinstance(close, Close)
    refused = sent_frame([close])
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert connection.ended
    return refused


def test_the_right_proof_asks_the_room() -> None:
    """With the client's `join`; the room still decides."""
    client = Challenged()
    connection = client.connection
    assert send(connection, client.proof(), Say("1", "x")) == [PasswordProved(), AskRoom(client.join)]
    assert not connection.is_member
    assert len(connection.admit(0.0)) == 1
    assert connection.is_member


def test_a_wrong_proof_is_refused() -> None:
    """Not reported here: the server reports it with the number of guesses."""
    client = Challenged()
    actions = send(client.connection, NO_PROOF, client.proof())
    assert len(actions) == 1
    assert_refused([*actions], error_codes.WRONG_PASSWORD, client.connection)


def test_the_proof_of_another_password_is_refused() -> None:
    """From a client that ignores that the challenge was wrong."""
    client, other = Challenged(Password("sesam")), Challenged()
    assert_refused([*send(client.connection, other.proof())], error_codes.WRONG_PASSWORD, client.connection)


@pytest.mark.parametrize("confirm", ["==", "é", "A"])
def test_a_malformed_proof_breaks_the_protocol(confirm: str) -> None:
    """The host gets the reason."""
    client = Challenged()
    actions = send(client.connection, Proof(confirm))
    refused = assert_refused([*actions], error_codes.PROTOCOL, client.connection)
    assert actions[0] == ReportRefusal("Ann", refused.reason)


@pytest.mark.parametrize("pake", ["", "AAAA", "é", "QQ==", "A" * 256, "Q" + "A" * 43])
def test_a_malformed_pake_breaks_the_protocol(pake: str) -> None:
    """The server notices it when it computes the challenge."""
    connection = connect(has_password=True)
    join = Join(1, "Ann", pake=pake)
    assert send(connection, join) == [CheckPassword(join)]
    with pytest.raises(RemoteProtocolError) as caught:
        ServerExchange(SESAME, pake, CERTIFICATE, ROOM.id)
    actions = connection.fail(caught.value)
    assert "password exchange" in assert_refused([*actions], error_codes.PROTOCOL, connection).reason
    assert isinstance(actions[0], ReportRefusal)


@pytest.mark.parametrize("name", ["Ann", "\n", "x" * 60_000])
def test_a_join_without_a_password(name: str) -> None:
    """The refusal reveals nothing else, not even whether the name is valid."""
    connection = connect(has_password=True)
    actions = send(connection, Join(1, name))
    assert actions[0] == ReportRefusal(name, "gave no password")
    assert_refused([*actions], error_codes.PASSWORD_REQUIRED, connection)


def test_no_challenge_without_encryption() -> None:
    """Without a certificate, the proof could not be bound to the connection."""
    connection = connect(DetectingCodec(), encrypted=False, has_password=True)
    actions = send(connection, Join(1, "Eve", pake=ClientExchange(SESAME).pake))
    assert_refused([*actions], error_codes.PASSWORD_REQUIRED, connection)


def test_the_original_client_is_refused() -> None:
    """It gets the reason as text."""
    connection = connect(DetectingCodec(), encrypted=False, has_password=True)
    report, close = connection.receive(b"joined:Ann\n", 0.0)
    assert report == ReportRefusal("Ann", "gave no password")
    assert isinstance(close, Close)
    (text,) = connection.encode(close.data)
    assert text.startswith(b"* This room has a password.")


def test_a_proof_before_the_challenge_is_a_problem() -> None:
    """The client may still join."""
    connection = connect(has_password=True)
    problem = sent_frame(send(connection, NO_PROOF))
    assert isinstance(problem, Problem)
    assert problem.code == error_codes.NOT_JOINED
    assert "challenge" in problem.reason
    assert send(connection, Join(1, "Ann", pake="x")) == [CheckPassword(Join(1, "Ann", pake="x"))]


def test_a_proof_that_came_with_the_join_waits_for_the_challenge() -> None:
    """And is wrong then, because it does not depend on the challenge."""
    connection = connect(has_password=True)
    exchange = ClientExchange(SESAME)
    join = Join(1, "Ann", pake=exchange.pake)
    assert send(connection, join, NO_PROOF) == [CheckPassword(join)]
    actions = connection.challenge(ServerExchange(SESAME, exchange.pake, CERTIFICATE, ROOM.id), 0.0)
    challenge, refused = sent_frames(actions)
    assert isinstance(challenge, Challenge)
    assert isinstance(refused, Refused)
    assert refused.code == error_codes.WRONG_PASSWORD


def test_one_connection_is_one_guess() -> None:
    """After the challenge, a second `join` is a problem, and so are the frames of members."""
    client = Challenged()
    frames = Join(1, "Ann", pake=ClientExchange(Password("x")).pake), Say("1", "hello"), Ping()
    *problems, pong = sent_frames(send(client.connection, *frames))
    for problem in problems:
        assert isinstance(problem, Problem)
        assert (problem.code, "proof" in problem.hint) == (error_codes.NOT_JOINED, True)
    assert (len(problems), pong) == (2, Pong())
    assert_refused([*send(client.connection, NO_PROOF)], error_codes.WRONG_PASSWORD, client.connection)
    assert send(client.connection, client.proof()) == []


def test_a_client_that_leaves_at_the_challenge() -> None:
    """The connection closes; the room gets no request."""
    client = Challenged()
    assert send(client.connection, Leave()) == [Close()]


def test_a_proof_of_a_member_is_a_problem() -> None:
    """It is only allowed before joining."""
    client = Challenged()
    send(client.connection, client.proof())
    client.connection.admit(0.0)
    problem = sent_frame(send(client.connection, NO_PROOF))
    assert isinstance(problem, Problem)
    assert problem.code == error_codes.ALREADY_JOINED


def test_nobody_is_admitted_without_a_proof() -> None:
    """An error of the server must not admit a client."""
    joining = connect(has_password=True)
    send(joining, Join(1, "Ann", pake="x"))
    for connection in (connect(has_password=True), joining, Challenged().connection):
        with pytest.raises(LocalProtocolError):
            connection.admit(0.0)
        assert not connection.is_member


def test_a_client_is_challenged_once() -> None:
    """And only after its `join`."""
    client = Challenged()
    exchange = ServerExchange(SESAME, client.exchange.pake, CERTIFICATE, ROOM.id)
    for connection in (connect(has_password=True), client.connection):
        with pytest.raises(LocalProtocolError):
            connection.challenge(exchange, 0.0)
