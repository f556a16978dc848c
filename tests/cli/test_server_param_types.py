"""Sizes and ages as people type them, and the options of `messango server` about files."""

from __future__ import annotations

import click
import pytest

from messango.cli.server_param_types import OFF, Age, FileLimit


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("200MB", 200_000_000),
        ("1G", 1_000_000_000),
        ("1gb", 1_000_000_000),
        ("500k", 500_000),
        ("1.5 MB", 1_500_000),
        ("4096", 4_096),
        ("12b", 12),
        ("1KiB", 1_024),
    ],
)
def test_a_size(typed: str, size: int) -> None:
    assert FileLimit().convert(typed, None, None) == size


@pytest.mark.parametrize("typed", ["off", "OFF", " off "])
def test_off(typed: str) -> None:
    assert FileLimit().convert(typed, None, None) is OFF


@pytest.mark.parametrize("typed", ["", "much", "-1", "0", "1XB", "1e9", "999999T", "MB", "nan", "1,5 MB"])
def test_what_is_not_a_size(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="off"):
        FileLimit().convert(typed, None, None)


@pytest.mark.parametrize(("typed", "seconds"), [("7d", 604_800.0), ("12h", 43_200.0), ("30M", 1_800.0)])
def test_an_age(typed: str, seconds: float) -> None:
    assert Age().convert(typed, None, None) == seconds


@pytest.mark.parametrize("typed", ["", "7", "0d", "d", "-1d", "1y", "99999d"])
def test_what_is_not_an_age(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="7d"):
        Age().convert(typed, None, None)
