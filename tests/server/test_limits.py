"""The token bucket: how much one member may say."""

from __future__ import annotations

import pytest

from messango.protocol.codec import encode
from messango.protocol.frames import Message, Say
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_NAME_CHARACTERS
from messango.server.limits import BATCH_BYTES, TokenBucket
from messango.transport.connection import OUTBOX_BYTES


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("time.monotonic", made)
    return made


def test_a_burst_passes_at_once(clock: Clock) -> None:
    """What was saved up may be spent, and no more than that."""
    del clock
    bucket = TokenBucket(20, 50)
    assert bucket.take(30) == 30
    assert bucket.take(30) == 20
    assert bucket.take(1) == 0


def test_then_the_rate_counts(clock: Clock) -> None:
    """Time fills the bucket, and `wait_s` tells how long until the next one may pass."""
    bucket = TokenBucket(20, 50)
    bucket.take(50)
    assert bucket.wait_s() == pytest.approx(0.05)
    clock.now_s += 0.5
    assert bucket.wait_s() == pytest.approx(0.05)
    assert bucket.take(100) == 10


def test_after_the_wait_one_passes(clock: Clock) -> None:
    """However often: waiting for as long as told is always enough, or nearly."""
    bucket = TokenBucket(3, 5)
    bucket.take(5)
    for _ in range(1_000):
        clock.now_s += bucket.wait_s() + 1e-9
        assert bucket.take(1) == 1


def test_no_more_is_saved_up_than_the_burst(clock: Clock) -> None:
    """A long silence gives no right to a flood."""
    bucket = TokenBucket(20, 50)
    clock.now_s += 3_600
    assert bucket.take(1_000) == 50


def test_a_rate_of_zero_is_no_limit() -> None:
    """Everything passes, nothing waits."""
    bucket = TokenBucket(0, 50)
    assert bucket.take(1_000_000) == 1_000_000
    assert bucket.wait_s() == 0


def test_what_becomes_of_a_round_fits_an_outbox() -> None:
    """Of the shortest messages under the longest name: who reads well is not parted with for a flood."""
    said = encode(Say("1", "x"))
    heard = encode(
        Message(10**18, "1", "0" * 16, 1764366260.1234567, "\U0001f96d" * MAX_NAME_CHARACTERS, "x")
    )
    taken = BATCH_BYTES + 2 * MAX_FRAME_BYTES  # The last read may begin just below the limit.
    assert taken / len(said) * len(heard) < OUTBOX_BYTES
