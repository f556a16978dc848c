"""Text fitted to the width of the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth
from wcwidth import wcswidth

from messango.terminal.chat.layout import MIN_COLUMNS, fit, wrap


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("short", ["short"]),
        ("one two three four", ["one two", "three four"]),
        ("a\n\n  b", ["a", "", "  b"]),
        ("see https://example.org/long/path now", ["see", "https://example.org/long/path", "now"]),
        ("日本語日本語 日本", ["日本語日本", "語 日本"]),
        ("日本語「日」本。語", ["日本語", "「日」本。", "語"]),
        ("日本語日本、語", ["日本語日", "本、語"]),
        ("ab日本語日本", ["ab日本語日", "本"]),
        ("👩‍🚀👩‍🚀 👩‍🚀👩‍🚀 👩‍🚀", ["👩‍🚀👩‍🚀 👩‍🚀👩‍🚀", "👩‍🚀"]),
        ("", [""]),
    ],
)
def test_lines_break_at_spaces(text: str, rows: list[str]) -> None:
    """A link stays in one piece, wide characters and emoji of several code points take two columns."""
    assert wrap(text, MIN_COLUMNS) == rows


def test_the_first_row_leaves_room_for_the_head() -> None:
    """The columns in use are counted."""
    assert wrap("aa bb cc dd", 10, used=5) == ["aa bb", "cc dd"]


@given(st.text("ab 語\n", max_size=200), st.integers(-5, 40))
def test_no_word_is_lost_and_no_row_is_too_wide(text: str, columns: int) -> None:
    """Only a single word may be wider than the terminal."""
    rows = wrap(text, columns)
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert {*" ".join(rows).replace("語", " ").split()} == {*text.replace("語", " ").split()}
    for row in rows:
        assert wcswidth(row) <= max(columns, MIN_COLUMNS) or len(row.split()) <= 1


@given(st.lists(st.text("ab 語👩\u200d🚀", max_size=20), min_size=1), st.integers(0, 40))
def test_a_status_line_is_as_wide_as_the_terminal(texts: list[str], columns: int) -> None:
    """As prompt_toolkit measures it, even if a wide character does not fit into the last column."""
    assert get_cwidth("".join(text for _, text in fit([("", text) for text in texts], columns))) == columns
