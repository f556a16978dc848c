"""Every request of a client in a real room: done once, whatever happens to the connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec
import pytest

from messango.client.events import (
    AnyReceived,
    Disconnected,
    EarlierReceived,
    Event,
    MemberJoined,
    MemberTyping,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RequestFailed,
    RoomJoined,
    SearchResult,
    SessionEnded,
)
from messango.client.message_log import MessageLog
from messango.client.requests.member_requests import MemberRequests
from messango.protocol import error_codes
from messango.protocol.features import FEATURES
from messango.protocol.frames import (
    Deleted,
    Earlier,
    Edited,
    Entry,
    Message,
    Reacted,
    Say,
    Search,
    Told,
    TypingNotice,
)
from messango.protocol.limits import MAX_ANSWER_MESSAGES
from messango.server.server import Server
from messango.storage import home
from messango.transport.identity.host_secret import FILE_NAME
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient
from tests.support.raw_server import ROOM_INFO, RawServer
from tests.support.sessions import ClientSession

Request: TypeAlias = Callable[[MemberRequests, str], str]
#: What can answer a request that changes the conversation.
Receipt: TypeAlias = AnyReceived | MessageChange


@pytest.fixture
def bob(server: Server) -> Iterator[RawClient]:
    """Let Bob join, who is not the host."""
    with RawClient(server.port) as client:
        client.join("bob")
        yield client


#: Each request about the own message 1, with Bob's id; and the entry and the event that it leads to.
REQUESTS: list[tuple[Request, type[Entry], type[Receipt]]] = [
    (lambda client, _: client.send_message("more"), Message, MessageReceived),
    (lambda client, _: client.send_message("more", reply_to=1), Message, MessageReceived),
    (lambda client, bob: client.tell(bob, "psst"), Told, PrivateMessageReceived),
    (lambda client, bob: client.tell(bob, "psst", reply_to=1), Told, PrivateMessageReceived),
    (lambda client, _: client.react(1, "👍", on=True), Reacted, ReactionChanged),
    (lambda client, _: client.edit(1, "better"), Edited, MessageEdited),
    (lambda client, _: client.delete(1), Deleted, MessageDeleted),
]
EVERY_REQUEST = pytest.mark.parametrize(
    ("request_", "frame", "event"),
    REQUESTS,
    ids=[f"{kind.__name__}{number}" for number, (_, kind, _) in enumerate(REQUESTS)],
)


def say_first(session: ClientSession, bob: RawClient) -> str:
    """Send a message, which gets the number 1, and return Bob's id."""
    to = id_of(session.await_event(RoomJoined), "bob")
    session.client.send_message("first")
    session.await_event(MessageReceived)
    bob.await_frame(Message)
    return to


def id_of(joined: RoomJoined, name: str) -> str:
    """Return the public id of a member."""
    return next(person.id for person in joined.people if person.name == name)


def settled(session: ClientSession, log: MessageLog) -> list[Event]:
    """Wait until all that was sent has its receipt; return the events until then."""
    last = session.client.send_message("the last")
    session.skipped.clear()
    receipt = session.await_event(MessageReceived, lambda event: event.id == last)
    for event in (*session.skipped, receipt):
        log.handle(event)
    return session.skipped


@EVERY_REQUEST
@pytest.mark.parametrize("is_received", [False, True], ids=["lost", "stored"])
def test_a_request_is_done_once(
    server: Server,
    bob: RawClient,
    request_: Request,
    frame: type[Entry],
    event: type[Receipt],
    *,
    is_received: bool,
) -> None:
    """Although the connection breaks before its receipt: the room got it, or did not."""
    with Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        to = say_first(session, bob)
        proxy.drop_answers() if is_received else proxy.drop_data()
        request_id = request_(session.client, to)
        if is_received:
            assert bob.await_frame(frame).id == request_id
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        proxy.resume()
        session.client.retry_now()
        session.await_event(RoomJoined)
        receipts = [each for each in settled(session, MessageLog()) if isinstance(each, event)]
        assert [(each.id, each.own) for each in receipts] == [(request_id, True)]
        if not is_received:
            assert bob.await_frame(frame).id == request_id
        # Nothing else reached anybody before the last message.
        bob.skipped.clear()
        assert bob.await_frame(Message).text == "the last"
        assert [each for each in bob.skipped if isinstance(each, Entry)] == []


