"""A room with a password over real connections: others can't join, and learn nothing about the room."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
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
from messango.room.host.host_events import JoinAttempted, JoinAttemptRefused
from messango.room.host.host_events import MemberJoined as JoinedEvent
from messango.room.peer import Peer
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.server.throttling.password_throttle import FREE_ATTEMPTS, MAX_CONCURRENT, PasswordThrottle
from messango.server.throttling.password_verifier import PasswordAttempt, PasswordVerifier
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
    """Guess once; disconnect after the challenge, which shows that the guess was wrong."""
    with RawClient(server.port) as client:
        request_challenge(client, password, name)


def test_a_client_that_proves_the_password_joins(server: Server) -> None:
    """Both ends have proved that they know it."""
    with RawClient(server.port) as client:
        join_with_password(client)
        assert client.await_frame(Welcome).room.password
        assert await_host_event(server, JoinAttempted).name == "ann"
        assert await_host_event(server, JoinedEvent).name == "ann"


def test_a_wrong_proof_is_refused(server: Server) -> None:
    """The host gets the address and the name."""
    with RawClient(server.port) as client:
        request_challenge(client, name="eve")
        client.send(Proof("A" * 43 + "="))
        assert client.await_frame(Refused).code == error_codes.WRONG_PASSWORD
        assert client.await_end() == []
    refused = await_host_event(server, JoinAttemptRefused)
    assert (refused.name, refused.reason) == ("eve", "wrong password")
    assert refused.peer.startswith("127.0.0.1:")


def test_disconnecting_after_the_challenge_is_a_guess(server: Server) -> None:
    """The challenge shows whether the guess was right, so it counts like a proof."""
    guess_once(server)
    assert await_host_event(server, JoinAttemptRefused).reason == "wrong password"


def test_many_guesses_are_a_few_lines(server: Server) -> None:
    """A thousand guesses are ten lines in the host's terminal."""
    for _ in range(6):
        guess_once(server)
    lines = [await_host_event(server, JoinAttemptRefused).reason for _ in range(3)]
    assert [line.partition(", ")[2] for line in lines] == ["", "2 times from there", "5 times from there"]
    with RawClient(server.port) as client:
        join_with_password(client)
        client.await_frame(Welcome)
    assert not isinstance(server.events.get(timeout=10), JoinAttemptRefused)


def test_an_invalid_pake_is_refused(server: Server) -> None:
    """The host gets one line, and the room stays open."""
    with RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake="QQ=="))
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
        assert client.await_end() == []
    await_host_event(server, JoinAttemptRefused, lambda event: "password exchange" in event.reason)
    with RawClient(server.port) as client:
        join_with_password(client)
        client.await_frame(Welcome)


def test_an_invalid_confirmation_is_refused(server: Server) -> None:
    """Bytes that are not base64 break the protocol, and count as a guess."""
    with RawClient(server.port) as client:
        request_challenge(client)
        client.send(Proof("=="))
        assert client.await_frame(Refused).code == error_codes.PROTOCOL
    await_host_event(server, JoinAttemptRefused, lambda event: event.reason == "wrong password")


def test_a_client_without_the_password_learns_nothing_else(server: Server) -> None:
    """Not whether the room is full, who is in it, or whether the name is valid."""
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


def test_a_room_without_a_password_ignores_a_pake() -> None:
    """Anybody can join."""
    with open_room() as server, RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake="x"))
        assert not client.await_frame(Welcome).room.password


