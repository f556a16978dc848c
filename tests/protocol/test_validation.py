"""Names that look the same are equal, and no text can disturb a screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import BadName
from messango.protocol.limits import MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS
from messango.protocol.validation import clean_name, clean_text, normalized_name, numbered_name, text_error

#: Half of a surrogate pair is what a terminal's wrong byte becomes in Python.
anything = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hello", "hello"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("ring\x07\x08\x7f\x9b", "ring"),
        ("half \ud83e a pair", "half  a pair"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("שלום\u200f", "שלום\u200f"),
        ("  as typed  ", "  as typed  "),
        ("\x00\x1b", ""),
    ],
)
def test_control_characters_are_removed_from_a_text(typed: str, kept: str) -> None:
    """All else stays as typed; `test_control_sequences` has what is removed whole."""
    assert clean_text(typed) == kept


@given(anything)
def test_a_clean_text_can_be_sent_and_shown(typed: str) -> None:
    """It is valid UTF-8, has no control character except newline and tab, and stays the same."""
    text = clean_text(typed)
    text.encode()
    assert not any(
        unicodedata.category(character) == "Cc" for character in text.replace("\n", "").replace("\t", "")
    )
    assert clean_text(text) == text


def test_the_length_of_a_text() -> None:
    """1 to 8,000 characters; otherwise the error has the reason."""
    assert text_error("x") == ""
    assert text_error("\U0001f96d" * MAX_TEXT_CHARACTERS) == ""
    assert "empty" in text_error("")
    assert "8,001 characters; the limit is 8,000" in text_error("x" * (MAX_TEXT_CHARACTERS + 1))