@EVERY_REQUEST
def test_a_request_before_the_join_waits(
    server: Server, bob: RawClient, request_: Request, frame: type[Entry], event: type[Receipt]
) -> None:
    """It is sent when we are back, in order."""
    with Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        to = say_first(session, bob)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        before = session.client.send_message("before")
        request_id = request_(session.client, to)
        proxy.resume()
        session.client.retry_now()
        assert session.await_event(MessageReceived).id == before
        assert session.await_event(event).id == request_id
        bob.await_frame(Message)
        assert bob.await_frame(frame).id == request_id


def test_questions_are_asked_again(server: Server, bob: RawClient) -> None:
    """On the next connection, with the same ids, and answered once."""
    with Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        say_first(session, bob)
        proxy.drop_data()
        older = session.client.request_earlier(5, MAX_ANSWER_MESSAGES + 1)
        found = session.client.search("FIRST")
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        proxy.resume()
        session.client.retry_now()
        for answer, request_id in (
            (session.await_event(EarlierReceived), older),
            (session.await_event(SearchResult), found),
        ):
            assert answer.id == request_id
            assert [message.text for message in answer.messages] == ["first"]
            assert answer.messages[0].own
            assert not answer.more
        assert [each for each in settled(session, MessageLog()) if isinstance(each, EarlierReceived)] == []


def test_what_others_did_meanwhile_comes_once(server: Server, bob: RawClient) -> None:
    """Of every kind, in its place; the log holds what the messages are now."""
    log = MessageLog()
    with Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        say_first(session, bob)
        for event in session.skipped:
            log.handle(event)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        with ClientSession(server.port, "cleo") as cleo:
            cleo.await_event(RoomJoined)
            ours = cleo.await_event(MessageReceived)
            cleo.client.send_message("secret")
            secret = cleo.await_event(MessageReceived, lambda event: event.text == "secret")
            cleo.client.send_message("seen", reply_to=ours.seq)
            cleo.client.react(ours.seq, "👍", on=True)
            cleo.client.edit(secret.seq, "still secret")
            cleo.client.delete(secret.seq)
            cleo.await_event(MessageDeleted)
        proxy.resume()
        session.client.retry_now()
        session.await_event(RoomJoined)
        events = settled(session, log)
    kinds = [type(event) for event in events if not isinstance(event, MemberJoined)]
    assert kinds.count(ReactionChanged) == kinds.count(MessageEdited) == kinds.count(MessageDeleted) == 1
    assert "secret" not in repr(events)
    assert [(message.text, message.deleted) for message in log.messages] == [
        ("", True),
        ("seen", False),
        ("the last", False),
    ]


def test_a_text_that_was_deleted_before_its_receipt_is_kept_nowhere(server: Server, bob: RawClient) -> None:
    """The receipt is the deleted message; the text does not wait to be sent again."""
    with Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        say_first(session, bob)
        proxy.drop_answers()
        request_id = session.client.send_message("secret")
        seq = bob.await_frame(Message).seq
        with ClientSession(server.port, "cleo") as host:
            host.await_event(RoomJoined)
            host.client.delete(seq)
            host.await_event(MessageDeleted)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        proxy.resume()
        session.client.retry_now()
        log = MessageLog()
        events = settled(session, log)
        receipts = [each for each in events if isinstance(each, MessageReceived) and each.id == request_id]
        assert [(each.own, each.deleted, each.text) for each in receipts] == [(True, True, "")]
        assert len(session.client._outbox) == 0
        assert "secret" not in repr((events, log.messages))


def test_failed_requests(server: Server, bob: RawClient) -> None:
    """What is not there, of others, for nobody, and no emoji: the session goes on."""
    with ClientSession(server.port) as session:
        say_first(session, bob)
        client = session.client
        bob.send(Say("1", "mine"))
        theirs = session.await_event(MessageReceived)
        expected = {
            client.react(99, "👍", on=True): error_codes.UNKNOWN_ENTRY,
            client.react(-1, "👍", on=True): error_codes.UNKNOWN_ENTRY,
            client.react(10**30, "👍", on=True): error_codes.UNKNOWN_ENTRY,
            client.react(1, "ok", on=True): error_codes.BAD_EMOJI,
            client.react(1, "👍", on=False): error_codes.UNKNOWN_ENTRY,
            client.edit(theirs.seq, "not mine"): error_codes.NOT_YOURS,
            client.edit(1, "x" * 100_000): error_codes.BAD_TEXT,
            client.search(" "): error_codes.BAD_TEXT,
            client.search("\ud800x" * 100_000, before=-1): error_codes.BAD_TEXT,
        }
        failures = [session.await_event(RequestFailed) for _ in expected]
        assert {failure.id: failure.code for failure in failures} == expected
        assert all(failure.reason for failure in failures)
        for message_id, code in (
            (client.tell("nobody", "psst"), error_codes.UNKNOWN_MEMBER),
            (client.send_message("yes", reply_to=99), error_codes.UNKNOWN_ENTRY),
        ):
            rejected = session.await_event(MessageFailed)
            assert (rejected.id, rejected.code, bool(rejected.text)) == (message_id, code, True)


