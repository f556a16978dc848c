"""The token bucket: how many pass now, and when the next one may."""

from __future__ import annotations

import pytest

from messango.protocol.connection.rate_limit import TokenBucket


def test_a_burst_passes_at_once() -> None:
    """And no more than that."""
    bucket = TokenBucket(20, 50, 100.0)
    assert bucket.take(30, 100.0) == 30
    assert bucket.take(30, 100.0) == 20
    assert bucket.take(1, 100.0) == 0


def test_the_rate_applies_after_the_burst() -> None:
    """Time fills the bucket, and `next_at_s` is when the next one may pass."""
    bucket = TokenBucket(20, 50, 100.0)
    bucket.take(50, 100.0)
    assert bucket.next_at_s() == pytest.approx(100.05)
    assert bucket.take(100, 100.5) == 10


@pytest.mark.parametrize("rate", [0.5, 3, 20, 1_000])
@pytest.mark.parametrize("start_s", [0.1, 12_345.678, 9_876_543.21])
def test_after_the_wait_one_passes(rate: float, start_s: float) -> None:
    """At exactly `next_at_s`, whatever the rounding."""
    bucket = TokenBucket(rate, 5, start_s)
    bucket.take(5, start_s)
    for _ in range(500):
        assert bucket.take(2, bucket.next_at_s()) == 1


def test_the_bucket_is_bounded() -> None:
    """After a long pause it has tokens for one burst."""
    bucket = TokenBucket(20, 50, 100.0)
    assert bucket.take(1_000, 3_700.0) == 50


def test_a_rate_of_zero_is_no_limit() -> None:
    """Everything passes."""
    bucket = TokenBucket(0, 50, 100.0)
    assert bucket.take(1_000_000, 100.0) == 1_000_000
    assert bucket.next_at_s() == 100.0
