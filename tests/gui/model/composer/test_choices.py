"""What the list above the message field offers."""

from __future__ import annotations

import pytest

from messango.gui.model.composer.choices import (
    MAX_CHOICES,
    Choice,
    ChoiceList,
    name_choices,
    name_query,
)

NAMES = ("Ben", "Ann Lee", "Éva", "benno", "小明")


@pytest.mark.parametrize(
    ("before", "query"),
    [
        ("@", ""),
        ("hi @b", "b"),
        ("(@b", "b"),
        ("@ann l", "ann l"),
        ("你好@小", "小"),
        ("ann@example", None),
        ("a.b@c", None),
        ("no", None),
        ("@ b", None),
        ("@a\nb", None),
        ("@" + "x" * 40, None),
        ("@a @b", "b"),
    ],
)
def test_a_query_is_what_follows_the_sign(before: str, query: str | None) -> None:
    """Not in an address, nor on another line, nor longer than a name."""
    assert name_query(before) == query


def test_names_are_found_by_each_word() -> None:
    """In any case; those that begin so come first."""
    assert [choice.label for choice in name_choices("@", NAMES)] == ["Ann Lee", "Ben", "benno", "Éva", "小明"]
    assert name_choices("x @LE", NAMES) == [Choice("Ann Lee", "@Ann Lee ", 3)]
    assert [choice.label for choice in name_choices("@be", ("Abe", "A Be", "Beth"))] == ["Beth", "A Be"]
    assert name_choices("@ben ", NAMES) == []
    assert name_choices("ben", NAMES) == []
    assert len(name_choices("@", [str(number) for number in range(500)])) == MAX_CHOICES


def test_the_chosen_row_stays_in_sight() -> None:
    """Whichever way one goes; other choices begin at the first again."""
    choices = ChoiceList(3)
    assert choices.chosen is None
    choices.move(1)
    choices.show(name_choices("@", [str(number) for number in range(10)]))
    for _ in range(4):
        choices.move(1)
    assert (choices.index, choices.top) == (4, 2)
    choices.move(-1)
    choices.move(-1)
    choices.move(-1)
    assert (choices.index, choices.top) == (1, 1)
    choices.scroll(20)
    assert (choices.index, choices.top) == (7, 7)
    choices.move(5)
    assert choices.chosen in choices.visible
    choices.show(name_choices("@1", ["1", "10"]))
    assert (choices.index, choices.top) == (0, 0)
