"""How long to wait before the next attempt."""

from __future__ import annotations

import pytest

from messango.client.backoff import _JITTER, _STEPS_S, Backoff


def test_the_first_attempt_is_made_at_once_and_the_others_ever_later() -> None:
    """Up to a few seconds: a room that is back is found soon, and never hammered."""
    backoff = Backoff()
    waits_s = [backoff.next_s() for _ in range(20)]
    assert waits_s[0] == 0
    steps_s = [*_STEPS_S, *[_STEPS_S[-1]] * (20 - len(_STEPS_S))]
    for wait_s, step_s in zip(waits_s, steps_s, strict=True):
        assert step_s * (1 - _JITTER) <= wait_s <= step_s * (1 + _JITTER)


def test_success_begins_anew() -> None:
    """The next break is mended at once again."""
    backoff = Backoff()
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0


def test_the_members_of_a_room_do_not_knock_in_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits a little longer or shorter than the others."""
    monkeypatch.setattr("messango.client.backoff._STEPS_S", (1.0,))
    assert len({Backoff().next_s() for _ in range(10)}) > 1
