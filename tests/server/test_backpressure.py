"""A guest's thread takes turns with the room: what comes while it waits is one read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messango.protocol.frames import Closed, Message, Say
from messango.room.room import Room
from messango.server.request_queue import Asks, HostAsks, Inbox, Request
from messango.server.server import Server
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room


class WatchedInbox(Inbox):
    """Notes how many frames a member puts at a time, and can have the room wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.told = threading.Semaphore(0)
        self.go_on = threading.Event()

    def put(self, request: Request) -> None:
        if isinstance(request, Asks):
            self.asked.append(len(request.frames))
        super().put(request)
        if isinstance(request, Asks):
            self.told.release()

    def hold_room(self) -> None:
        """Have the room wait in a round of its own, and return when it does."""
        holds = threading.Event()

        def hold(_room: Room) -> None:
            holds.set()
            self.go_on.wait()

        self.put(HostAsks(hold))
        holds.wait()


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> WatchedInbox:
    made = WatchedInbox()
    monkeypatch.setattr("messango.server.server.Inbox", lambda: made)
    return made


@pytest.fixture
def server(inbox: WatchedInbox) -> Iterator[Server]:
    with ExitStack() as stack:
        opened = stack.enter_context(open_room())
        stack.callback(inbox.go_on.set)
        yield opened


def test_what_comes_during_a_round_is_one_read(server: Server, inbox: WatchedInbox) -> None:
    """However many pieces it came in: so work grows with rounds, and a flood waits in its sender's socket."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        inbox.hold_room()
        ann.say(Say("0", "first"))
        inbox.told.acquire()
        for number in range(1, 10):
            ann.say(Say(str(number), "more"))
        inbox.go_on.set()
        assert [ann.await_frame(Message).id for _ in range(10)] == [str(number) for number in range(10)]
    assert inbox.asked == [1, 9]


def test_who_waits_for_its_round_is_let_go_when_the_room_closes(server: Server, inbox: WatchedInbox) -> None:
    """Its thread ends as all others do, and it hears the goodbye."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        inbox.hold_room()
        ann.say(Say("1", "x"))
        inbox.told.acquire()
        ann.say(Say("2", "x"))
        closer = threading.Thread(target=server.close)
        closer.start()
        inbox.go_on.set()
        closer.join()
        assert any(isinstance(frame, Closed) for frame in ann.await_end())
