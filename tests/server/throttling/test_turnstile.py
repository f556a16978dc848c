"""Who is next when several threads wait for their turn."""

from __future__ import annotations

import heapq
import threading
from typing import Any

import pytest

from messango.server.throttling.trust import Trust
from messango.server.throttling.turnstile import Turnstile

TIMEOUT_S = 30.0


def test_the_highest_trust_is_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it came; those with the same trust go in the order of their arrival."""
    turnstile, order = Turnstile(), list[tuple[Trust, int]]()

    def wait(trust: Trust, number: int) -> None:
        with turnstile.turn(trust):
            order.append((trust, number))

    arrivals = [
        (Trust.NOTHING, 1),
        (Trust.NOTHING, 2),
        (Trust.ADDRESS, 3),
        (Trust.SESSION, 4),
        (Trust.ADDRESS, 5),
    ]
    arrived = threading.Semaphore(0)

    def push(waiting: list[Any], turn: Any) -> None:
        heapq.heappush(waiting, turn)
        arrived.release()

    monkeypatch.setattr("messango.server.throttling.turnstile.heappush", push)
    threads = [threading.Thread(target=wait, args=arrival) for arrival in arrivals]
    with turnstile.turn(Trust.NOTHING):
        for thread in threads:
            thread.start()
            assert arrived.acquire(timeout=TIMEOUT_S)
    for thread in threads:
        thread.join()
    assert [number for _, number in order] == [4, 3, 5, 1, 2]


def test_it_is_free_again_after_an_exception() -> None:
    """Else nobody would ever get through again."""
    turnstile = Turnstile()
    for _ in range(2):
        try:
            with turnstile.turn(Trust.NOTHING):
                raise ValueError
        except ValueError:
            pass
    assert not turnstile._is_taken
