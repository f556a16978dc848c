"""What the commands' options take."""

from __future__ import annotations

import datetime
import time

import click
import pytest

from messango.parameters import IpAddress, Since


def test_a_number_is_a_message_s() -> None:
    """What was said after it is wanted."""
    assert Since().convert("42", None, None) == (42, 0.0)


@pytest.mark.parametrize(("typed", "seconds"), [("30m", 1_800), ("2h", 7_200), ("3d", 259_200)])
def test_a_time_ago(typed: str, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted back from now."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert Since().convert(typed, None, None) == (0, 1_000_000.0 - seconds)


@pytest.mark.parametrize("typed", ["2026-11-22", "2026-11-22T14:05", "2026-11-22 14:05:30"])
def test_a_date_is_of_the_person_s_own_day(typed: str) -> None:
    """Without a time zone, the machine's is meant."""
    seq, seconds = Since().convert(typed, None, None)
    assert seq == 0
    assert datetime.datetime.fromtimestamp(seconds) == datetime.datetime.fromisoformat(typed)


@pytest.mark.parametrize("typed", ["", "yesterday", "2x", "h", "2026-13-01", "-5", "０x"])
def test_what_is_no_time_is_told(typed: str) -> None:
    """With what could be given instead."""
    with pytest.raises(click.BadParameter, match="2026-11-22"):
        Since().convert(typed, None, None)


def test_addresses() -> None:
    """Both families, and nothing else."""
    assert IpAddress().convert("127.0.0.1", None, None) == "127.0.0.1"
    assert IpAddress().convert("fe80::1", None, None) == "fe80::1"
    with pytest.raises(click.BadParameter, match="messango doctor"):
        IpAddress().convert("nonsense", None, None)
