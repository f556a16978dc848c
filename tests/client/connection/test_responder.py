"""What a member answers when the room asks, and that it costs the member little."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

import pytest

from messango.client.connection.responder import Responder
from messango.errors import ConnectionLost
from messango.protocol.codec import client_frame_decoder
from messango.protocol.frames import Ping, Pong, Reach, Reached, ReachResult
from messango.protocol.limits import REACH_EVERY_S, REACH_TIMEOUT_S
from messango.transport.addresses import Address
from tests.support.networks import NETWORKS
from tests.support.raw_client import TIMEOUT_S

ROOM = Address("192.168.1.7", 8000)
OTHER = Address("192.168.1.8", 8000)


class Connection:
    """Records what is sent over it."""

    def __init__(self, fingerprint: str | None = "f1") -> None:
        self.fingerprint = fingerprint
        self.sent: list[object] = []
        self.answered = threading.Semaphore(0)

    def send(self, data: bytes) -> None:
        self.sent += client_frame_decoder().decode(data)
        self.answered.release()

    def await_answer(self) -> object:
        """Return the next frame that is sent."""
        assert self.answered.acquire(timeout=TIMEOUT_S)
        return self.sent[-1]


class Attempts:
    """Pretends to try addresses; `answering` are reached."""

    def __init__(self, *answering: Address) -> None:
        self.answering = answering
        self.tried: list[Address] = []
        self.not_tried: Address | None = None

    def __call__(
        self,
        addresses: Sequence[Address],
        /,
        *,
        fingerprint: str,
        timeout_s: float,
        is_cancelled: Callable[[], bool],
    ) -> dict[Address, bool]:
        assert fingerprint == "f1"
        assert timeout_s >= 0
        assert not is_cancelled()
        self.tried += addresses
        return {address: address in self.answering for address in addresses if address != self.not_tried}


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def answerer(attempts: Attempts, clock: Clock | None = None, timeout_s: float = 0.0) -> Iterator[Responder]:
    """Return a responder on a network of our own."""
    made = Responder(lambda: False, lambda: NETWORKS, attempts, clock or Clock(), timeout_s)
    with closing(made):
        yield made


def test_a_ping_is_answered_at_once() -> None:
    """Without a thread."""
    connection, before = Connection(), threading.active_count()
    with answerer(Attempts()) as one:
        one.answer(Ping(), connection, ROOM)
        assert connection.sent == [Pong()]
        assert threading.active_count() == before


def test_the_answer_says_where_the_room_was_reached() -> None:
    """In the room's own words; what was not tried is not in it."""
    connection, attempts = Connection(), Attempts(ROOM)
    asked = ["192.168.1.7:8000", "192.168.1.8", "10.1.1.1", "127.0.0.1:8000"]
    with answerer(attempts, timeout_s=0.01) as one:
        one.answer(Reach(asked), connection, ROOM)
        expected = Reached([ReachResult("192.168.1.7:8000", ok=True), ReachResult("192.168.1.8", ok=False)])
        assert connection.await_answer() == expected
    assert attempts.tried == [ROOM, OTHER]


def test_what_could_not_be_tried_here_is_left_out() -> None:
    """Otherwise the host would look for the fault on the wrong computer."""
    connection, attempts = Connection(), Attempts(ROOM)
    attempts.not_tried = OTHER
    with answerer(attempts) as one:
        one.answer(Reach(["192.168.1.7", "192.168.1.8"]), connection, ROOM)
        assert connection.await_answer() == Reached([ReachResult("192.168.1.7", ok=True)])


def test_a_question_that_needs_nothing_is_answered_too() -> None:
    """So that the room need not wait."""
    connection = Connection()
    with answerer(Attempts()) as one:
        one.answer(Reach(["10.1.1.1"]), connection, ROOM)
        assert connection.await_answer() == Reached([])


def test_more_than_one_question_a_minute_is_ignored() -> None:
    """Also over a new connection: a room that reconnects its visitors gains nothing."""
    clock, attempts = Clock(), Attempts(ROOM)
    with answerer(attempts, clock) as one:
        first = Connection()
        one.answer(Reach(["192.168.1.7"]), first, ROOM)
        first.await_answer()
        for _ in range(100):
            clock.now_s += REACH_EVERY_S / 101
            one.answer(Reach(["192.168.1.8"]), Connection(), ROOM)
        assert attempts.tried == [ROOM]
        clock.now_s += REACH_EVERY_S
        later = Connection()
        one.answer(Reach(["192.168.1.8"]), later, ROOM)
        later.await_answer()
        assert attempts.tried == [ROOM, OTHER]


def test_a_failure_is_told_only_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a hostile room could tell a closed port of a stranger from one that is filtered."""
    connection = Connection()
    with answerer(Attempts(), timeout_s=TIMEOUT_S) as one:
        waited: list[float | None] = []
        monkeypatch.setattr(one._closed, "wait", waited.append)
        one.answer(Reach(["192.168.1.7"]), connection, ROOM)
        connection.await_answer()
        assert waited == [TIMEOUT_S]


def test_an_unencrypted_room_is_not_answered() -> None:
    """There is no certificate to recognise it by."""
    attempts = Attempts(ROOM)
    with answerer(attempts) as one:
        one.answer(Reach(["192.168.1.7"]), Connection(fingerprint=None), ROOM)
    assert attempts.tried == []


def test_leaving_ends_an_attempt() -> None:
    """It is told so, nothing is sent, and its thread is joined."""
    begun = threading.Event()

    def hang(
        _addresses: Sequence[Address],
        /,
        *,
        fingerprint: str,  # noqa: ARG001 (given by keyword)
        timeout_s: float,
        is_cancelled: Callable[[], bool],
    ) -> dict[Address, bool]:
        begun.set()
        assert timeout_s == REACH_TIMEOUT_S
        while not is_cancelled():
            threading.Event().wait(0.001)
        return {}

    connection = Connection()
    one = Responder(lambda: False, lambda: NETWORKS, hang)
    one.answer(Reach(["192.168.1.7"]), connection, ROOM)
    assert begun.wait(TIMEOUT_S)
    one.close()
    one.close()
    assert connection.sent == []


def test_a_lost_connection_is_no_trouble() -> None:
    """The room has gone while we tried."""
    gone = threading.Event()

    class Broken(Connection):
        def send(self, data: bytes) -> None:
            gone.set()
            raise ConnectionLost(f"{len(data)} bytes are lost")

    with answerer(Attempts(ROOM)) as one:
        one.answer(Reach(["192.168.1.7"]), Broken(), ROOM)
        assert gone.wait(TIMEOUT_S)
