"""A client in a real room over TLS: it joins, reconnects after breaks, and ends cleanly."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from messango.client import room_client
from messango.client.connection import backoff
from messango.client.events import (
    Connecting,
    Disconnected,
    EndReason,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.errors import JoinRefused, MessangoError, RoomClosed, Unreachable
from messango.protocol import error_codes
from messango.protocol.frames import Joined, Left, Message, Say
from messango.server.server import Server
from messango.transport.addresses import Address
from messango.transport.connection import Connection, OutboxFull
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room
from tests.support.sessions import ClientSession


@pytest.fixture
def bob(server: Server) -> Iterator[RawClient]:
    with RawClient(server.port) as client:
        client.join("bob")
        yield client


def test_a_session_from_the_first_event_to_the_last(server: Server) -> None:
    """Connecting, joined, messages, and the end."""
    with ClientSession(server.port) as session:
        assert session.client.events.get(timeout=60) == Connecting(reconnecting=False)
        joined = session.await_event(RoomJoined)
        assert (joined.you, joined.members, joined.room.name) == ("ann", ("ann",), "Tea")
        assert (joined.fingerprint, joined.encrypted) == (server.fingerprint, True)
        assert (joined.first_visit, joined.resumed) == (True, False)
        assert joined.address == f"127.0.0.1:{server.port}"
        message_id = session.client.send_message("hello")
        received = session.await_event(MessageReceived)
        assert (received.id, received.text, received.own, received.history) == (
            message_id,
            "hello",
            True,
            False,
        )
        session.client.leave()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


def test_a_second_visit_is_not_the_first(server: Server) -> None:
    """The room is known by then."""
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
    with ClientSession(server.port, room_id=server.room_info().id, fingerprint=server.fingerprint) as session:
        assert not session.await_event(RoomJoined).first_visit


def test_other_members_actions_come_as_events(server: Server) -> None:
    """Joining, messages, typing, renaming and leaving."""
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        with ClientSession(server.port, "bob") as other:
            assert session.await_event(MemberJoined).name == "bob"
            other.await_event(RoomJoined)
            other.client.send_typing()
            assert session.await_event(MemberTyping).name == "bob"
            other.client.send_message("hello")
            received = session.await_event(MessageReceived)
            assert (received.name, received.text, received.own) == ("bob", "hello", False)
            other.client.rename("rob")
            for seen, you in (
                (session.await_event(MemberRenamed), False),
                (other.await_event(MemberRenamed), True),
            ):
                assert (seen.name, seen.old, seen.you, seen.wanted) == (
                    "rob",
                    "bob",
                    you,
                    "rob" if you else "",
                )
        assert session.await_event(MemberLeft).name == "rob"


def test_messages_before_the_join_are_sent_after_it(server: Server, bob: RawClient) -> None:
    """In order, with the ids that `send_message` returned."""
    session = ClientSession(server.port)
    message_ids = [session.client.send_message(str(number)) for number in range(1_000)]
    with session:
        assert [session.await_event(MessageReceived).id for _ in message_ids] == message_ids
    assert [bob.await_frame(Message).text for _ in message_ids] == [str(number) for number in range(1_000)]


def test_several_threads_may_send(server: Server, bob: RawClient) -> None:
    """Each one's messages keep their order, and each gets one receipt."""
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        threads = [
            threading.Thread(
                target=lambda who=who: [session.client.send_message(f"{who} {n}") for n in range(500)]
            )
            for who in "xyz"
        ]
        for thread in threads:
            thread.start()
        texts = [bob.await_frame(Message).text for _ in range(1_500)]
        for thread in threads:
            thread.join()
        for who in "xyz":
            assert [text for text in texts if text.startswith(who)] == [f"{who} {n}" for n in range(500)]
        own = [session.await_event(MessageReceived) for _ in range(1_500)]
        assert all(received.own for received in own)
        assert len({event.id for event in own}) == 1_500


def test_messages_before_the_join_are_history(server: Server, bob: RawClient) -> None:
    """Later ones are not."""
    bob.send(Say("1", "before"))
    bob.await_frame(Message)
    with ClientSession(server.port) as session:
        assert session.await_event(MessageReceived).history
        bob.send(Say("2", "after"))
        assert not session.await_event(MessageReceived).history


def test_a_rejected_message_comes_back(server: Server) -> None:
    """With its text, so that nothing typed is lost; the next one is accepted."""
    with ClientSession(server.port) as session:
        bad = session.client.send_message("x" * 8_001)
        failed = session.await_event(MessageFailed)
        assert (failed.id, len(failed.text)) == (bad, 8_001)
        assert failed.hint
        good = session.client.send_message("fine")
        assert session.await_event(MessageReceived).id == good


