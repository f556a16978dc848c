"""A client's thread takes turns with the room: what comes while it waits is one read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messango.protocol.frames import Closed, Message, Say
from messango.room.room import Room
from messango.server.request_queue import MemberFrames, Request, RequestQueue, RoomCall
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room


class WatchedQueue(RequestQueue):
    """Notes how many frames a member puts at a time, and can have the room wait."""

    def __init__(self) -> None:
        super().__init__()
        self.frame_counts: list[int] = []
        self.frames_queued = threading.Semaphore(0)
        self.resume = threading.Event()

    def put(self, request: Request) -> None:
        if isinstance(request, MemberFrames):
            self.frame_counts.append(len(request.frames))
        super().put(request)
        if isinstance(request, MemberFrames):
            self.frames_queued.release()

    def hold_room(self) -> None:
        """Have the room wait in a round of its own, and return when it does."""
        holds = threading.Event()

        def hold(_room: Room) -> None:
            holds.set()
            self.resume.wait()

        self.put(RoomCall(hold))
        holds.wait()


@pytest.fixture
def request_queue(monkeypatch: pytest.MonkeyPatch) -> WatchedQueue:
    made = WatchedQueue()
    monkeypatch.setattr("messango.server.server.RequestQueue", lambda: made)
    return made


@pytest.fixture
def server(request_queue: WatchedQueue) -> Iterator[Server]:
    with ExitStack() as stack:
        opened = stack.enter_context(open_room())
        stack.callback(request_queue.resume.set)
        yield opened


def test_what_comes_during_a_round_is_one_read(server: Server, request_queue: WatchedQueue) -> None:
    """However many pieces it came in: so work grows with rounds, and a flood waits in its sender's socket."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        request_queue.hold_room()
        ann.send(Say("0", "first"))
        request_queue.frames_queued.acquire()
        for number in range(1, 10):
            ann.send(Say(str(number), "more"))
        request_queue.resume.set()
        assert [ann.await_frame(Message).id for _ in range(10)] == [str(number) for number in range(10)]
    assert request_queue.frame_counts == [1, 9]


def test_who_waits_for_its_round_is_let_go_when_the_room_closes(
    server: Server, request_queue: WatchedQueue
) -> None:
    """Its thread ends as all others do, and it hears the goodbye."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        request_queue.hold_room()
        ann.send(Say("1", "x"))
        request_queue.frames_queued.acquire()
        ann.send(Say("2", "x"))
        closer = threading.Thread(target=server.close)
        closer.start()
        request_queue.resume.set()
        closer.join()
        assert any(isinstance(frame, Closed) for frame in ann.await_end())
