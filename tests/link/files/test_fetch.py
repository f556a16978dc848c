"""Getting a file from other servers: finding one that has it, all bytes once and in order, and giving up."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from messango.link.files.fetch import (
    GIVE_UP_AFTER_S,
    LOOK_FOR_S,
    PIECE_TIMEOUT_S,
    SOURCE_SILENT_S,
    Fetch,
    FetchFailure,
    Sending,
    Wanted,
)
from messango.link.files.file_frames import (
    PIECE_BYTES,
    AnyFileFrame,
    Ask,
    Done,
    Full,
    Have,
    Lack,
    Piece,
    WhoHas,
)
from messango.link.files.window import MAX_PIECES

DATA = random.Random(1).randbytes(40 * PIECE_BYTES + 17)  # noqa: S311 (a made-up file)


class Exchange:
    """A fetch by server `us` of a file that others have, and the time."""

    def __init__(self, *having: str, others: tuple[str, ...] = ("a", "b"), offset: int = 0) -> None:
        self.having = set(having)
        self.now_s = 100.0
        self.fetch = Fetch("us", "t1", Wanted("f1", len(DATA), others), offset, self.now_s)
        self.got = DATA[:offset]
        self.asked: list[Sending] = []

    @property
    def failure(self) -> FetchFailure | None:
        """Why the file does not come."""
        return self.fetch.failure

    def answer(self, server: str, frame: AnyFileFrame) -> AnyFileFrame | None:
        """Return what a server answers."""
        if server not in self.having:
            return Lack(server, "t1")
        if isinstance(frame, WhoHas):
            return Have(server, "t1")
        assert isinstance(frame, Ask)
        return Piece(server, "t1", frame.offset, DATA[frame.offset : frame.offset + frame.size])

    def ask(self) -> list[AnyFileFrame]:
        """Return the answers to all that is due, in the order of the questions."""
        sendings = self.fetch.due(self.now_s)
        self.asked += sendings
        answers = [
            self.answer(server, frame) for to, frame in sendings for server in ([to] if to else ["a", "b"])
        ]
        return [answer for answer in answers if answer is not None]

    def take(self, frames: list[AnyFileFrame]) -> None:
        """Bring answers."""
        for frame in frames:
            for piece in self.fetch.handle(frame, self.now_s):
                self.got += piece

    def run(
        self, arrange: Callable[[list[AnyFileFrame]], list[AnyFileFrame]] = lambda frames: frames
    ) -> None:
        """Go on until the end; `arrange` is what the way does to the answers."""
        for _ in range(10_000):
            if self.fetch.is_done or self.fetch.failure:
                return
            self.take(arrange(self.ask()))
            self.now_s += max(0.001, self.fetch.wait_s(self.now_s) if not self.fetch.has_begun else 0.01)
        pytest.fail("it never ends")

    def waits(self, seconds: float) -> None:
        """Let time go by without answers."""
        end_s = self.now_s + seconds
        while self.now_s < end_s and not self.fetch.failure:
            self.asked += self.fetch.due(self.now_s)
            self.now_s += 0.25
        self.fetch.due(self.now_s)


def test_all_bytes_come_in_order() -> None:
    """From the server that has them."""
    exchange = Exchange("b")
    exchange.run()
    assert exchange.got == DATA
    assert {to for to, frame in exchange.asked if isinstance(frame, Ask)} == {"b"}
    assert exchange.fetch.last_words() == [Sending("b", Done("us", "t1"))]


def test_it_goes_on_where_an_earlier_fetch_ended() -> None:
    """Nothing before is asked for."""
    exchange = Exchange("a", offset=1_000_003)
    exchange.run()
    assert exchange.got == DATA
    assert min(frame.offset for _, frame in exchange.asked if isinstance(frame, Ask)) == 1_000_003


def test_an_empty_rest_needs_nobody() -> None:
    """As of a file whose last byte had come."""
    exchange = Exchange(offset=len(DATA))
    assert exchange.fetch.is_done
    assert exchange.ask() == []


@pytest.mark.parametrize("seed", range(5))
def test_answers_may_be_lost_doubled_and_in_any_order(seed: int) -> None:
    """Every byte comes once all the same."""
    chance = random.Random(seed)  # noqa: S311 (a made-up network)
    exchange = Exchange("a", "b")

    def arrange(frames: list[AnyFileFrame]) -> list[AnyFileFrame]:
        exchange.now_s += chance.choice([0.0, PIECE_TIMEOUT_S / 3])
        arranged = [frame for frame in frames for _ in range(chance.choice([0, 1, 1, 1, 2]))]
        chance.shuffle(arranged)
        return arranged

    exchange.run(arrange)
    assert exchange.got == DATA


def test_no_more_is_on_its_way_than_fits_into_memory() -> None:
    """Also if the first piece is lost and all others come."""
    exchange = Exchange("a")
    exchange.take(exchange.ask())
    first = exchange.fetch.offset
    for _ in range(200):
        exchange.take(
            [frame for frame in exchange.ask() if not isinstance(frame, Piece) or frame.offset != first]
        )
        exchange.now_s += 0.001
    asked = [frame.offset for _, frame in exchange.asked if isinstance(frame, Ask)]
    assert max(asked) < first + MAX_PIECES * PIECE_BYTES


def test_what_was_not_asked_for_is_ignored() -> None:
    """Another size, another place, another server: none of it is stored."""
    exchange = Exchange("a")
    exchange.take(exchange.ask())
    exchange.ask()
    exchange.take(
        [
            Piece("a", "t1", 1, DATA[1 : 1 + PIECE_BYTES]),
            Piece("a", "t1", 0, b"short"),
            Piece("b", "t1", 0, bytes(PIECE_BYTES)),
        ]
    )
    assert exchange.got == b""


def test_a_file_that_no_server_has_is_gone_at_once() -> None:
    """When all have answered: nobody waits for more."""
    exchange = Exchange()
    exchange.take(exchange.ask())
    assert exchange.failure is FetchFailure.GONE


def test_a_server_that_does_not_answer_may_have_the_file() -> None:
    """So it is away, not gone, after some seconds in which it is asked again."""
    exchange = Exchange(others=("a", "b", "away"))
    exchange.take(exchange.ask())
    exchange.waits(LOOK_FOR_S)
    assert exchange.failure is FetchFailure.AWAY
    assert len([frame for _, frame in exchange.asked if isinstance(frame, WhoHas)]) == 3


def test_a_busy_server_is_asked_again() -> None:
    """And if it stays busy, that is the reason."""
    exchange = Exchange()
    exchange.fetch.due(exchange.now_s)
    exchange.take([Full("a", "t1"), Lack("b", "t1")])
    assert exchange.failure is None
    exchange.now_s += LOOK_FOR_S - 0.5
    exchange.fetch.due(exchange.now_s)
    exchange.take([Full("a", "t1")])
    exchange.now_s += 0.5
    exchange.fetch.due(exchange.now_s)
    assert exchange.failure is FetchFailure.BUSY


def test_another_server_goes_on_when_the_first_one_dies() -> None:
    """From the byte where it was."""
    exchange = Exchange("a")
    for _ in range(4):
        exchange.take(exchange.ask())
    assert 0 < exchange.fetch.offset < len(DATA)
    exchange.having = {"b"}
    exchange.waits(SOURCE_SILENT_S)
    exchange.run()
    assert exchange.got == DATA
    assert exchange.asked[-1].to == "b"


def test_a_deleted_file_ends_in_the_middle() -> None:
    """When no other server has it either."""
    exchange = Exchange("a")
    for _ in range(3):
        exchange.take(exchange.ask())
    exchange.having = set()
    exchange.run()
    assert exchange.failure is FetchFailure.GONE


def test_a_pause_of_the_engine_is_waited_for() -> None:
    """A moment before it would be given up, the file goes on."""
    exchange = Exchange("a")
    for _ in range(3):
        exchange.take(exchange.ask())
    exchange.waits(GIVE_UP_AFTER_S - 3)
    assert exchange.failure is None
    exchange.run()
    assert exchange.got == DATA


def test_it_never_hangs() -> None:
    """A server that says that it has the file, and never sends it, is given up."""
    exchange = Exchange("a")
    exchange.take(exchange.ask())
    exchange.waits(GIVE_UP_AFTER_S + 1)
    assert exchange.failure is FetchFailure.AWAY