def test_a_cut_connection_is_restored_without_notice_to_others(proxy: Proxy, bob: RawClient) -> None:
    """All that was missed arrives once, all that was unsent is sent once, in order."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        session.client.send_message("one")
        assert session.await_event(MessageReceived).text == "one"
        proxy.cut(refusing=True)
        disconnected = session.await_event(Disconnected)
        assert isinstance(disconnected.error, Unreachable)
        session.client.send_message("two")
        bob.send(Say("b", "meanwhile"))
        bob.await_frame(Message)
        proxy.resume()
        session.client.retry_now()
        joined = session.await_event(RoomJoined)
        assert (joined.you, joined.resumed) == ("ann", True)
        assert [session.await_event(MessageReceived).text for _ in range(2)] == ["meanwhile", "two"]
        session.client.send_message("three")
        assert session.await_event(MessageReceived).text == "three"
    bob.await_frame(Left)
    notices = [frame for frame in bob.skipped if isinstance(frame, (Joined, Left))]
    assert [(type(frame), frame.name) for frame in notices] == [(Joined, "ann")]


def test_nothing_is_lost_or_repeated_over_many_cuts(
    proxy: Proxy, bob: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two members write at full speed over a connection that breaks again and again."""
    monkeypatch.setattr("messango.client.connection.backoff._STEPS_S", (0.0,))
    count = 3_000
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        message_ids = [session.client.send_message(f"ann {number}") for number in range(count)]
        bob.send(*(Say(str(number), f"bob {number}") for number in range(count)))
        received: list[MessageReceived] = []
        cuts = 0
        while len(received) < 2 * count:
            received.append(session.await_event(MessageReceived))
            if len(received) % 700 == 0 and cuts < 5:
                cuts += 1
                proxy.cut()
        assert [event.seq for event in received] == [*range(1, 2 * count + 1)]
        assert [event.id for event in received if event.own] == message_ids
    assert any(isinstance(event, Disconnected) for event in session.skipped)
    seqs = [bob.await_frame(Message).seq for _ in range(2 * count)]
    assert seqs == [*range(1, 2 * count + 1)]


