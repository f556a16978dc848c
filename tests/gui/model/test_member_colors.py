"""Colours and initials of members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.member_colors import color_index, initial


@given(st.text(), st.integers(1, 12))
def test_each_name_has_a_color(name: str, colors: int) -> None:
    """Whatever a name is made of, one of the colours is its own."""
    assert 0 <= color_index(name, colors) < colors


def test_a_name_keeps_its_color() -> None:
    """The colour does not depend on the run or the machine, nor on how the name is written."""
    assert [color_index(name, 8) for name in ("Ann", "Ben", "Chiara")] == [5, 4, 2]
    assert color_index("ANN", 8) == color_index("ann", 8)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("ann", "A"), ("(ben)", "B"), ("🥭 mango", "M"), ("7 of 9", "7"), ("🥭", "?"), ("ßa", "S")],
)
def test_initials(name: str, letter: str) -> None:
    """The first letter or digit stands for a name, one character wide."""
    assert initial(name) == letter
