"""Files wait for talk, and for nothing else."""

from __future__ import annotations

import pytest

from messango.server.files.transfers.pace import PACED_BYTES_PER_S, STEP_BYTES, TALK_LASTS_S, Pace


class Clock:
    """A clock that a test sets."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_nothing_waits_while_nobody_talks() -> None:
    """However much goes."""
    pace = Pace(Clock())
    assert [pace.delay_s(10**9) for _ in range(3)] == [0.0] * 3


def test_while_people_talk_all_transfers_share_one_speed() -> None:
    """Each step waits until it would be due."""
    clock = Clock()
    pace = Pace(clock)
    pace.talk()
    step_s = STEP_BYTES / PACED_BYTES_PER_S
    assert [round(pace.delay_s(STEP_BYTES) / step_s, 6) for _ in range(3)] == [1, 2, 3]
    clock.now_s += 2 * step_s
    assert round(pace.delay_s(STEP_BYTES) / step_s, 6) == 2


def test_files_are_fast_again_after_the_talk() -> None:
    """And a new talk does not find an old debt."""
    clock = Clock()
    pace = Pace(clock)
    pace.talk()
    pace.delay_s(10 * PACED_BYTES_PER_S)
    clock.now_s += TALK_LASTS_S + 0.01
    assert pace.delay_s(STEP_BYTES) == 0.0
    clock.now_s += 10.0
    pace.talk()
    assert pace.delay_s(STEP_BYTES) == pytest.approx(STEP_BYTES / PACED_BYTES_PER_S)
