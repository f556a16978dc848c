"""One line of the results of a search."""

from __future__ import annotations

import pytest

from messango.client.events import PrivateMessageReceived
from messango.gui.model.search.found_message import found_message, snippet
from messango.gui.model.transcript.blocks import time_and_day
from messango.protocol.text.matching import search_words
from tests.gui.fakes import NOON, in_utc, received


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("see you at lunch", "lunch", "see you at lunch"),
        ("line one\nlunch\n\nline three", "lunch", "line one lunch line three"),
        ("明日は寿司を食べます", "寿司", "明日は寿司を食べます"),
        ("w " * 200 + "Lünch " + "x " * 200, "lunch", "… " + "w " * 15 + "Lünch " + "x " * 62 + "…"),
        ("字" * 1_000 + "寿司" + "字" * 1_000, "寿司", None),
        ("a" * 8_000, "aaa", "a" * 160 + " …"),
        ("nothing of it", "lunch", "nothing of it"),
    ],
)
def test_snippet_has_what_was_found(text: str, query: str, expected: str | None) -> None:
    """With some words before it, on one line, and short however long the text is."""
    shown = snippet(text, search_words(query))
    if expected is None:
        assert shown.startswith("… ")
        assert query in shown
        assert shown.endswith(" …")
    else:
        assert shown == expected
    assert len(shown) < 170


def test_line_says_who_and_when() -> None:
    """Today by its name, other days by their date; a private one says so."""
    with in_utc():
        today = time_and_day(NOON)[1]
        found = found_message(received(7, "Ben", "lunch"), ["lunch"], today)
        assert (found.seq, found.name, found.when) == (7, "Ben", "Today, 12:00")
        older = found_message(received(7, "Ben", "lunch", after_s=-86_400), ["lunch"], today)
        assert older.when == "Friday, 20 November 2026, 12:00"
    private = PrivateMessageReceived(
        8, "m8", "member Ben", NOON, "Ben", "lunch", False, False, to="member Ann", to_name="Ann"
    )
    assert found_message(private, ["lunch"], "").name == "Ben → you"
