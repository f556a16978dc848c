"""The room thread: its guarantees for every member, and that no failure affects another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Join,
    Joined,
    Left,
    Message,
    Problem,
    Refused,
    RoomInfo,
    Say,
    ServerFrame,
)
from messango.room import members
from messango.room.batch import Batch
from messango.room.history import history
from messango.room.history.history import MemoryHistory
from messango.room.host.host_events import MemberDisconnected, RoomEvent, ServerWarning
from messango.room.host.host_events import MemberJoined as JoinedEvent
from messango.room.peer import Peer
from messango.room.room import Room
from messango.server.clients.client_thread import ClientThread
from messango.server.clients.member_pool import MemberPool
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.request_queue import (
    ConnectionEnded,
    JoinRequest,
    MemberFrames,
    Request,
    RequestQueue,
    RoomCall,
)
from messango.server.room_thread import RoomThread
from messango.server.server import Server
from messango.transport import connection
from tests.support.notices import without_id
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room

PEER = Peer("192.0.2.1", 1)


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


@pytest.fixture
def _failing_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the room raise on the text “boom” and the name “boom”."""
    say, join = Room.post_messages, Room.join

    def failing_post(self: Room, connection_id: int, says: Iterable[Say]) -> None:
        says = [*says]
        if any(sent.text == "boom" for sent in says):
            raise RuntimeError("boom")
        say(self, connection_id, says)

    def failing_join(
        self: Room, connection_id: int, frame: Join, peer: Peer, password_generation: int
    ) -> None:
        if frame.name == "boom":
            raise RuntimeError("boom")
        join(self, connection_id, frame, peer, password_generation)

    monkeypatch.setattr(Room, "post_messages", failing_post)
    monkeypatch.setattr(Room, "join", failing_join)


class StubClient:
    """Stands in for a client; stores what it is sent."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id
        self.peer = Peer("192.0.2.1", connection_id)
        self.received = b""
        self.admitted: bool | None = None

    def send(self, data: bytes) -> None:
        self.received += data

    close_after = send

    def resolve_join(self, *, admitted: bool) -> None:
        self.admitted = admitted


class OneBatch:
    """A room thread that gets all of `requests` in its first batch, and then closes."""

    def __init__(self, *requests: Request) -> None:
        self.room = Room("1f", "Tea", 5, MemoryHistory())
        pool, registry = MemberPool(), ConnectionRegistry()
        request_queue = RequestQueue(pool.wake)
        self.clients = [StubClient(connection_id) for connection_id in (1, 2, 3)]
        for client in self.clients:
            registry.add(cast("ClientThread", client))
        self.events: list[RoomEvent] = []
        for request in requests:
            request_queue.put(request)
        room_thread = RoomThread(self.room, request_queue, pool, registry, self.events.append, lambda _: None)
        room_thread.start()
        room_thread.close()


@pytest.mark.usefixtures("_failing_room")
def test_an_exception_in_the_room_does_not_end_it(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """The sender learns which message failed, the host gets a warning, and the room stays open."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        ann.send(Say("1", "boom"))
        assert ann.await_frame(Problem).id == "1"
        ann.send(Say("2", "still here"))
        assert ann.await_frame(Message) == bob.await_frame(Message)
    assert "bug" in await_host_event(server, ServerWarning).reason
    assert "boom" in caplog.text


@pytest.mark.usefixtures("_failing_room")
def test_an_exception_affects_no_other_request_of_its_batch() -> None:
    """The other messages, joins and leaves of that batch count."""
    names: list[str] = []
    play = OneBatch(
        JoinRequest(1, Join(1, "ann"), PEER),
        JoinRequest(2, Join(1, "bob"), PEER),
        MemberFrames(1, [Say("1", "boom")]),
        MemberFrames(2, [Say("2", "hello")]),
        ConnectionEnded(2, "left"),
        JoinRequest(3, Join(1, "cid"), PEER),
        RoomCall(lambda room: names.extend(room.members.names())),
    )
    assert names == ["ann", "cid"]
    assert b"hello" in play.clients[0].received
    assert [client.admitted for client in play.clients] == [True, True, True]


