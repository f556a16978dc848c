"""The room thread reads the frames that members send for the room; other input wakes their own thread."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messango.protocol import error_codes
from messango.protocol.connection import server_connection
from messango.protocol.frames import Closed, Message, Ping, Pong, Refused, Say
from messango.room.room import Room
from messango.server.clients.member_pool import MemberPool, NeedsOwnThread
from messango.server.clients.pooled_member import PooledMember
from messango.server.request_queue import MemberFrames, RoomCall
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

WAIT_S = 30.0


class FakeMember:
    """A member with a real socket; input that begins with an exclamation mark needs its own thread."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id
        self.is_closing = False
        self.handed_over = threading.Event()
        self.due_s = math.inf
        #: What `check_deadline` does: send these frames, or need the own thread (None).
        self.last_words: list[Say] | None = []
        self.checks = 0
        self._socket, self.peer = socket.socketpair()
        self._socket.setblocking(False)
        self.fileno = self._socket.fileno

    def read_for_room(self) -> MemberFrames | None:
        data = self._socket.recv(100)
        if data.startswith(b"?"):
            raise RuntimeError("a mistake")
        if data.startswith(b"!"):
            raise NeedsOwnThread
        return MemberFrames(self.connection_id, [Say("1", data.decode())], len(data)) if data else None

    def deadline_s(self) -> float:
        return self.due_s

    def check_by_s(self, now_s: float) -> float:  # noqa: ARG002 (the pool's interface)
        return self.due_s

    def check_deadline(self) -> MemberFrames | None:
        self.checks += 1
        self.due_s = math.inf
        if self.last_words is None:
            raise NeedsOwnThread
        return MemberFrames(self.connection_id, self.last_words) if self.last_words else None

    def resume_thread(self) -> None:
        self.handed_over.set()

    def close(self) -> None:
        self._socket.close()
        self.peer.close()


@pytest.fixture
def members() -> Iterator[list[FakeMember]]:
    made = [FakeMember(number) for number in range(3)]
    yield made
    for member in made:
        member.close()


