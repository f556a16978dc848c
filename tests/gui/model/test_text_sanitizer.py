"""Text from others, made fit to be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.text_sanitizer import TextSanitizer

FULL, PLAIN = TextSanitizer(astral=True), TextSanitizer(astral=False)


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x1b", "\r", "\x85", "\u2028", "\u202e", "\u2066", "\ud800"]
)
def test_what_steers_the_display_is_taken_out(control: str) -> None:
    """No control character, line separator, direction override or lone surrogate is left."""
    assert FULL.text(f"a{control}b") == "ab"


def test_a_text_keeps_its_lines_and_a_line_has_none() -> None:
    """Line breaks and tabs are part of a text; a name or a title is one line."""
    assert FULL.text("a\n\tb") == "a\n\tb"
    assert FULL.line(" a\n\tb  c ") == "a b c"


def test_an_old_libxft_gets_no_astral_character() -> None:
    """Where an emoji would end the program, a square stands for it, one for each with its modifiers."""
    assert FULL.text("ok 👍🏽!") == "ok 👍🏽!"
    assert PLAIN.text("ok 👍🏽!") == "ok □!"
    assert PLAIN.text("👩‍👩‍👧") == "□□□"


def test_titles_have_no_emoji() -> None:
    """Window managers draw none."""
    assert FULL.title("🥭 Mango room") == "Mango room"


@given(st.text())
def test_nothing_astral_passes(text: str) -> None:
    """Without `astral` no character above U+FFFF reaches Tk, and no text makes it fail."""
    assert all(character <= "\uffff" for character in PLAIN.text(text))
    assert "\n" not in PLAIN.line(text)
