"""The order of characters of mixed directions."""

from __future__ import annotations

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.text.bidi import base_level, has_rtl, mirrored, resolve_levels, visual_order

#: Each class of the algorithm that a sanitized text can have, and brackets.
MIXED = st.text(st.sampled_from([*"abאבגابג12٣٤+-#$,:.()[]<>!?& "]), max_size=14)


def shown(text: str, base: int) -> str:
    """Return a text as it is shown on one line."""
    levels = resolve_levels(text, base)
    return "".join(
        mirrored(text[place]) if levels[place] % 2 else text[place] for place in visual_order(levels)
    )


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("abc", "abc"),
        ("שלום עולם", "םלוע םולש"),
        ("hello שלום", "hello םולש"),
        ("שלום hello", "hello םולש"),
        ("שלום (שלום)!", "!(םולש) םולש"),
        ("text (שלום) שלום", "text (םולש) םולש"),
        ("בשעה 14:30", "14:30 העשב"),
        ("מחיר: 50%", "50% :ריחמ"),
    ],
)
def test_order(text: str, visible: str) -> None:
    """By the first strong character; numbers and brackets read well."""
    assert shown(text, base_level(text)) == visible


def test_what_has_a_direction() -> None:
    """Digits and signs have none; an empty text is from left to right."""
    assert [has_rtl(text) for text in ("abc", "日本 é 1", "x א", "سلام", "\u200f")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert [base_level(text) for text in ("", "12 !", "!א a", "1 a א", "سلام")] == [0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    "text", ["א(" * 4_000, "א\t" * 4_000, "א" + "\t" * 8_000, "(" * 4_000 + "א" + ")" * 4_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    """The work grows with the length, not with its square: each of these would take minutes."""
    assert sorted(visual_order(resolve_levels(text, 0))) == [*range(len(text))]


@given(MIXED, st.sampled_from([0, 1]))
def test_the_order_is_that_of_the_library(text: str, base: int) -> None:
    """`python-bidi` is another implementation of the same rules; it mirrors nothing, and keeps blanks."""
    text = text.strip()
    order = visual_order(resolve_levels(text, base))
    assert "".join(text[place] for place in order) == get_display(text, base_dir="LR"[base])