def test_the_host_may_delete_any_message(server: Server, bob: RawClient) -> None:
    """Known by the secret in this home folder, and by nothing else: not by the address."""
    bob.send(Say("1", "rude"))
    bob.await_frame(Message)
    with ClientSession(server.port) as session:
        assert [person.host for person in session.await_event(RoomJoined).people] == [False, True]
        session.client.delete(1)
        assert session.await_event(MessageDeleted).target == 1
    (home() / FILE_NAME).unlink()
    bob.send(Say("2", "ruder"))
    seq = bob.await_frame(Message).seq
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        session.client.delete(seq)
        assert session.await_event(RequestFailed).code == error_codes.NOT_YOURS


def test_typing_to_one_member(server: Server, bob: RawClient) -> None:
    """Only they are told."""
    with ClientSession(server.port, "cleo") as cleo, ClientSession(server.port) as session:
        cleo.await_event(RoomJoined)
        to = id_of(session.await_event(RoomJoined), "bob")
        session.client.send_typing(to)
        assert bob.await_frame(TypingNotice).private
        session.client.send_message("now")
        cleo.await_event(MessageReceived)
        assert [event for event in cleo.skipped if isinstance(event, MemberTyping)] == []


class TestRoomOfAnEarlierVersion:
    """It names no features: nothing is sent that it would misunderstand."""

    @pytest.fixture
    def room(self) -> Iterator[RawServer]:
        """Open a room that names no features."""
        with RawServer() as opened:
            yield opened

    def test_requests_fail_here(self, room: RawServer) -> None:
        """Whether they were made before we had joined or after; messages are sent."""
        session = ClientSession(room.port)
        session.on_leave = room.hang_up
        early = session.client.tell("m2", "psst")
        with session:
            peer = room.accept_client()
            peer.welcome()
            failure = session.await_event(MessageFailed)
            assert (failure.id, failure.text, failure.code) == (early, "psst", error_codes.UNKNOWN_TYPE)
            client = session.client
            ids = [client.react(1, "👍", on=True), client.edit(1, "x"), client.delete(1)]
            ids += [client.request_earlier(5, 5), client.search("x")]
            assert [session.await_event(RequestFailed).id for _ in ids] == ids
            client.send_typing("m2")
            client.send_message("hi", reply_to=1)
            assert peer.await_frame(Say).text == "hi"
            assert [each for each in peer.skipped if not hasattr(each, "session")] == []

    def test_nothing_is_reported_after_the_end(self, room: RawServer) -> None:
        """However late somebody asks."""
        with ClientSession(room.port) as session:
            session.on_leave = room.hang_up
            peer = room.accept_client()
            peer.welcome()
            session.await_event(RoomJoined)
            asking = threading.Thread(target=lambda: [session.client.delete(1) for _ in range(2_000)])
            asking.start()
            session.client.leave()
            room.hang_up()
            asking.join()
        events = []
        while not session.client.events.empty():
            events.append(session.client.events.get())
        assert isinstance(events[-1], SessionEnded)


def test_few_questions_are_under_way_at_once() -> None:
    """A message does not wait behind many searches, which the room answers slowly."""
    with RawServer() as room, ClientSession(room.port) as session:
        session.on_leave = room.hang_up
        peer = room.accept_client()
        peer.welcome(room=msgspec.structs.replace(ROOM_INFO, features=FEATURES))
        session.await_event(RoomJoined)
        for word in "abc":
            session.client.search(word)
        session.client.send_message("hi")
        peer.await_frame(Say)
        assert [each.words for each in peer.skipped if isinstance(each, Search)] == ["a"]
        assert not any(isinstance(each, Earlier) for each in peer.skipped)
