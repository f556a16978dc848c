"""Requests wait in order, and come in batches."""

from __future__ import annotations

import pytest

from messango.protocol.frames import Join, Say
from messango.room.peer import Peer
from messango.server.request_queue import (
    ConnectionEnded,
    JoinRequest,
    MemberFrames,
    Request,
    RequestQueue,
    RoomCall,
)

PEER = Peer("192.0.2.1", 1)
ONE = MemberFrames(1, [Say("1", "x")])


class Submitter:
    """A sender that counts the calls of `on_done`."""

    def __init__(self, request_queue: RequestQueue) -> None:
        self.completions = 0
        self._request_queue = request_queue

    def submit(self, size: int = 1) -> MemberFrames:
        """Put a request into the queue and return it."""
        frames = MemberFrames(1, [Say("1", "x")], size, self._on_done)
        self._request_queue.put(frames)
        return frames

    def _on_done(self) -> None:
        self.completions += 1


def test_a_batch_has_all_requests_in_order() -> None:
    """One call gets everything that waits."""
    request_queue = RequestQueue()
    requests: list[Request] = [
        JoinRequest(1, Join(1, "ann"), PEER),
        ONE,
        ConnectionEnded(1),
        RoomCall(lambda _: None),
    ]
    for request in requests:
        request_queue.put(request)
    assert request_queue.take_batch() == requests
    request_queue.complete_batch()
    assert request_queue.take_batch() == []
    assert request_queue.is_empty()


def test_put_wakes_the_room_thread() -> None:
    """After the request was added: otherwise the thread could find nothing."""
    found: list[bool] = []
    request_queue = RequestQueue(lambda: found.append(request_queue.is_empty()))
    request_queue.put(ONE)
    assert found == [False]


def test_on_done_is_called_after_the_batch() -> None:
    """Not before, and once for each request."""
    request_queue = RequestQueue()
    submitter = Submitter(request_queue)
    submitter.submit()
    assert submitter.completions == 0
    request_queue.take_batch()
    assert submitter.completions == 0
    request_queue.complete_batch()
    assert submitter.completions == 1
    request_queue.complete_batch()
    assert submitter.completions == 1


def test_a_batch_is_bounded() -> None:
    """The rest is in the next batch, and its `on_done` is called after that."""
    request_queue = RequestQueue(batch_bytes=100)
    first, last = Submitter(request_queue), Submitter(request_queue)
    asked = [first.submit(60), first.submit(60), last.submit(60)]
    assert request_queue.take_batch() == asked[:2]
    request_queue.complete_batch()
    assert request_queue.take_batch() == asked[2:]
    assert (first.completions, last.completions) == (2, 0)
    request_queue.complete_batch()
    assert last.completions == 1


def test_other_requests_have_no_size() -> None:
    """A batch takes all of them."""
    request_queue = RequestQueue(batch_bytes=1)
    for request in (ConnectionEnded(1), JoinRequest(2, Join(1, "bob"), PEER), RoomCall(lambda _: None)):
        request_queue.put(request)
    assert len(request_queue.take_batch()) == 3


@pytest.mark.parametrize("taken", [False, True])
def test_close_calls_on_done(*, taken: bool) -> None:
    """Before the batch or in it; once, however often it is closed."""
    request_queue = RequestQueue()
    submitter = Submitter(request_queue)
    submitter.submit()
    if taken:
        request_queue.take_batch()
    request_queue.close()
    request_queue.close()
    assert submitter.completions == 1
    assert request_queue.take_batch() == []
    assert submitter.completions == 1


def test_put_after_close() -> None:
    """The request is dropped, and `on_done` is called at once."""
    request_queue = RequestQueue()
    request_queue.close()
    submitter = Submitter(request_queue)
    submitter.submit()
    request_queue.put(ConnectionEnded(1))
    assert submitter.completions == 1
    assert request_queue.take_batch() == []


def test_close_does_not_change_the_present_batch() -> None:
    """Requests that wait are not added to it."""
    request_queue = RequestQueue(batch_bytes=1)
    request_queue.put(ONE)
    round_of_closing = request_queue.take_batch()
    request_queue.put(MemberFrames(2, [Say("2", "too late")]))
    request_queue.close()
    assert round_of_closing == [ONE]
