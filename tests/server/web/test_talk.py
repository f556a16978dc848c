"""Guests who talk from a browser, both ways, with members who do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.connection import server_connection
from messango.protocol.frames import (
    Closed,
    Join,
    Joined,
    Leave,
    Left,
    Message,
    Ping,
    Pong,
    Problem,
    Refused,
    Say,
)
from messango.protocol.limits import MAX_FRAME_BYTES, PROTOCOL_VERSION
from messango.room.host.guest_commands import DismissGuests, RenewGuestLink
from messango.room.host.host_command import Kick
from messango.room.host.host_events import GuestLink
from messango.server.clients import first_stage
from messango.server.server import Server
from messango.server.web.streams import stream_input
from tests.support.guests import EventStreamGuest, Guest, WebSocketGuest
from tests.support.http_client import HttpClient
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room

OpenGuest = Callable[[int], Guest]

PASSWORD = "sesame"  # noqa: S105


@pytest.fixture(params=["websocket", "events"])
def open_guest(request: pytest.FixtureRequest) -> OpenGuest:
    return WebSocketGuest if request.param == "websocket" else EventStreamGuest


def key_of(server: Server) -> str:
    key = server.guest_key
    assert key is not None
    return key.text


def refusal(guest: Guest, key: str | None = None, session: str | None = None) -> Refused:
    """Return why a guest can't join."""
    guest.send(Join(PROTOCOL_VERSION, "bob", session, key=key))
    refused = guest.await_frame(Refused)
    guest.await_end()
    return refused


def test_a_guest_talks_with_a_member(server: Server, open_guest: OpenGuest) -> None:
    """Each gets what the other says, and everybody is told who is in a browser."""
    with RawClient(server.port) as ann, open_guest(server.port) as bob:
        ann.join("ann")
        welcome = bob.join("bob", key_of(server))
        assert welcome.session.startswith("web.")
        assert [(person.name, person.web) for person in welcome.people] == [("ann", False), ("bob", True)]
        joined = ann.await_frame(Joined)
        assert (joined.name, joined.web) == ("bob", True)
        ann.send(Say("1", "tea?"))
        assert bob.await_frame(Message).text == "tea?"
        bob.send(Say("2", "yes"), Say("3", "with milk"))
        assert [ann.await_frame(Message).text for _ in range(3)] == ["tea?", "yes", "with milk"]
        bob.send(Ping())
        bob.await_frame(Pong)
        bob.send(Leave())
        assert ann.await_frame(Left).reason == "left"
        bob.await_end()


def test_a_guest_needs_the_present_key(server: Server, open_guest: OpenGuest) -> None:
    """Or none, if they come back to their seat."""
    old = key_of(server)
    with open_guest(server.port) as bob:
        assert refusal(bob).code == error_codes.KEY_REQUIRED
    with open_guest(server.port) as bob:
        assert refusal(bob, "tea").code == error_codes.WRONG_KEY
    with open_guest(server.port) as ann:
        session = ann.join("ann", old).session
        server.run_command(RenewGuestLink())
        await_host_event(server, GuestLink)
        with open_guest(server.port) as bob:
            assert refusal(bob, old).code == error_codes.WRONG_KEY
        with open_guest(server.port) as again:
            assert again.join("ann", None, session).you == "ann"
            assert ann.await_frame(Closed).code == error_codes.REPLACED


def test_a_guest_needs_no_password(open_guest: OpenGuest) -> None:
    """The key stands in its place; somebody else's session does not."""
    with open_room(web=True, password=PASSWORD) as server, open_guest(server.port) as bob:
        session = bob.join("bob", key_of(server)).session
        with RawClient(server.port) as thief:
            thief.send(Join(PROTOCOL_VERSION, "bob", session))
            assert thief.await_frame(Refused).code == error_codes.PASSWORD_REQUIRED


def test_a_guest_comes_back_and_misses_nothing(server: Server, open_guest: OpenGuest) -> None:
    """After the connection broke without a goodbye."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        with open_guest(server.port) as bob:
            welcome = bob.join("bob", key_of(server))
        ann.send(Say("1", "are you there?"))
        with open_guest(server.port) as bob:
            bob.send(Join(PROTOCOL_VERSION, "bob", welcome.session, welcome.latest))
            assert bob.await_frame(Message).text == "are you there?"
            bob.send(Say("2", "yes"))
            assert [ann.await_frame(Message).text for _ in range(2)] == ["are you there?", "yes"]
    assert not any(isinstance(frame, Left) for frame in ann.skipped)


def test_a_guest_is_sent_out(server: Server, open_guest: OpenGuest) -> None:
    """They read why, and their connection ends."""
    with open_guest(server.port) as bob:
        bob.join("bob", key_of(server))
        server.run_command(Kick("bob", "too loud"))
        assert "too loud" in bob.await_frame(Closed).reason
        assert bob.await_end() == []


def test_guests_are_switched_off(server: Server, open_guest: OpenGuest) -> None:
    """Present ones leave, and nobody gets the page; other members stay."""
    with RawClient(server.port) as ann, open_guest(server.port) as bob, HttpClient(server.port) as page:
        ann.join("ann")
        bob.join("bob", key_of(server))
        assert page.get("/").status == 200
        server.run_command(DismissGuests())
        await_host_event(server, GuestLink)
        assert bob.await_frame(Closed).code == error_codes.NO_GUESTS
        bob.await_end()
        assert page.get("/").status == 403
        assert page.await_end() == b""
        ann.send(Say("1", "quiet now"))
        assert ann.await_frame(Message).text == "quiet now"


def test_guests_are_told_that_the_room_closes(open_guest: OpenGuest) -> None:
    """As all members are; one who has not joined is refused."""
    with open_room(web=True) as server, open_guest(server.port) as bob, open_guest(server.port) as eve:
        bob.join("bob", key_of(server))
        eve.send(Ping())
        eve.await_frame(Pong)
        server.close()
        assert bob.await_frame(Closed).code == error_codes.CLOSING
        assert eve.await_frame(Refused).code == error_codes.CLOSING
        bob.await_end()
        eve.await_end()


def test_somebody_who_only_connects_is_refused(
    server: Server, open_guest: OpenGuest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as everybody else is."""
    monkeypatch.setattr(first_stage, "JOIN_DEADLINE_S", 0.2)
    with open_guest(server.port) as bob:
        assert bob.await_frame(Refused).code == error_codes.PROTOCOL
        bob.await_end()