def test_guesses_slow_down_only_their_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the free attempts, the next guesses from this address have to wait."""
    for _ in range(FREE_ATTEMPTS):
        guess_once(server)
    await_host_event(server, JoinAttemptRefused, lambda event: "10 times" in event.reason)
    verifier = server._context.password_gate._present.verifier
    assert verifier is not None
    # A delay follows from the guesses recorded before, so the first one here may still be free. Time stands
    # still meanwhile: on a slow machine, the delay of the second could have passed.
    now_s = time.monotonic()
    monkeypatch.setattr(verifier._throttle, "_clock", lambda: now_s)
    waits_s = {}
    for host in ("127.0.0.1", "192.0.2.1"):
        reservations = [verifier._throttle.reserve(Peer(host, 1)) for _ in range(2)]
        waits_s[host] = [reservation.wait_s for reservation in reservations if reservation is not None]
    assert waits_s["127.0.0.1"][1] > 0.0
    assert waits_s["192.0.2.1"] == [0.0, 0.0]


def test_a_class_can_join_together() -> None:
    """Thirty people with one address press Join at the same moment, and no join is refused."""
    with open_room(password=SESAME, seats=30) as server, contextlib.ExitStack() as opened:
        clients = [opened.enter_context(RawClient(server.port)) for _ in range(30)]
        sides = [ClientExchange(Password(SESAME)) for _ in clients]
        for client, side in zip(clients, sides, strict=True):
            client.send(Join(PROTOCOL_VERSION, "ann", pake=side.pake))
        for client, side in zip(clients, sides, strict=True):
            client.send(side.prove(client.await_frame(Challenge), server.fingerprint))
        assert {client.await_frame(Welcome).room.name for client in clients} == {"Tea"}


def test_a_waiting_attempt_does_not_delay_closing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing the room ends the wait."""
    verifier = server._context.password_gate._present.verifier
    assert verifier is not None
    begin, begun = verifier.start_attempt, threading.Event()

    def begin_and_tell(peer: Peer, join: Join, session: str) -> PasswordAttempt | None:
        attempt = begin(peer, join, session)
        begun.set()
        return attempt

    monkeypatch.setattr(verifier, "start_attempt", begin_and_tell)
    with RawClient(server.port) as client:
        for _ in range(MAX_CONCURRENT + FREE_ATTEMPTS + 2):
            verifier._throttle.reserve(Peer("127.0.0.1", 1, local_host="127.0.0.1"))
        client.send(Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password(SESAME)).pake))
        assert begun.wait(TIMEOUT_S)
        server.close()
        assert client.await_frame(Refused).code in (error_codes.CLOSING, error_codes.BUSY)


def test_too_many_attempts_at_once_are_refused(server: Server) -> None:
    """The refusal says that the password was not checked."""
    verifier = server._context.password_gate._present.verifier
    assert verifier is not None
    while verifier._throttle.reserve(Peer("127.0.0.1", 1, local_host="127.0.0.1")):
        pass
    with RawClient(server.port) as client:
        client.send(Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password(SESAME)).pake))
        assert client.await_frame(Refused).code == error_codes.BUSY


def test_a_member_returns_in_a_flood_from_their_own_address(server: Server) -> None:
    """By their session, which a stranger does not have; a made-up one helps nobody."""
    with RawClient(server.port) as ann:
        join_with_password(ann)
        session = ann.await_frame(Welcome).session
    verifier = server._context.password_gate._present.verifier
    assert verifier is not None
    while verifier._throttle.reserve(Peer("127.0.0.1", 1, local_host="127.0.0.1")):
        pass
    for secret, answer in (("made up", Refused), (session, Welcome)):
        with RawClient(server.port) as client:
            side = ClientExchange(Password(SESAME))
            client.send(Join(PROTOCOL_VERSION, "ann", session=secret, pake=side.pake))
            if answer is Refused:
                assert client.await_frame(Refused).code == error_codes.BUSY
            else:
                client.send(side.prove(client.await_frame(Challenge), server.fingerprint))
                assert client.await_frame(Welcome).session == session


def test_the_time_of_an_answer_reveals_nothing() -> None:
    """Each challenge takes the same time for every password."""
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    verifier = PasswordVerifier(Password(SESAME), "ab" * 32, "1f", PasswordThrottle())
    attempt = verifier.start_attempt(
        Peer("192.0.2.1", 1), Join(PROTOCOL_VERSION, "ann", pake=ClientExchange(Password("x")).pake)
    )
    assert attempt is not None
    assert attempt.start_exchange(pause) is not None
    assert pauses[:2] == [0.0, 0.0]
    assert 0.0 <= pauses[2] < 0.05
    assert len(pauses) == 3


def test_options_do_not_show_the_password() -> None:
    """They may appear in a log or a traceback."""
    assert "sesame" not in repr(ServerOptions("Tea", password=Password(SESAME)))


def test_a_password_needs_encryption() -> None:
    """The original client can't prove it, and others could take over an unencrypted connection."""
    side = ClientExchange(Password(SESAME))
    join = Join(PROTOCOL_VERSION, "eve", pake=side.pake)
    with open_room(password=SESAME, allow_plaintext=True) as server:
        with OriginalClient(server.port, "eve") as original:
            assert "password" in original.await_end()
        with socket.create_connection(("127.0.0.1", server.port)) as eve, eve.makefile("rb") as heard:
            eve.sendall(encode(join))
            assert error_codes.PASSWORD_REQUIRED.encode() in heard.readline()
        assert server.room_info().members == 0
