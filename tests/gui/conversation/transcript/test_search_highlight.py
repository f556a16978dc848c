"""Positions of matches, in Tk's columns."""

from __future__ import annotations

import pytest

from messango.gui.conversation.transcript.search_highlight import find_matches
from messango.gui.model.text.line_arrangement import arrange
from messango.gui.model.text.message_runs import drawn_text
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder
from messango.gui.model.transcript.blocks import Block, BlockKind
from messango.protocol.text.matching import search_words
from tests.gui.fakes import FixedMetrics


def matches(text: str, query: str, *, wide_columns: int = 2, name: str = "") -> list[tuple[int, int, int]]:
    """Return where a query is found in a message."""
    block = Block(BlockKind.MESSAGE, text, name, "14:02", has_header=bool(name))
    sanitizer = TextSanitizer(astral=True)
    runs = TextRunBuilder(sanitizer, 8).build(block)
    metrics = FixedMetrics(wide_columns=wide_columns)
    arrangement = arrange(runs, metrics, lambda run: drawn_text(run, sanitizer, pictures=False))
    return [*find_matches(arrangement, search_words(query))]


def test_matches_are_found_without_case() -> None:
    """Line by line; the query is not a pattern."""
    found = [(0, 0, 3), (0, 8, 11), (1, 2, 5), (1, 9, 12)]
    assert matches("Ann and ANN\nplanned (ann)", "ann") == found
    assert matches("a.b acb", "a.b") == [(0, 0, 3)]


def test_emoji_take_as_many_columns_as_in_tk() -> None:
    """Two in Tk 8.6, one later; in matches, too."""
    assert matches("🥭🥭 mango", "mango", wide_columns=2) == [(0, 5, 10)]
    assert matches("🥭🥭 mango", "mango", wide_columns=1) == [(0, 3, 8)]
    assert matches("a 🥭", "🥭", wide_columns=2) == [(0, 2, 4)]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("die Straße!", "STRASSE", [(0, 4, 10)]),
        ("x cafe\u0301s", "café", [(0, 2, 7)]),
        ("明日の会議は", "会議", [(0, 3, 5)]),
        ("a ❤️ b", "❤", [(0, 2, 3)]),
        ("noon, lunch", "lunch noon", [(0, 0, 4), (0, 6, 11)]),
        ("see `C++` now", "c++", [(0, 4, 7)]),
        ("*see* _C++_ now", "c++ see", [(0, 0, 3), (0, 4, 7)]),
        ("🇩🇪 flag", "flag", [(0, 5, 9)]),
    ],
)
def test_the_place_is_that_of_the_text_as_sent(
    text: str, query: str, found: list[tuple[int, int, int]]
) -> None:
    """However many characters its folded form has, and across pieces of code."""
    assert matches(text, query) == found


def test_names_are_marked_but_not_times() -> None:
    """A time is not searched."""
    assert matches("14 apples", "14", name="Ben 14") == [(1, 4, 6), (2, 0, 2)]


def test_from_right_to_left() -> None:
    """What is found is marked where it is drawn."""
    assert matches("שלום עולם", "שלום") == [(0, 5, 9)]
    assert matches("שלום hello", "hello") == [(0, 0, 5)]
    assert matches("السلام", "سلا") == [(0, 1, 3)]
