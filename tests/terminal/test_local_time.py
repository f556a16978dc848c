"""Times in this computer's time zone."""

from __future__ import annotations

import datetime

import pytest

from messango.terminal.local_time import short_time


def test_the_time_of_today() -> None:
    """Without a date; that of any other day has one."""
    now = datetime.datetime.now().astimezone().replace(hour=14, minute=5)
    assert short_time(now.timestamp()) == "14:05"
    earlier = now - datetime.timedelta(days=40)
    assert short_time(earlier.timestamp()) == f"{earlier.astimezone():%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("time_s", [1e18, float("inf"), float("nan")])
def test_a_time_that_no_calendar_has(time_s: float) -> None:
    """A wrong clock, or somebody's doing."""
    assert short_time(time_s) == "an unknown time"