class FakeClock:
    """Stands still."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pool(members: list[FakeMember], clock: FakeClock) -> Iterator[MemberPool]:
    made = MemberPool(clock)
    for member in members:
        made.add(member)
    made.receive(0.0, 1_000)  # Adding them has woken it.
    yield made
    made.close()


def texts(batch: list[MemberFrames]) -> set[tuple[int, str]]:
    """Return the texts by connection id."""
    return {
        (frames.connection_id, frame.text)
        for frames in batch
        for frame in frames.frames
        if isinstance(frame, Say)
    }


def test_frames_of_several_members_are_one_batch(pool: MemberPool, members: list[FakeMember]) -> None:
    """Members who have sent nothing do not delay it."""
    members[0].peer.send(b"a")
    members[2].peer.send(b"c")
    assert texts(pool.receive(WAIT_S, 1_000)) == {(0, "a"), (2, "c")}
    assert pool.receive(0.0, 1_000) == []


def test_a_full_batch_leaves_the_rest_for_the_next(pool: MemberPool, members: list[FakeMember]) -> None:
    """It begins with the members that were left, so that a flood excludes nobody."""
    for member in members:
        member.peer.send(b"long")
    read = [texts(pool.receive(WAIT_S, 4)) for _ in range(3)]
    assert set().union(*read) == {(0, "long"), (1, "long"), (2, "long")}
    assert [len(batch) for batch in read] == [1, 1, 1]


def test_waking_ends_the_wait(pool: MemberPool) -> None:
    """A request for the room must not wait until a member sends something. Twice is harmless."""
    pool.wake()
    pool.wake()
    assert pool.receive(None, 1_000) == []


@pytest.mark.parametrize("data", [b"!", b"?"], ids=["needs its thread", "bug"])
def test_input_for_the_own_thread_wakes_it(pool: MemberPool, members: list[FakeMember], data: bytes) -> None:
    """Once, and the pool reads the member only after it was added again; others are not affected."""
    members[0].peer.send(data)
    members[1].peer.send(b"b")
    batch = pool.receive(WAIT_S, 1_000)
    if not batch:
        batch = pool.receive(WAIT_S, 1_000)
    assert texts(batch) == {(1, "b")}
    assert members[0].handed_over.is_set()
    members[0].peer.send(b"mine")
    assert pool.receive(0.0, 1_000) == []
    assert not pool.remove(members[0])
    assert pool.add(members[0])
    assert texts(pool.receive(WAIT_S, 1_000)) == {(0, "mine")}


def test_a_closing_member_leaves_the_pool(pool: MemberPool, members: list[FakeMember]) -> None:
    """Its last frames still count; then its own thread continues."""
    members[0].peer.send(b"last")
    members[0].is_closing = True
    assert texts(pool.receive(WAIT_S, 1_000)) == {(0, "last")}
    assert members[0].handed_over.is_set()


def test_closing_the_pool_wakes_all_threads(pool: MemberPool, members: list[FakeMember]) -> None:
    """Then it accepts no member. Twice is harmless."""
    assert pool.remove(members[1])
    pool.close()
    pool.close()
    assert [member.handed_over.is_set() for member in members] == [True, False, True]
    assert not pool.add(members[1])
    pool.wake()


# Deadlines.


def waits(pool: MemberPool, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """Record how long the pool would wait for sockets, without waiting."""
    recorded: list[float | None] = []

    def select(timeout_s: float | None) -> list[int]:
        recorded.append(timeout_s)
        return []

    monkeypatch.setattr(pool, "_select", select)
    return recorded


def rejoin(pool: MemberPool, *members: FakeMember) -> None:
    """Add members again, whose deadlines were changed."""
    for member in members:
        assert pool.remove(member)
        assert pool.add(member)


def test_the_pool_waits_until_the_next_deadline(
    pool: MemberPool, members: list[FakeMember], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all members, or of the room if that is sooner; without any it waits for sockets only."""
    recorded = waits(pool, monkeypatch)
    pool.receive(None, 1_000)
    members[0].due_s, members[2].due_s = clock.now_s + 7.0, clock.now_s + 5.0
    rejoin(pool, members[0], members[2])
    for timeout_s in (None, 3.0, 30.0, 0.0):
        pool.receive(timeout_s, 1_000)
    assert recorded == [None, 5.0, 3.0, 5.0, 0.0]
    assert [member.checks for member in members] == [0, 0, 0]


