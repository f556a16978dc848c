"""Pauses between attempts to reconnect."""

from __future__ import annotations

import pytest

from messango.client.connection.backoff import _JITTER, _STEPS_S, Backoff


def test_the_first_attempt_is_immediate_and_pauses_grow() -> None:
    """Up to a few seconds."""
    backoff = Backoff()
    waits_s = [backoff.next_s() for _ in range(20)]
    assert waits_s[0] == 0
    steps_s = [*_STEPS_S, *[_STEPS_S[-1]] * (20 - len(_STEPS_S))]
    for wait_s, step_s in zip(waits_s, steps_s, strict=True):
        assert step_s * (1 - _JITTER) <= wait_s <= step_s * (1 + _JITTER)


def test_a_reset_starts_again_with_no_pause() -> None:
    """The next break is mended at once again."""
    backoff = Backoff()
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0


def test_pauses_are_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The members of a room do not reconnect in the same moment."""
    monkeypatch.setattr("messango.client.connection.backoff._STEPS_S", (1.0,))
    assert len({Backoff().next_s() for _ in range(10)}) > 1
