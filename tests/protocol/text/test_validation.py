"""Names that look the same are equal, and no text can disturb a screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import BadName
from messango.protocol.limits import MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS
from messango.protocol.text.validation import (
    clean_name,
    clean_text,
    first_text_error,
    normalized_name,
    normalized_prefix,
    numbered_name,
    text_error,
)

#: Every kind of space, what is as blank as one, and what shows nothing at all.
SPACES = ["  ", "\u00a0", "\u1680", *map(chr, range(0x2000, 0x200B)), "\u202f", "\u205f", "\u3000", "\u2800"]
INVISIBLE = [
    *"\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u180f\u200b\u200c\u200d\u2060\u2065\u206f\u3164\ufe00\ufe0f",
    *"\ufeff\uffa0\ufff0\ufff9\U0001bca0\U0001d173\U000e0000\U000e0041\U000e0100\U000e01ef\U000e0fff",
    "\u1039",
    "\U00016fe4",
]
BLANKS = [*SPACES, *INVISIBLE]

#: Half of a surrogate pair is what a terminal's wrong byte becomes in Python.
anything = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann", "Ann"),
        ("  Ann \t\n", "Ann"),
        ("Ann Lee", "Ann Lee"),
        ("\uff21\uff4e\uff4e", "Ann"),
        ("Rene\u0301", "René"),
        ("\ufb01nn", "finn"),
        ("\u00a0Ann\u3000", "Ann"),
        ("\U0001f96d", "\U0001f96d"),
        ("\U0001f469\u200d\U0001f4bb Ann", "\U0001f469\u200d\U0001f4bb Ann"),
        ("7", "7"),
        ("-", "-"),
        ("你好", "你好"),
        ("שלום", "שלום"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * MAX_NAME_CHARACTERS, "x" * MAX_NAME_CHARACTERS),
        ("Ann \u2003\u1680 Lee", "Ann Lee"),
        ("Ann\u2800\u2800Lee\u2800", "Ann Lee"),
        ("A\u034fn\u3164n\ufe0f\U000e0100", "Ann"),
        ("A\u200dn\u00adn\u2065\U000e0fff", "Ann"),
        ("\u0301Ann", "Ann"),
        ("Ann\u0301\u0301", "An\u0144"),
        ("Ann\u1039", "Ann"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("\u2764\ufe0f Ann", "\u2764\ufe0f Ann"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("မန္တ", "မန္တ"),
    ],
)
def test_a_name_is_normalized_and_trimmed(typed: str, kept: str) -> None:
    """Names may have any script and emoji."""
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \t\n ", "empty"),
        ("\u200b", "empty"),
        ("\u200d\u2060\ufeff", "empty"),
        ("\u0301", "empty"),
        ("\u3164", "empty"),
        ("\u115f\u1160 \uffa0", "empty"),
        ("\u2800", "empty"),
        ("x" * (MAX_NAME_CHARACTERS + 1), "too long: 33"),
        ("\ufdfa" * 2, "too long: 36"),
        ("\u00ad" * 60_000 + "Ann", "too long: 60,003"),
        ("A\nB", "control"),
        ("A\tB", "control"),
        ("A\x00B", "control"),
        ("A\x1b[31mB", "control"),
        ("A\x7fB", "control"),
        ("A\x9bB", "control"),
        ("A\u2028B", "control"),
        ("A\u202eB", "control"),
        ("\u2067Ann\u2069", "control"),
        ("Ann\u200f", "control"),
        ("A\u061cB", "control"),
        ("A\ud800B", "control"),
    ],
)
def test_a_misleading_name_is_refused(typed: str, reason: str) -> None:
    """Invisible, too long, or with characters that move a cursor or change the direction of text."""
    with pytest.raises(BadName, match=reason) as caught:
        clean_name(typed)
    assert caught.value.hint


@given(anything)
def test_a_name_is_clean_or_refused(typed: str) -> None:
    """Any text gives a valid name, which cleaning does not change again, or `BadName`."""
    try:
        name = clean_name(typed)
    except BadName:
        return
    assert 1 <= len(name) <= MAX_NAME_CHARACTERS
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name)
    assert unicodedata.is_normalized("NFKC", name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "ANN"),
        ("straße", "STRASSE"),
        ("Rene\u0301", "RENÉ"),
        ("\uff21nn", "ann"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ﬁnn", "FINN"),
        ("\u2764\ufe0f", "\u2764"),
        ("e\u034f\u0301", "é"),
        ("Ali", "Ali\u0307"),
        ("Ali", "ALİ"),
        ("\u1ecb", "i\u0323\u0307"),
        *[("Ann", f"Ann{blank}") for blank in BLANKS],
        *[("Ann", f"{blank}Ann") for blank in BLANKS],
        *[("Ann", f"A{mark}nn") for mark in INVISIBLE],
        *[("Ann Lee", f"Ann{space}Lee") for space in SPACES],
    ],
)
def test_names_that_look_the_same_are_equal(one: str, other: str) -> None:
    """Case and composition do not matter."""
    assert normalized_name(one) == normalized_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ann", "Anne"), ("Ann", "Ann 2"), ("Resume", "Résumé"), ("i\u0307\u0301", "í")]
)
def test_similar_names_differ(one: str, other: str) -> None:
    """A similar name is not taken."""
    assert normalized_name(one) != normalized_name(other)


@given(anything)
def test_the_normalized_form_stays(typed: str) -> None:
    """Normalizing it again changes nothing, whatever was typed."""
    assert normalized_name(normalized_name(typed)) == normalized_name(typed)


def test_the_beginning_of_a_name() -> None:
    """It is compared as names are, and a space at its end counts."""
    assert normalized_name("Bo  Berg").startswith(normalized_prefix("BO "))
    assert not normalized_name("Bob").startswith(normalized_prefix("Bo "))
    assert normalized_prefix("") == normalized_prefix("\u2800") == ""


@given(anything)
def test_a_cleaned_name_equals_the_typed_name(typed: str) -> None:
    """Cleaning keeps the normalized form."""
    try:
        name = clean_name(typed)
    except BadName:
        return
    assert normalized_name(typed) == normalized_name(name)


@given(st.text(min_size=1, max_size=MAX_NAME_CHARACTERS), st.integers(2, 10**6))
def test_a_numbered_name_keeps_to_the_limit(name: str, number: int) -> None:
    """The name is shortened, never the number."""
    result = numbered_name(name, number)
    assert len(result) <= MAX_NAME_CHARACTERS
    assert result.endswith(f" {number}")
    assert name.startswith(result.removesuffix(f" {number}"))


@given(anything, st.integers(2, 1000))
def test_a_numbered_name_is_valid(typed: str, number: int) -> None:
    """And differs from the name without a number."""
    try:
        name = clean_name(typed)
    except BadName:
        return
    result = numbered_name(name, number)
    assert clean_name(result) == result.strip()
    assert normalized_name(result) != normalized_name(name)


def test_a_number_is_appended() -> None:
    """The second Ann is `Ann 2`; a long name is shortened."""
    assert numbered_name("Ann", 2) == "Ann 2"
    assert numbered_name("x" * 32, 2) == "x" * 30 + " 2"
    assert numbered_name("x" * 29 + "   ", 10) == "x" * 29 + " 10"
    assert numbered_name("Conference room", 12, limit=10) == "Confere 12"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hello", "hello"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("from Windows\r\n", "from Windows\n"),
        ("\x1b[31mred\x1b[0m", "red"),
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


def test_the_first_error_of_several_texts() -> None:
    """As for each by itself."""
    long = "x" * (MAX_TEXT_CHARACTERS + 1)
    assert first_text_error([]) == first_text_error(["x", "y"]) == ""
    assert first_text_error(["x", "", long]) == text_error("")
    assert first_text_error(["x", long, ""]) == text_error(long)
