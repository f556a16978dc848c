"""The benchmarks of guests run, in short, and their figures are there."""

from __future__ import annotations

import os
import threading

import pytest

from tests.benchmarks.contestants import OURS
from tests.benchmarks.guests.memory import page_visits
from tests.benchmarks.guests.talking import Delays
from tests.benchmarks.light import cpu_s, idling, wakeups


def test_the_median_and_the_99th_percentile() -> None:
    """One of a hundred is slower."""
    assert Delays.of([*map(float, range(100, 0, -1))]) == (51.0, 100.0)
    assert Delays.of([2.0]).figures("Ann") == {"Ann, median, ms": 2.0, "Ann, 99th percentile, ms": 2.0}


def test_the_time_of_a_thread_that_has_ended_counts() -> None:
    """Otherwise a busy server with short-lived threads would seem to have spent less than nothing."""
    before_s = cpu_s(os.getpid())
    thread = threading.Thread(target=lambda: sum(range(2_000_000)))
    thread.start()
    thread.join()
    assert cpu_s(os.getpid()) - before_s > 0.005
    assert str(thread.native_id) not in wakeups(os.getpid())
    (cost,) = idling([os.getpid()], 0.05)
    assert cost.cpu_percent >= 0
    assert cost.wakeups_per_s >= 0


@pytest.mark.program
def test_visits_to_the_page() -> None:
    """The page and its files come; the first visit loads what a server has for browsers."""
    figures = page_visits(OURS)
    assert figures["requests"] >= 3
    assert figures["bytes"] > 10_000
    assert figures["the first visit, memory, KB"] > figures["a later visit, memory, KB"]
