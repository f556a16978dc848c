"""What clients ask waits in order, a round at a time, and who asks reads on when it had its round."""

from __future__ import annotations

import pytest

from messango.protocol.frames import Join, Say
from messango.room.remote_peer import Peer
from messango.server.request_queue import (
    Disconnected,
    JoinRequest,
    MemberFrames,
    Request,
    RequestQueue,
    RoomCall,
)

PEER = Peer("192.0.2.1", 1)
ONE = MemberFrames(1, [Say("1", "x")])


class Submitter:
    """Somebody who asks, and notes how often it was let go on."""

    def __init__(self, request_queue: RequestQueue) -> None:
        self.completions = 0
        self._request_queue = request_queue

    def submit(self, size: int = 1) -> MemberFrames:
        """Put something into the queue and return it."""
        frames = MemberFrames(1, [Say("1", "x")], size, self._on_done)
        self._request_queue.put(frames)
        return frames

    def _on_done(self) -> None:
        self.completions += 1


def test_requests_are_taken_all_and_in_order() -> None:
    """One take gets whatever there is."""
    request_queue = RequestQueue()
    requests: list[Request] = [
        JoinRequest(1, Join(1, "ann"), PEER),
        ONE,
        Disconnected(1),
        RoomCall(lambda _: None),
    ]
    for request in requests:
        request_queue.put(request)
    assert request_queue.take_batch() == requests
    request_queue.complete_batch()
    assert request_queue.take_batch() == []
    assert request_queue.is_empty()


def test_putting_wakes_the_thread_that_takes() -> None:
    """Once the request is there: a thread that is woken before would find nothing."""
    found: list[bool] = []
    request_queue = RequestQueue(lambda: found.append(request_queue.is_empty()))
    request_queue.put(ONE)
    assert found == [False]


def test_who_asked_goes_on_when_the_round_is_over() -> None:
    """Not while its frames wait or are in their round, and once for each time that it asked."""
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


def test_a_round_takes_no_more_than_fits_an_outbox() -> None:
    """However much waits; the rest has the next round, and nobody is let go on before its own."""
    request_queue = RequestQueue(batch_bytes=100)
    first, last = Submitter(request_queue), Submitter(request_queue)
    asked = [first.submit(60), first.submit(60), last.submit(60)]
    assert request_queue.take_batch() == asked[:2]
    request_queue.complete_batch()
    assert request_queue.take_batch() == asked[2:]
    assert (first.completions, last.completions) == (2, 0)
    request_queue.complete_batch()
    assert last.completions == 1


def test_who_comes_goes_and_what_the_host_asks_is_no_burden() -> None:
    """Of those a round takes all there are."""
    request_queue = RequestQueue(batch_bytes=1)
    for request in (Disconnected(1), JoinRequest(2, Join(1, "bob"), PEER), RoomCall(lambda _: None)):
        request_queue.put(request)
    assert len(request_queue.take_batch()) == 3


@pytest.mark.parametrize("taken", [False, True])
def test_close_lets_go_who_waits(*, taken: bool) -> None:
    """Before its round or in it; once, however often it is closed."""
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


def test_a_closed_request_queue_takes_nothing_in_and_holds_nobody_up() -> None:
    """Whoever asks then goes on at once."""
    request_queue = RequestQueue()
    request_queue.close()
    submitter = Submitter(request_queue)
    submitter.submit()
    request_queue.put(Disconnected(1))
    assert submitter.completions == 1
    assert request_queue.take_batch() == []


def test_a_round_in_which_the_room_closes_keeps_to_what_it_took() -> None:
    """What waits behind the closing is not slipped into the round that goes on."""
    request_queue = RequestQueue(batch_bytes=1)
    request_queue.put(ONE)
    round_of_closing = request_queue.take_batch()
    request_queue.put(MemberFrames(2, [Say("2", "too late")]))
    request_queue.close()
    assert round_of_closing == [ONE]
