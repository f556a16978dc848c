"""Positions of matches, in Tk's columns."""

from __future__ import annotations

from messango.gui.conversation.search_highlight import find_matches


def test_matches_are_found_without_case() -> None:
    """Line by line; the query is not a pattern."""
    assert list(find_matches("Ann and ANN\nplanned (ann)", "ann", 2)) == [
        (1, 0, 3),
        (1, 8, 11),
        (2, 2, 5),
        (2, 9, 12),
    ]
    assert list(find_matches("a.b acb", "a.b", 2)) == [(1, 0, 3)]


def test_emoji_take_as_many_columns_as_in_tk() -> None:
    """Two in Tk 8.6, one later; in matches, too."""
    assert list(find_matches("🥭🥭 mango", "mango", 2)) == [(1, 5, 10)]
    assert list(find_matches("🥭🥭 mango", "mango", 1)) == [(1, 3, 8)]
    assert list(find_matches("a 🥭", "🥭", 2)) == [(1, 2, 4)]
