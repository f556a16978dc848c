"""A file's name in a few columns of a terminal."""

from __future__ import annotations

import pytest
from wcwidth import wcswidth

from messango.terminal.short_name import short_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("a very long name for a holiday.jpg", "a ve… holiday.jpg"),
        ("休日の写真をたくさん集めた.jpg", "休日の写…めた.jpg"),
        ("\x1b[31mred.txt", "\\x1b[31mred.txt"),
        ("🥭" * 20, "🥭🥭…" + "🥭" * 6),
    ],
)
def test_a_name_is_cut_in_its_middle(name: str, shown: str) -> None:
    """Its ending says what kind of file it is, and nothing in it controls the terminal."""
    assert short_name(name, 17) == shown
    assert wcswidth(shown) <= 17
