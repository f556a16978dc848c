"""Text from other people can't control the terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.text.escaping import UNSAFE, safe_json, safe_line, safe_name, safe_text

_ANYTHING = st.text(st.characters(exclude_categories=()))
_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _dangerous(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI
    )


@given(_ANYTHING)
def test_nothing_dangerous_is_left(text: str) -> None:
    """No control character, surrogate, separator or mark that changes the direction of text."""
    assert not any(_dangerous(character) for character in safe_text(text) if character != "\n")
    assert not any(_dangerous(character) for character in safe_line(text) + safe_name(text))
    safe_text(text).encode()


@given(_ANYTHING)
def test_a_name_has_no_double_spaces(text: str) -> None:
    """Double spaces separate a name from its text. A name is never empty."""
    assert safe_name(text)
    assert "  " not in safe_name(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
        ("\tset in", "    set in"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31m", "\\x9b31m"),
        ("evil \u202etxt.exe", "evil \\u202etxt.exe"),
        ("a\u2028b", "a\\u2028b"),
        ("\ud800", "\\ud800"),
        ("שלום\u200f 👩‍👩‍👧 é", "שלום\u200f 👩‍👩‍👧 é"),
    ],
)
def test_unsafe_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    """Harmless text of any script is not changed."""
    assert safe_text(text) == shown


def test_a_line_stays_one_line() -> None:
    """A line break is shown as an escape."""
    assert safe_line("a\nb") == "a\\nb"


@pytest.mark.parametrize(
    ("name", "shown"), [("ann\n* bob came", "ann * bob came"), ("a   b", "a b"), ("", "?")]
)
def test_a_name_stays_on_one_line(name: str, shown: str) -> None:
    """Even a name with a line break."""
    assert safe_name(name) == shown


def test_json_is_safe_and_equal() -> None:
    """JSON allows raw characters above U+001F, and terminals react to some of them."""
    document = json.dumps({"text": "\x7f\x9b\u202e\u2028é\n", "more": [1]}, ensure_ascii=False, indent=1)
    shown = safe_json(document)
    assert json.loads(shown) == json.loads(document)
    assert not UNSAFE.search(shown.replace("\n", ""))
    assert "é" in shown
