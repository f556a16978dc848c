"""Names that look alike in other letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.text.confusables import look_alike_keys, looks_like, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "\u0410nn"),
        ("Ann", "A\u0578\u0578"),
        ("ANNA", "\u0391\u039d\u039d\u0391"),
        ("anna", "\u0391\u039d\u039d\u0391"),
        ("pay", "\u0440\u0430\u0443"),
        ("Ian", "lan"),
        ("Tom", "T0m"),
        ("Marnie", "Mamie"),
        ("Ann Lee", "AnnLee"),
        ("Ann", "ann\u2800"),
        ("Zoë", "Zоe\u0308"),
        ("Ali", "Al\u0131\u0307"),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    """Across scripts or within one, in any case, and with or without a space."""
    assert looks_like(one, other)
    assert looks_like(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "Anne"),
        ("Ann", "Ann 2"),
        ("Zoe", "Zoë"),
        ("Ann", "Ạnn"),
        ("你好", "您好"),
        ("Ian", "Lan"),
        ("Iana", "Lana"),
        ("Iina", "Lina"),
    ],
)
def test_names_that_differ_to_the_eye(one: str, other: str) -> None:
    """A mark (UTS 39), a letter or a number more is a difference, and so is `L` for `I`."""
    assert not looks_like(one, other)


@given(st.text(max_size=20))
def test_a_skeleton_stays(text: str) -> None:
    """The skeleton of a skeleton is itself, so the table needs no second look-up (UTS 39)."""
    assert skeleton(skeleton(text)) == skeleton(text)
    assert unicodedata.is_normalized("NFD", skeleton(text))


@given(st.text(max_size=20))
def test_a_name_looks_like_itself(name: str) -> None:
    """In capital letters too."""
    assert looks_like(name, name)
    assert look_alike_keys(name)[1] == look_alike_keys(name.casefold())[1]
