"""Text from others can't steer the terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.escaping import UNSAFE, safe_json, safe_line, safe_name, safe_text

_ANYTHING = st.text(st.characters(exclude_categories=()))
_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _dangerous(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI
    )


@given(_ANYTHING)
def test_nothing_dangerous_is_left(text: str) -> None:
    """No control, escape, surrogate, separator or mark that turns a line around passes."""
    assert not any(_dangerous(character) for character in safe_text(text) if character != "\n")
    assert not any(_dangerous(character) for character in safe_line(text) + safe_name(text))
    safe_text(text).encode()


@given(_ANYTHING)
def test_a_name_is_one_word_group(text: str) -> None:
    """A name is never empty, and has no two spaces in a row: those part it from what it says."""
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
def test_what_is_unsafe_is_shown_as_an_escape(text: str, shown: str) -> None:
    """One sees that somebody tried; harmless text of any script stays as it is."""
    assert safe_text(text) == shown


def test_a_line_stays_one_line() -> None:
    """Where there is room for one line, a break is shown and not made."""
    assert safe_line("a\nb") == "a\\nb"


@pytest.mark.parametrize(
    ("name", "shown"), [("ann\n* bob came", "ann * bob came"), ("a   b", "a b"), ("", "?")]
)
def test_a_name_forges_no_line(name: str, shown: str) -> None:
    """A name with a line break in it is still one name."""
    assert safe_name(name) == shown


def test_json_is_safe_and_reads_the_same() -> None:
    """JSON may have all but the first 32 characters as they are, and a terminal obeys some of those."""
    document = json.dumps({"text": "\x7f\x9b\u202e\u2028é\n", "more": [1]}, ensure_ascii=False, indent=1)
    shown = safe_json(document)
    assert json.loads(shown) == json.loads(document)
    assert not UNSAFE.search(shown.replace("\n", ""))
    assert "é" in shown
