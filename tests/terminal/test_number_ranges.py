"""Numbers of lines, in words."""

from __future__ import annotations

import pytest

from messango.terminal.number_ranges import number_ranges


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([3], "line 3"), ([9, 3, 4, 5], "lines 3 to 5, 9"), ([1, 2], "lines 1 to 2")],
)
def test_ranges(numbers: list[int], text: str) -> None:
    """Neighbours are one range, in order."""
    assert number_ranges("line", numbers) == text


def test_many_ranges() -> None:
    """They are cut off."""
    assert number_ranges("line", range(1, 999, 2)).endswith("37, 39, …")
