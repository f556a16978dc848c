"""A room with a password, over real connections: who proves it is in, and nobody else learns anything."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import (
    Challenge,
    Join,
    Proof,
    Refused,
    Welcome,
)
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.password import ClientExchange, Password
from messango.room.host_events import JoinAttempted, JoinAttemptRefused
from messango.room.host_events import MemberJoined as JoinedEvent
from messango.server.password_throttle import FREE_ATTEMPTS, MAX_CONCURRENT, PasswordThrottle
from messango.server.password_verifier import PasswordAttempt, PasswordVerifier
from messango.server.server import Server, ServerOptions
from tests.support.original_client import OriginalClient
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room

SESAME = "open sesame"


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(password=SESAME, seats=2) as opened:
        yield opened


def request_challenge(
    client: RawClient, password: str = SESAME, name: str = "ann"
) -> tuple[ClientExchange, Challenge]:
    """Ask to join, and wait for the challenge."""
    side = ClientExchange(Password(password))
    client.send(Join(PROTOCOL_VERSION, name, pake=side.pake))
    return side, client.await_frame(Challenge)


def join_with_password(client: RawClient, password: str = SESAME, name: str = "ann") -> None:
    """Ask to join, and prove the password."""
    side, challenge = request_challenge(client, password, name)
    client.send(side.prove(challenge, client.connection.fingerprint or ""))


def guess_once(server: Server, password: str = "sesam", name: str = "eve") -> None:  # noqa: S107
    """Guess once, and break off as the challenge tells that it was wrong."""
    with RawClient(server.port) as client:
        request_challenge(client, password, name)


def test_whoever_proves_the_password_is_in(server: Server) -> None:
    """Both ends have shown that they know it, and the stay is like any other."""
    with RawClient(server.port) as client:
        join_with_password(client)
        assert client.await_frame(Welcome).room.locked
        assert await_host_event(server, JoinAttempted).name == "ann"
        assert await_host_event(server, JoinedEvent).name == "ann"


def test_a_wrong_proof_is_refused(server: Server) -> None:
    """The host is told from where, and what name was given."""
    with RawClient(server.port) as client:
        request_challenge(client, name="eve")
        client.send(Proof("A" * 43 + "="))
        assert client.await_frame(Refused).code == error_codes.WRONG_PASSWORD
        assert client.await_end() == []
    refused = await_host_event(server, JoinAttemptRefused)
    assert (refused.name, refused.reason) == ("eve", "wrong password")
    assert refused.peer.startswith("127.0.0.1:")


def test_whoever_breaks_off_at_the_challenge_has_guessed(server: Server) -> None:
    """It told him whether he was right, so it counts as much as a proof."""
    guess_once(server)
    assert await_host_event(server, JoinAttemptRefused).reason == "wrong password"


def test_many_guesses_are_a_few_lines(server: Server) -> None:
    """A thousand would be ten lines: the host's terminal is for the room."""
    for _ in range(6):
        guess_once(server)
    lines = [await_host_event(server, JoinAttemptRefused).reason for _ in range(3)]
    assert [line.partition(", ")[2] for line in lines] == ["", "2 times from there", "5 times from there"]
    with RawClient(server.port) as client:
        join_with_password(client)
        client.await_frame(Welcome)
    assert not isinstance(server.events.get(timeout=10), JoinAttemptRefused)


def test_no_spake_is_refused_as_such(server: Server) -> None:
    """With one line for the host, and the room goes on."""
    with RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake="QQ=="))
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
        assert client.await_end() == []
    await_host_event(server, JoinAttemptRefused, lambda event: "password exchange" in event.reason)
    with RawClient(server.port) as client:
        join_with_password(client)
        client.await_frame(Welcome)


def test_a_confirmation_that_is_none_is_refused(server: Server) -> None:
    """Bytes that are no base64 are a fault of the protocol, and a guess."""
    with RawClient(server.port) as client:
        request_challenge(client)
        client.send(Proof("=="))
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
    await_host_event(server, JoinAttemptRefused, lambda event: event.reason == "wrong password")


