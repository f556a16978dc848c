"""The room thread reads the frames that members send for the room; other input wakes their own thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messango.protocol.frames import Closed, Message, Ping, Pong, Say
from messango.room.room import Room
from messango.server.member_pool import MemberPool, NeedsOwnThread
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


@pytest.fixture
def pool(members: list[FakeMember]) -> Iterator[MemberPool]:
    made = MemberPool()
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
