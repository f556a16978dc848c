"""Cleaning other people's text for the display."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.text.sanitizer import TextSanitizer

FULL, PLAIN = TextSanitizer(astral=True), TextSanitizer(astral=False)


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x80", "\x9b", "\u202e", "\u2066", "\ud800"])
def test_control_characters_are_removed(control: str) -> None:
    """And direction overrides and lone surrogates."""
    assert FULL.text(f"a{control}b") == "ab"


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_a_newline(line_end: str) -> None:
    """A history of an earlier version has all of them; on one line they are spaces."""
    assert FULL.text(f"10%{line_end}20%") == "10%\n20%"
    assert FULL.line(f"10%{line_end}20%") == "10% 20%"


def test_text_has_line_breaks_and_line_has_none() -> None:
    """A name or a title is one line."""
    assert FULL.text("a\n\tb") == "a\n\tb"
    assert FULL.line(" a\n\tb  c ") == "a b c"


def test_without_astral_emoji_are_replaced() -> None:
    """By a square each, together with its modifiers."""
    assert FULL.text("ok 👍🏽!") == "ok 👍🏽!"
    assert PLAIN.text("ok 👍🏽!") == "ok □!"
    assert PLAIN.text("👩‍👩‍👧") == "□□□"


def test_titles_have_no_emoji() -> None:
    """Window managers do not draw them."""
    assert FULL.title("🥭 Mango room") == "Mango room"


@given(st.text())
def test_without_astral_no_character_is_above_ffff(text: str) -> None:
    """For any text."""
    assert all(character <= "\uffff" for character in PLAIN.text(text))
    assert "\n" not in PLAIN.line(text)


def test_labels_are_in_visual_order_only_where_needed() -> None:
    """A sentence keeps its direction, a name has its own; what is stored and typed stays as it is."""
    ordered, system = TextSanitizer(astral=True, reorders=True), TextSanitizer(astral=True)
    assert ordered.label("דנה (QA)\nleft") == "הנד (QA) left"
    assert ordered.name("דנה (QA)") == "(QA) הנד"
    assert ordered.text("דנה") == ordered.line("דנה") == ordered.title("דנה") == "דנה"
    assert system.label("דנה left") == "דנה left"
    assert system.name("דנה (QA)") == "דנה (QA)"


def test_a_draft_is_previewed_where_a_field_shows_it_reversed() -> None:
    """Its last line, and only if it is from right to left."""
    sanitizer = TextSanitizer(astral=True, reorders=True)
    assert [sanitizer.preview(draft) for draft in ("שלום עולם", "שלום\nhello", "")] == ["םלוע םולש", "", ""]
    assert TextSanitizer(astral=True).preview("שלום") == ""


def test_labels_have_plain_signs_for_emoji_of_several_parts() -> None:
    """Where the display draws them part by part: a flag would be two letters far apart."""
    text = "Ann 👩🏽‍💻 🇩🇪"
    for kind in ("label", "name"):
        assert getattr(TextSanitizer(astral=True), kind)(text) == "Ann 👩 [DE]"
        assert getattr(TextSanitizer(astral=True, joins_emoji=True), kind)(text) == text
    assert TextSanitizer(astral=True).text(text) == text