@pytest.mark.usefixtures("_failing_room")
def test_an_exception_while_joining_is_a_refusal(server: Server) -> None:
    """The client does not wait for an answer, and the next one may join."""
    with RawClient(server.port) as unlucky, RawClient(server.port) as ann:
        unlucky.send(Join(1, "boom"))
        assert unlucky.await_frame(Refused).reason
        assert unlucky.await_end() == []
        ann.join("ann")


def test_an_exception_while_closing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every thread still ends, which the fixture of all tests checks."""

    def fail(_room: Room) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(Room, "close", fail)
    server.close()


def test_a_history_that_fails_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its messages are stored and delivered a little later, and clients that joined are admitted."""
    append, failures = MemoryHistory.append, iter([OSError("disk full")])

    def failing(self: MemoryHistory, messages: Sequence[Message]) -> None:
        for failure in failures:
            raise failure
        append(self, messages)

    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        monkeypatch.setattr(MemoryHistory, "append", failing)
        ann.send(Say("1", "hello"))
        assert ann.await_frame(Message).seq == 1
        assert bob.join("bob").latest == 1


def test_changes_of_a_failed_batch_are_published(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the batch is finished, without any further request."""
    end_batch, failures = Room.end_batch, iter([RuntimeError("boom")])

    def failing(self: Room) -> Batch:
        for failure in failures:
            raise failure
        return end_batch(self)

    changes: queue.SimpleQueue[RoomInfo] = queue.SimpleQueue()
    server.on_info_changed = changes.put
    monkeypatch.setattr(Room, "end_batch", failing)
    server.rename_room("Coffee")
    assert changes.get(timeout=TIMEOUT_S).name == "Coffee"


def test_an_exception_in_the_callback_for_changes(server: Server) -> None:
    """Members still receive everything."""

    def fail(_facts: RoomInfo) -> None:
        raise RuntimeError("boom")

    server.on_info_changed = fail
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        ann.join("ann")
        bob.join("bob")
        assert ann.await_frame(Joined).name == "bob"


def test_an_exception_in_one_connection_affects_no_other(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is closed; the member returns and receives the rest from the history."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        first = ann.join("ann")
        bob.join("bob")
        send = connection.Connection.send
        failures = iter([RuntimeError("boom")])

        def failing(self: connection.Connection, data: bytes) -> None:
            if self is not bob.connection:
                for failure in failures:
                    raise failure
            send(self, data)

        monkeypatch.setattr(connection.Connection, "send", failing)
        bob.send(Say("1", "hello"))
        # Ann came first, so hers is the connection that fails.
        ann.await_end()
        assert bob.await_frame(Message).text == "hello"
        with RawClient(server.port) as again:
            again.join("ann", first.session, first.latest)
            assert again.await_frame(Message).text == "hello"


def test_a_member_who_does_not_read_is_disconnected(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room does not wait; the member learns why, and receives the rest when they return."""
    monkeypatch.setattr(connection, "OUTBOX_BYTES", 50_000)
    monkeypatch.setattr(history, "MAX_MEMORY_CHARACTERS", 100_000_000)
    with RawClient(server.port) as ann, RawClient(server.port) as stuck:
        ann.join("ann")
        session = stuck.join("stuck").session
        count = 2_000
        for first in range(0, count, 5):
            # Ann waits for her own copies, so she is never behind herself.
            ann.send(*(Say(str(number), "x" * 8_000) for number in range(first, first + 5)))
            for _ in range(5):
                ann.await_frame(Message)
        received = stuck.await_end()
        closed = received.pop()
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.TOO_SLOW
        seqs = [frame.seq for frame in received if isinstance(frame, Message)]
        assert seqs == [*range(1, len(seqs) + 1)]
        assert len(seqs) < count
        monkeypatch.undo()
        with RawClient(server.port) as back:
            back.join("stuck", session, seqs[-1])
            assert back.await_frame(Message).seq == seqs[-1] + 1


def test_a_member_returns_without_a_notice(server: Server) -> None:
    """With the same seat, name and place in the conversation, and exactly what they missed."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        with RawClient(server.port) as bob:
            first = bob.join("bob")
            ann.send(Say("1", "one"))
            assert bob.await_frame(Message).seq == 1
        assert await_host_event(server, MemberDisconnected).name == "bob"
        ann.send(Say("2", "two"), Say("3", "three"))
        with RawClient(server.port) as bob:
            again = bob.join("somebody else", first.session, 1)
            assert (again.you, again.member, again.session) == ("bob", first.member, first.session)
            assert [bob.await_frame(Message).text for _ in range(2)] == ["two", "three"]
            bob.send(Say("4", "back"))
            while ann.await_frame(Message).text != "back":
                pass
        notices = [frame for frame in ann.skipped if isinstance(frame, (Joined, Left))]
        assert [*map(without_id, notices)] == [Joined("bob")]
        assert await_host_event(server, JoinedEvent, lambda event: event.resumed).name == "bob"


def test_a_long_backlog_arrives_in_order(server: Server) -> None:
    """In parts, then the newer messages, each once."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        with RawClient(server.port) as bob:
            session = bob.join("bob").session
        ann.send(*(Say(str(number), "x") for number in range(1_000)))
        while ann.await_frame(Message).seq < 1_000:
            pass
        with RawClient(server.port) as bob:
            bob.join("bob", session, 0)
            ann.send(*(Say(str(number), "x") for number in range(1_000, 1_100)))
            assert [bob.await_frame(Message).seq for _ in range(1_100)] == [*range(1, 1_101)]
            bob.send(Say("b", "here again"))
            assert bob.await_frame(Message).text == "here again"


def test_a_disconnected_member_keeps_their_seat() -> None:
    """The room is full with it, and a refused client gets the members' names."""
    with open_room(seats=2) as server, RawClient(server.port) as ann, RawClient(server.port) as cid:
        ann.join("ann")
        with RawClient(server.port) as bob:
            bob.join("bob")
        await_host_event(server, MemberDisconnected)
        cid.send(Join(1, "cid"))
        refused = cid.await_frame(Refused)
        assert refused.code == error_codes.FULL
        assert "ann and bob" in refused.hint


def test_a_reserved_seat_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others receive `left`, and somebody else may have the seat."""
    monkeypatch.setattr(members, "RECONNECT_GRACE_S", 0.1)
    with open_room(seats=2) as server, RawClient(server.port) as ann:
        ann.join("ann")
        with RawClient(server.port) as bob:
            bob.join("bob")
        assert without_id(ann.await_frame(Left)) == Left("bob", error_codes.CONNECTION_BROKE)
        with RawClient(server.port) as cid:
            assert cid.join("cid").members == ["ann", "cid"]


def test_a_second_connection_replaces_the_first(server: Server) -> None:
    """The older one gets the reason; the newer one is the member."""
    with RawClient(server.port) as old, RawClient(server.port) as new:
        session = old.join("ann").session
        assert new.join("ann", session, 0).you == "ann"
        assert old.await_frame(Closed).code == error_codes.REPLACED
        assert old.await_end() == []
        new.send(Say("1", "x"))
        assert new.await_frame(Message).name == "ann"
        assert server.room_info().members == 1


def test_five_members_at_full_speed(server: Server) -> None:
    """10,000 messages to each: none is lost, none comes twice, and all have the same order."""
    count = 2_000
    names = ["ann", "bob", "cid", "dee", "eve"]
    received: dict[str, list[ServerFrame | Problem]] = {}

    def talk(client: RawClient, name: str) -> None:
        for start in range(0, count, 100):
            client.send(*(Say(f"{number}", f"{name} {number}") for number in range(start, start + 100)))
        received[name] = [client.await_frame(Message) for _ in range(5 * count)]

    clients = [RawClient(server.port) for _ in names]
    try:
        for client, name in zip(clients, names, strict=True):
            client.join(name)
        talkers = [threading.Thread(target=talk, args=pair) for pair in zip(clients, names, strict=True)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join()
    finally:
        for client in clients:
            client.close()
    orders = [[*map(_seq_and_text, received[name])] for name in names]
    assert all(order == orders[0] for order in orders)
    assert [seq for seq, _ in orders[0]] == [*range(1, 5 * count + 1)]
    for name in names:
        own = [text for _, text in orders[0] if text.startswith(name)]
        assert own == [f"{name} {number}" for number in range(count)]


def _seq_and_text(frame: ServerFrame | Problem) -> tuple[int, str]:
    assert isinstance(frame, Message)
    return frame.seq, frame.text