def test_a_guest_who_has_gone_silently_leaves_soon(
    server: Server, open_guest: OpenGuest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server asks, and nobody answers."""
    monkeypatch.setattr(server_connection, "PING_MEMBER_AFTER_S", 0.1)
    with open_guest(server.port) as bob:
        bob.join("bob", key_of(server))
        bob.await_frame(Ping)
        monkeypatch.setattr(server_connection, "DEAD_AFTER_S", 0.1)
        bob.await_end()


def test_a_frame_that_is_not_valid_gets_its_problem(server: Server, open_guest: OpenGuest) -> None:
    """And the guest stays."""
    with open_guest(server.port) as bob:
        bob.join("bob", key_of(server))
        bob.send(Say("1", "x" * 9_000))
        assert bob.await_frame(Problem).id == "1"
        bob.send(Say("2", "shorter"))
        assert bob.await_frame(Message).text == "shorter"


def test_a_browser_may_look_at_the_page_first(server: Server) -> None:
    """And talk over the same connection, however long ago it was opened."""
    with HttpClient(server.port) as http:
        assert http.get("/").status == 200
        with WebSocketGuest(server.port, http) as bob:
            bob.join("bob", key_of(server))


# Event streams and posts.


def test_a_stream_that_its_browser_closes_ends_at_once(server: Server) -> None:
    """Without a ping: then posts get to know it."""
    with EventStreamGuest(server.port) as bob:
        bob.join("bob", key_of(server))
        connection_id = server._room.members.connected[0]
        client = server._connections.get(connection_id)
        assert client is not None
        bob.http.close()
        client.join_thread(60)
        answer = bob.posts.post("/frames", encode(Ping()), x_messango_stream=bob.token)
        assert answer.status == 410


@pytest.mark.parametrize("token", ["", "tea"])
def test_posts_need_their_stream(server: Server, token: str) -> None:
    """A token that nobody has is one that has ended; the connection stays."""
    with EventStreamGuest(server.port) as bob:
        for _ in range(2):
            assert bob.posts.post("/frames", b"{}", x_messango_stream=token).status == 410
        bob.join("bob", key_of(server))


def test_posts_may_come_over_several_connections(server: Server) -> None:
    """Their order is that in which they arrive whole; a last line may lack its end."""
    with EventStreamGuest(server.port) as bob, HttpClient(server.port) as other:
        bob.join("bob", key_of(server))
        for number, posts in enumerate([bob.posts, other, bob.posts]):
            body = encode(Say(str(number), f"tea {number}")).rstrip(b"\n")
            assert posts.post("/frames", body, x_messango_stream=bob.token).status == 204
        assert [bob.await_frame(Message).text for _ in range(3)] == ["tea 0", "tea 1", "tea 2"]


def test_an_empty_post_does_nothing(server: Server) -> None:
    """But the stream is there."""
    with EventStreamGuest(server.port) as bob:
        assert bob.posts.post("/frames", b"", x_messango_stream=bob.token).status == 204
        bob.join("bob", key_of(server))


def test_posts_wait_for_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that sends too much tries again later, and nothing is lost or doubled."""
    monkeypatch.setattr(stream_input, "MAX_WAITING_BYTES", MAX_FRAME_BYTES)
    with open_room(web=True, rate_limit=200) as server, EventStreamGuest(server.port) as bob:
        bob.join("bob", key_of(server))
        refused, sent = 0, 0
        ids: list[str] = []
        while sent < 300:
            body = b"".join(encode(Say(str(sent + one), "x" * 600)) for one in range(100))
            answer = bob.posts.post("/frames", body, x_messango_stream=bob.token)
            if answer.status == 204:
                sent += 100
            else:
                assert (answer.status, answer.headers["retry-after"]) == (503, "1")
                refused += 1
                ids.append(bob.await_frame(Message).id)  # The room has read on.
        assert refused
        ids += [bob.await_frame(Message).id for _ in range(300 - len(ids))]
        assert ids == [str(number) for number in range(300)]


def test_bytes_after_the_request_for_a_stream_are_refused(server: Server) -> None:
    """A browser has nothing to say there: together with the request, or later."""
    with HttpClient(server.port) as browser:
        head = f"GET /events HTTP/1.1\r\nHost: {browser.host}\r\n\r\n".encode()
        browser.send(head + b"GET / HTTP/1.1\r\n")
        assert browser.response().status == 400
    with EventStreamGuest(server.port) as bob:
        bob.join("bob", key_of(server))
        bob.http.send(b"G")
        bob.await_end()


def test_a_stream_needs_chunks(server: Server) -> None:
    """An old browser has none."""
    with HttpClient(server.port) as browser:
        browser.send(f"GET /events HTTP/1.0\r\nHost: {browser.host}\r\n\r\n".encode())
        assert browser.response().status == 400
