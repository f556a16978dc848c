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
    """A member with a real socket, which hands over what begins with an exclamation mark."""

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
    made.receive(0.0, 1_000)  # That they were added has woken it.
    yield made
    made.close()


def texts(batch: list[MemberFrames]) -> set[tuple[int, str]]:
    """Return who said what."""
    return {
        (frames.connection_id, frame.text)
        for frames in batch
        for frame in frames.frames
        if isinstance(frame, Say)
    }


def test_what_all_send_is_one_batch(pool: MemberPool, members: list[FakeMember]) -> None:
    """Whoever can be read is read, and the others are waited for."""
    members[0].peer.send(b"a")
    members[2].peer.send(b"c")
    assert texts(pool.receive(WAIT_S, 1_000)) == {(0, "a"), (2, "c")}
    assert pool.receive(0.0, 1_000) == []


def test_a_full_batch_leaves_the_rest_for_the_next(pool: MemberPool, members: list[FakeMember]) -> None:
    """Those whose turn has not come are first then, so that a flood keeps nobody out."""
    for member in members:
        member.peer.send(b"long")
    read = [texts(pool.receive(WAIT_S, 4)) for _ in range(3)]
    assert set().union(*read) == {(0, "long"), (1, "long"), (2, "long")}
    assert [len(batch) for batch in read] == [1, 1, 1]


def test_waking_ends_the_wait(pool: MemberPool) -> None:
    """A request for the room must not wait until somebody talks; once is enough, twice is harmless."""
    pool.wake()
    pool.wake()
    assert pool.receive(None, 1_000) == []


@pytest.mark.parametrize("data", [b"!", b"?"], ids=["needs its thread", "bug"])
def test_what_takes_its_own_thread_is_handed_over(
    pool: MemberPool, members: list[FakeMember], data: bytes
) -> None:
    """Once, and until it is added again nobody reads for it; the others are read as before."""
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


def test_a_member_that_is_closing_is_handed_over(pool: MemberPool, members: list[FakeMember]) -> None:
    """What it said last still counts; then its own thread ends it."""
    members[0].peer.send(b"last")
    members[0].is_closing = True
    assert texts(pool.receive(WAIT_S, 1_000)) == {(0, "last")}
    assert members[0].handed_over.is_set()


def test_a_closed_pool_gives_all_back(pool: MemberPool, members: list[FakeMember]) -> None:
    """To their own threads, and takes nobody; twice is harmless."""
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
    """How many messages the room was given at a time."""
    counts: list[int] = []
    post = Room.post_messages

    def counting(self: Room, connection_id: int, says: list[Say]) -> None:
        counts.append(len(says))
        post(self, connection_id, says)

    monkeypatch.setattr(Room, "post_messages", counting)
    return counts


def hold_room(server: Server) -> threading.Event:
    """Have the room wait in a batch of its own until the event is set; return when it waits."""
    holds, resume = threading.Event(), threading.Event()

    def hold(_room: Room) -> None:
        holds.set()
        resume.wait(WAIT_S)

    server._request_queue.put(RoomCall(hold))
    assert holds.wait(WAIT_S)
    return resume


def test_what_comes_during_a_batch_is_one_read(server: Server, posts: list[int]) -> None:
    """However many pieces it came in: work grows with batches, and a flood waits in its sender's socket."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        resume = hold_room(server)
        for number in range(10):
            ann.send(Say(str(number), "more"))
        resume.set()
        assert [ann.await_frame(Message).id for _ in range(10)] == [str(number) for number in range(10)]
    assert posts == [10]


def test_a_ping_is_answered_between_messages(server: Server) -> None:
    """In its turn, whoever carries it out."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        ann.send(Say("1", "x"), Ping(), Say("2", "y"))
        ann.await_frame(Pong)
        assert ann.await_frame(Message).id == "2"
        assert [frame.id for frame in ann.skipped if isinstance(frame, Message)] == ["1"]


def test_members_are_told_when_the_room_closes(server: Server) -> None:
    """Their threads end as all others do, and they read the goodbye; what they had sent is not stuck."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        resume = hold_room(server)
        ann.send(Say("1", "x"))
        closer = threading.Thread(target=server.close)
        closer.start()
        resume.set()
        closer.join()
        assert any(isinstance(frame, Closed) for frame in ann.await_end())