def test_a_room_that_has_moved_is_searched_for_after_one_attempt(
    server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short the pause is: each attempt at a dead address may take many seconds."""
    monkeypatch.setattr("messango.client.connection.backoff.random.uniform", lambda low, _high: low)
    moved_to = [Address("127.0.0.1", server.port)]
    with ClientSession(proxy.port, rediscover=lambda *_: moved_to) as session:
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        session.await_event(Disconnected)
        back = session.await_event(RoomJoined)
        assert (back.resumed, back.address) == (True, str(moved_to[0]))
        assert back.moved_from == f"127.0.0.1:{proxy.port}"
        assert not any(isinstance(event, Disconnected) for event in session.skipped)


def test_a_break_before_the_first_message_loses_nothing(proxy: Proxy, bob: RawClient) -> None:
    """Even if there are more messages than a new member gets."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        bob.send(*(Say(str(number), "x") for number in range(500)))
        while bob.await_frame(Message).seq < 500:
            pass
        proxy.resume()
        session.client.retry_now()
        assert [session.await_event(MessageReceived).seq for _ in range(500)] == [*range(1, 501)]


def test_a_request_for_a_name_is_always_answered(server: Server) -> None:
    """With what it became, also if that is the name that we have; our wish is kept for joining again."""
    with ClientSession(server.port) as session, ClientSession(server.port, "bob") as other:
        session.await_event(RoomJoined)
        other.await_event(RoomJoined)
        for wish, became in (("bob", "bob"), ("Ann", "Ann 2"), ("ann 2", "ann 2")):
            other.client.rename(wish)
            renamed = other.await_event(MemberRenamed)
            assert (renamed.name, renamed.wanted, renamed.you) == (became, wish, True)
            assert other.client.name == wish


def test_a_rename_while_disconnected_is_sent_later(proxy: Proxy) -> None:
    """It waits as messages do."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        session.client.rename("anna")
        proxy.resume()
        session.client.retry_now()
        renamed = session.await_event(MemberRenamed)
        assert (renamed.name, renamed.old, renamed.you) == ("anna", "ann", True)


def test_a_rename_lost_in_a_break_is_sent_again(proxy: Proxy) -> None:
    """Until the room has answered."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        proxy.drop_data()
        session.client.rename("anna")
        proxy.cut()
        proxy.resume()
        assert session.await_event(MemberRenamed).name == "anna"


def test_a_bad_new_name_is_a_failed_request(server: Server) -> None:
    """The session goes on under the old name, and the request is not repeated."""
    with ClientSession(server.port) as session:
        session.client.rename("\n")
        assert session.await_event(RequestFailed).hint
        session.client.send_message("x")
        assert session.await_event(MessageReceived).name == "ann"


def test_a_full_room_ends_the_session_with_its_reason() -> None:
    """`JoinRefused` carries the code, the reason and the hint."""
    with open_room("Small", seats=1) as small, RawClient(small.port) as only:
        only.join("only")
        with ClientSession(small.port) as session:
            ended = session.await_event(SessionEnded)
            assert ended.reason is EndReason.FAILED
            assert isinstance(ended.error, JoinRefused)
            assert ended.error.code == error_codes.FULL
            assert "only" in ended.error.hint


def test_a_room_that_closes_ends_the_session(server: Server) -> None:
    """The client does not try to reconnect."""
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        server.close()
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.CLOSED
        assert isinstance(ended.error, RoomClosed)
        assert ended.error.code == error_codes.CLOSING


def test_an_unreachable_room_ends_the_session() -> None:
    """A first attempt is not repeated."""
    with open_room("Gone") as gone:
        port = gone.port
    with ClientSession(port) as session:
        ended = session.await_event(SessionEnded)
        assert ended.reason is EndReason.FAILED
        assert isinstance(ended.error, Unreachable)


def test_the_error_that_ends_a_session_can_be_explained() -> None:
    """What is wrong with the network is put into it before anybody reads it."""
    with open_room("Gone") as gone:
        session = ClientSession(gone.port)

    def explain(error: MessangoError) -> None:
        error.args = ("The cable is unplugged.",)

    session.client.explain_failure = explain
    with session:
        assert str(session.await_event(SessionEnded).error) == "The cable is unplugged."


def test_an_internal_error_ends_the_session(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last event is always `SessionEnded`: no front end waits for ever."""

    def fail(_name: str) -> None:
        raise OSError("too many open files")

    monkeypatch.setattr(room_client, "WriterThread", fail)
    with ClientSession(server.port) as session:
        assert session.await_event(SessionEnded).reason is EndReason.FAILED


def test_a_full_outbox_loses_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejected data is sent again over a new connection."""
    send, failures = Connection.send, iter([OutboxFull()])

    def failing(self: Connection, data: bytes) -> None:
        if b'"say"' in data:
            for failure in failures:
                raise failure
        send(self, data)

    monkeypatch.setattr(Connection, "send", failing)
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        message_ids = [session.client.send_message("one"), session.client.send_message("two")]
        assert [session.await_event(MessageReceived).id for _ in message_ids] == message_ids


def test_leaving_does_not_wait_for_a_dead_connection(proxy: Proxy) -> None:
    """The goodbye may get lost; closing a window must not wait for it."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        proxy.drop_data()
        session.client.leave()
        assert session.await_event(SessionEnded).reason is EndReason.LEFT


def test_leaving_does_not_wait_for_a_slow_room() -> None:
    """A room that accepts one message a second would need minutes for all that is queued."""
    with open_room(rate_limit=1) as server, ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        for number in range(300):
            session.client.send_message(str(number))
        session.await_event(MessageReceived)
        session.client.leave()
        assert session.await_event(SessionEnded).reason is EndReason.LEFT


def test_leaving_before_the_start_ends_the_session_at_once(server: Server) -> None:
    """And leaving twice is harmless."""
    session = ClientSession(server.port)
    session.client.leave()
    with session:
        session.client.leave()
        assert session.await_event(SessionEnded) == SessionEnded(EndReason.LEFT, None)


def test_leaving_while_disconnected_ends_the_wait(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the pause would have been."""
    monkeypatch.setattr(backoff, "_STEPS_S", (600.0,))
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.await_event(Disconnected)
        session.client.leave()
        assert session.await_event(SessionEnded).reason is EndReason.LEFT


def test_pauses_grow_if_each_connection_breaks_at_once(proxy: Proxy) -> None:
    """A join is not a stable connection yet."""
    with ClientSession(proxy.port) as session:
        waits_s = []
        for _ in range(3):
            session.await_event(RoomJoined)
            proxy.cut()
            waits_s.append(session.await_event(Disconnected).retry_in_s)
            session.client.retry_now()
        assert 0 == waits_s[0] < waits_s[1] < waits_s[2]