def test_a_member_acts_at_its_deadline(
    pool: MemberPool, members: list[FakeMember], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames that come at the last moment count, and a member that needs its thread gets it."""
    recorded = waits(pool, monkeypatch)
    for member in members:
        member.due_s = clock.now_s + 7.0
    members[2].due_s += 5.0
    rejoin(pool, *members)
    members[0].last_words = [Say("1", "still here")]
    members[1].last_words = None
    clock.now_s += 7.0
    assert texts(pool.receive(None, 1_000)) == {(0, "still here")}
    assert [member.checks for member in members] == [1, 1, 0]
    assert [member.handed_over.is_set() for member in members] == [False, True, False]
    pool.receive(None, 1_000)
    assert recorded == [0.0, 5.0]


def test_bytes_that_come_move_the_deadline(
    pool: MemberPool, members: list[FakeMember], clock: FakeClock
) -> None:
    """While members send, the pool never wakes up only for a deadline that has moved."""
    members[0].due_s = clock.now_s + 7.0
    rejoin(pool, members[0])
    for _ in range(10):
        clock.now_s += 5.0
        members[0].due_s = clock.now_s + 7.0
        members[0].peer.send(b"a")
        while not pool.receive(WAIT_S, 1_000):
            pass
    assert members[0].checks == 0
    assert pool._until_deadline(None) == 7.0


def test_a_flood_does_not_check_deadlines_each_time(
    pool: MemberPool, members: list[FakeMember], clock: FakeClock
) -> None:
    """With thousands of members a check takes time."""
    for member in members:
        member.due_s = clock.now_s
    rejoin(pool, *members)
    for _ in range(100):
        clock.now_s += 0.01
        for member in members:
            member.due_s = clock.now_s
        members[0].peer.send(b"a")
        pool.receive(WAIT_S, 1_000)
    assert members[1].checks <= 5


# In a server.


@pytest.fixture
def server() -> Iterator[Server]:
    with ExitStack() as stack:
        yield stack.enter_context(open_room())


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of messages in each call of the room."""
    counts: list[int] = []
    post = Room.post_messages

    def counting(self: Room, connection_id: int, says: list[Say]) -> None:
        counts.append(len(says))
        post(self, connection_id, says)

    monkeypatch.setattr(Room, "post_messages", counting)
    return counts


def hold_room(server: Server) -> threading.Event:
    """Make the room wait in a batch until the event is set; return once it waits."""
    holds, resume = threading.Event(), threading.Event()

    def hold(_room: Room) -> None:
        holds.set()
        resume.wait(WAIT_S)

    server._request_queue.put(RoomCall(hold))
    assert holds.wait(WAIT_S)
    return resume


def test_input_during_a_batch_is_one_read(server: Server, posts: list[int]) -> None:
    """In however many pieces it arrives: work depends on batches, and a flood stays in its socket."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        resume = hold_room(server)
        for number in range(10):
            ann.send(Say(str(number), "more"))
        resume.set()
        assert [ann.await_frame(Message).id for _ in range(10)] == [str(number) for number in range(10)]
    assert posts == [10]


def test_a_ping_is_answered_between_messages(server: Server) -> None:
    """In its order, whichever thread answers it."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        ann.send(Say("1", "x"), Ping(), Say("2", "y"))
        ann.await_frame(Pong)
        assert ann.await_frame(Message).id == "2"
        assert [frame.id for frame in ann.skipped if isinstance(frame, Message)] == ["1"]


def test_silent_members_wake_only_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """It sends the pings, and reads the answers, while the members' own threads sleep."""
    with open_room() as server, ExitStack() as stack:
        clients = [stack.enter_context(RawClient(server.port)) for _ in range(3)]
        resumed: list[int] = []
        resume = PooledMember.resume_thread

        def recording(member: PooledMember) -> None:
            resumed.append(member._connection_id)
            resume(member)

        monkeypatch.setattr(PooledMember, "resume_thread", recording)
        monkeypatch.setattr(server_connection, "PING_MEMBER_AFTER_S", 0.01)
        for number, client in enumerate(clients):
            client.join(f"member {number}")
        for _ in range(3):
            for client in clients:
                client.await_frame(Ping)
                client.send(Pong())
        assert resumed == []


def test_members_get_a_goodbye_when_the_room_closes(server: Server) -> None:
    """Messages that were sent before are delivered, and the clients' threads end."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        resume = hold_room(server)
        ann.send(Say("1", "x"))
        closer = threading.Thread(target=server.close)
        closer.start()
        resume.set()
        closer.join()
        assert any(isinstance(frame, Closed) for frame in ann.await_end())


def test_a_room_that_fails_while_closing_refuses_no_member(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members get `closed`, as from a room that has said goodbye; others get `refused`."""

    def fail(_room: Room) -> None:
        raise RuntimeError("boom")

    with RawClient(server.port) as ann, RawClient(server.port) as unjoined:
        ann.join("ann")
        unjoined.send(Ping())
        unjoined.await_frame(Pong)
        monkeypatch.setattr(Room, "close", fail)
        server.close()
        assert ann.await_frame(Closed).code == error_codes.CLOSING
        assert unjoined.await_frame(Refused).code == error_codes.CLOSING
