"""Colours and initials of members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.conversation.member_colors import color_index, initial


@given(st.text(), st.integers(1, 12))
def test_every_name_has_a_color(name: str, colors: int) -> None:
    """For any text and number of colours."""
    assert 0 <= color_index(name, colors) < colors


def test_color_of_a_name_is_stable() -> None:
    """On every computer, and without regard to case."""
    assert [color_index(name, 8) for name in ("Ann", "Ben", "Chiara")] == [5, 4, 2]
    assert color_index("ANN", 8) == color_index("ann", 8)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ann", "A"), ("(ben)", "B"), ("🥭 mango", "M"), ("7 of 9", "7"), ("🥭", "?"), ("ßa", "S")],
)
def test_initial_is_the_first_letter_or_digit(name: str, expected: str) -> None:
    """One character, in upper case."""
    assert initial(name) == expected
