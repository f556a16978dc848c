"""The field for a message, without a display."""

from __future__ import annotations

from messango.gui.model.composer import (
    MAX_HISTORY,
    SHOW_COUNTER_FROM,
    CompletionCycle,
    InputHistory,
    counter_text,
    mention_text,
)
from messango.protocol.limits import MAX_TEXT_CHARACTERS


def test_going_back_and_forth() -> None:
    """From the newest to the oldest and back; changed words are somebody's own again."""
    recall = InputHistory()
    assert recall.previous("") is None
    for text in ("one", "two", "two"):
        recall.add(text)
    assert recall.previous("half a thought") is None
    assert [recall.previous(""), recall.previous("two"), recall.previous("one")] == ["two", "one", None]
    assert [recall.next("one"), recall.next("two"), recall.next("")] == ["two", "", None]
    assert recall.previous("") == "two"
    assert recall.previous("two, changed") is None


def test_memory_is_bounded() -> None:
    """The oldest are let go."""
    recall = InputHistory()
    for number in range(2 * MAX_HISTORY):
        recall.add(str(number))
    shown, count = "", 0
    while (older := recall.previous(shown)) is not None:
        shown, count = older, count + 1
    assert (shown, count) == (str(MAX_HISTORY), MAX_HISTORY)


def test_tab_goes_round() -> None:
    """Each fitting name in turn, as long as nothing else is typed."""
    completing = CompletionCycle()
    before, seen = "be", []
    for _ in range(4):
        completion = completing.next(before, ["Ben", "Benjamin", "Ann"])
        assert completion is not None
        before = before[: len(before) - completion.replaces] + completion.text
        seen.append(before)
    assert seen == ["Ben: ", "Benjamin: ", "Ben: ", "Benjamin: "]
    assert completing.choices_text == "Ben · Benjamin"
    assert completing.next("nobody", ["Ben"]) is None
    assert completing.choices_text == ""


def test_the_counter_keeps_quiet_for_long() -> None:
    """It speaks near the limit."""
    assert counter_text("x" * (SHOW_COUNTER_FROM - 1)) == ""
    assert counter_text("x" * MAX_TEXT_CHARACTERS) == "0 characters left"
    assert counter_text("x" * (MAX_TEXT_CHARACTERS + 1_000)) == "1,000 characters too many"


def test_a_mention_fits_in() -> None:
    """At the beginning with a colon, later with the spaces that it needs."""
    assert mention_text("", "", "Ben") == "Ben: "
    assert mention_text("hello", "hello", "Ben") == " Ben "
    assert mention_text("hello ", "hello ", "Ben") == "Ben "
