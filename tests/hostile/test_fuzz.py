"""A short run of the fuzzer; the long one is a command of its own."""

from __future__ import annotations

import random

from tests.hostile import fuzz
from tests.hostile.fuzz import run
from tests.hostile.mutate import mutate
from tests.hostile.parser import Parser


def test_no_parser_fails() -> None:
    """Each input is parsed, refused with a message, or ends only its own connection."""
    result = run(20_000, seed=7)
    assert result.failures == []
    assert result.slowest_s < 60
    assert len(result.inputs) >= 10


def test_a_seed_gives_the_same_inputs() -> None:
    """A failure can be reproduced."""
    seeds = [b'{"type":"ping"}\n', "Büro".encode()]
    once, again = random.Random(3), random.Random(3)  # noqa: S311 (no secret)
    assert [mutate(once, seeds) for _ in range(200)] == [mutate(again, seeds) for _ in range(200)]


def test_a_failing_parser_is_reported() -> None:
    """The report has its exception and the input."""
    result = fuzz.Result()

    def failing(data: bytes) -> None:
        assert data != b"bad"

    fuzz.feed(Parser("weak", 1.0, (), failing), b"good", result)
    fuzz.feed(Parser("weak", 1.0, (), failing), b"bad", result)
    assert result.inputs == {"weak": 2}
    assert len(result.failures) == 1
    assert "bad" in result.failures[0]
    assert not result.ok
