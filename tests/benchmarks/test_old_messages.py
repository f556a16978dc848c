"""The benchmark of old messages runs on few of them."""

from __future__ import annotations

import pytest

from tests.benchmarks.contestants import OURS
from tests.benchmarks.old_messages import old_messages


@pytest.mark.program
def test_few_old_messages() -> None:
    """Each figure is there, and is a time."""
    figures = old_messages(OURS, 3_000, 500, {"a word": "needle"})
    assert all(value > 0 for value in figures.values())
    assert [name for name in figures if name.startswith(("search", "page"))] == [
        "search, a word, ms",
        "page of older messages, median, ms",
        "page of older messages, worst, ms",
    ]