def test_a_unjoined_client_learns_nothing_but_that_there_is_a_password(server: Server) -> None:
    """Of a full room he is not told that it is full, let alone who is in; of a bad name nothing."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob, RawClient(server.port) as eve:
        for client, name in ((ann, "ann"), (bob, "bob")):
            join_with_password(client, name=name)
            client.await_frame(Welcome)
        eve.send(Join(PROTOCOL_VERSION, "\n"))
        assert eve.await_frame(Refused).code == error_codes.PASSWORD_REQUIRED
        assert await_host_event(server, JoinAttemptRefused).reason == "gave no password"
        with RawClient(server.port) as eve_again:
            request_challenge(eve_again, "sesam")
            eve_again.send(Proof("AAAA"))
            refused = eve_again.await_frame(Refused)
            assert refused.code == error_codes.WRONG_PASSWORD
            assert "ann" not in refused.reason + refused.hint
        with RawClient(server.port) as cy:
            join_with_password(cy, name="cy")
            refused = cy.await_frame(Refused)
            assert (refused.code, "ann" in refused.hint) == (error_codes.FULL, True)


def test_an_open_room_is_not_locked() -> None:
    """A `pake` that it has no use for does no harm."""
    with open_room() as server, RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake="x"))
        assert not client.await_frame(Welcome).room.locked


def test_a_guesser_is_slowed_and_another_address_is_not(server: Server) -> None:
    """After the free tries of one address comes a wait, which its next guess feels."""
    for _ in range(FREE_ATTEMPTS):
        guess_once(server)
    await_host_event(server, JoinAttemptRefused, lambda event: "10 times" in event.reason)
    verifier = server._context.password_verifier
    assert verifier is not None
    attempt = verifier._throttle.reserve("127.0.0.1")
    elsewhere = verifier._throttle.reserve("192.0.2.1")
    assert attempt is not None
    assert elsewhere is not None
    assert attempt.wait_s > elsewhere.wait_s == 0.0


def test_a_class_comes_in_together() -> None:
    """Thirty people with one address who press Join in the same moment are all in, and none has to retry."""
    with open_room(password=SESAME, seats=30) as server, contextlib.ExitStack() as opened:
        clients = [opened.enter_context(RawClient(server.port)) for _ in range(30)]
        sides = [ClientExchange(Password(SESAME)) for _ in clients]
        for client, side in zip(clients, sides, strict=True):
            client.send(Join(PROTOCOL_VERSION, "ann", pake=side.pake))
        for client, side in zip(clients, sides, strict=True):
            client.send(side.prove(client.await_frame(Challenge), server.fingerprint))
        assert {client.await_frame(Welcome).room.name for client in clients} == {"Tea"}


def test_whoever_waits_for_his_turn_does_not_hold_up_the_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing the room wakes who would wait for seconds."""
    verifier = server._context.password_verifier
    assert verifier is not None
    begin, begun = verifier.start_attempt, threading.Event()

    def begin_and_tell(host: str, join: Join) -> PasswordAttempt | None:
        attempt = begin(host, join)
        begun.set()
        return attempt

    monkeypatch.setattr(verifier, "start_attempt", begin_and_tell)
    with RawClient(server.port) as client:
        for _ in range(MAX_CONCURRENT + FREE_ATTEMPTS + 2):
            verifier._throttle.reserve("127.0.0.1")
        client.send(Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password(SESAME)).pake))
        assert begun.wait(TIMEOUT_S)
        server.close()
        assert client.await_frame(Refused).code in (error_codes.CLOSING, error_codes.BUSY)


def test_too_many_at_once_are_told_to_come_back(server: Server) -> None:
    """Their password was not looked at, and the refusal says so."""
    verifier = server._context.password_verifier
    assert verifier is not None
    while verifier._throttle.reserve("127.0.0.1"):
        pass
    with RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password(SESAME)).pake))
        assert client.await_frame(Refused).code == error_codes.BUSY


def test_how_long_it_took_tells_nothing() -> None:
    """An answer waits until a time that is the same for every password."""
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    verifier = PasswordVerifier(Password(SESAME), "ab" * 32, "1f", PasswordThrottle())
    attempt = verifier.start_attempt(
        "192.0.2.1", Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password("x")).pake)
    )
    assert attempt is not None
    assert attempt.start_exchange(pause) is not None
    assert pauses[:2] == [0.0, 0.0]
    assert 0.0 <= pauses[2] < 0.05
    assert len(pauses) == 3


def test_options_do_not_show_the_password() -> None:
    """They may end up in a log or a traceback."""
    assert "sesame" not in repr(ServerOptions("Tea", password=Password(SESAME)))


def test_nobody_gets_into_a_locked_room_without_encryption() -> None:
    """Neither the original client, which can't prove anything, nor a proof that anybody could take over."""
    side = ClientExchange(Password(SESAME))
    join = Join(PROTOCOL_VERSION, "eve", pake=side.pake)
    with open_room(password=SESAME, allow_plaintext=True) as server:
        with OriginalClient(server.port, "eve") as original:
            assert "password" in original.await_end()
        with socket.create_connection(("127.0.0.1", server.port)) as eve, eve.makefile("rb") as heard:
            eve.sendall(encode(join))
            assert error_codes.PASSWORD_REQUIRED.encode() in heard.readline()
        assert server.room_info().members == 0
