"""Which member the beginning of a text means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.typed.addressing import Target, split_name, split_target, typed_name

NAMES = ("Ann", "Ann 2", "Ann Lee", "Zoë", "a:", "Straße", "日本", "x" * 32)


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("Ann hi", ("Ann", "hi")),
        ("ann\u00a0hi", ("Ann", "hi")),
        ("ANN LEE hi", ("Ann Lee", "hi")),
        ("Ann  Lee  hi", ("Ann Lee", "hi")),
        ("Ann 2", ("Ann 2", "")),
        ("Ann 22", ("Ann", "22")),
        ("Ann: Lee", ("Ann", "Lee")),
        ("Ann, 2", ("Ann", "2")),
        ("a: hi", ("a:", "hi")),
        ("zoe\u0308 hi", ("Zoë", "hi")),
        ("STRASSE hi", ("Straße", "hi")),
        ("日本 hi", ("日本", "hi")),
        ('"Ann" 2 cups', ("Ann", "2 cups")),
        ("“Ann 2”: hi", ("Ann 2", "hi")),
        ("x" * 32 + " hi", ("x" * 32, "hi")),
        ("Annika hi", None),
        ('"Bob" hi', None),
        ("", None),
        (" ", None),
        ("y" * 50_000, None),
    ],
)
def test_a_name_at_the_beginning(typed: str, split: tuple[str, str] | None) -> None:
    """As names are compared everywhere: case, width, accents' form and the number of spaces do not matter."""
    assert split_name(typed, NAMES) == split


@given(st.sampled_from(NAMES), st.sampled_from(["hi", "2 cups", "Lee", "", "“x”"]))
def test_a_completed_name_means_the_same_member(name: str, text: str) -> None:
    """Whatever follows it."""
    assert split_name(f"{typed_name(name, NAMES)} {text}", NAMES) == (name, text)


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_split(typed: str) -> None:
    """Nothing raises."""
    split_target(typed, NAMES)


def test_a_number_means_a_message() -> None:
    """Only as a word of its own, and not a number that no message can have."""
    assert split_target("#12 hi", NAMES) == (Target(12), "hi")
    assert split_target("#12th", NAMES) == (Target(), "#12th")
    assert split_target("#" + "9" * 30, NAMES) == (Target(), "#" + "9" * 30)
