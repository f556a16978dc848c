"""The message field, without a display."""

from __future__ import annotations

from messango.gui.model.composer.composer import (
    MAX_HISTORY,
    SHOW_COUNTER_FROM,
    CompletionCycle,
    InputHistory,
    counter_text,
    mention_text,
)
from messango.protocol.limits import MAX_TEXT_CHARACTERS


def test_history_goes_back_and_forth() -> None:
    """A changed entry is a draft and is not replaced."""
    history = InputHistory()
    assert history.previous("") is None
    for text in ("one", "two", "two"):
        history.add(text)
    assert history.previous("half a thought") is None
    assert [history.previous(""), history.previous("two"), history.previous("one")] == ["two", "one", None]
    assert [history.next("one"), history.next("two"), history.next("")] == ["two", "", None]
    assert history.previous("") == "two"
    assert history.previous("two, changed") is None


def test_history_is_bounded() -> None:
    """The oldest entries are dropped."""
    history = InputHistory()
    for number in range(2 * MAX_HISTORY):
        history.add(str(number))
    shown, count = "", 0
    while (older := history.previous(shown)) is not None:
        shown, count = older, count + 1
    assert (shown, count) == (str(MAX_HISTORY), MAX_HISTORY)


def test_tab_cycles_through_completions() -> None:
    """As long as nothing else is typed."""
    cycle = CompletionCycle()
    before, seen = "be", []
    for _ in range(4):
        completion = cycle.next(before, ["Ben", "Benjamin", "Ann"])
        assert completion is not None
        before = before[: len(before) - completion.replaces] + completion.text
        seen.append(before)
    assert seen == ["Ben: ", "Benjamin: ", "Ben: ", "Benjamin: "]
    assert cycle.choices_text == "Ben · Benjamin"
    assert cycle.next("nobody", ["Ben"]) is None
    assert cycle.choices_text == ""


def test_counter_is_shown_near_the_limit() -> None:
    """And beyond it."""
    assert counter_text("x" * (SHOW_COUNTER_FROM - 1)) == ""
    assert counter_text("x" * MAX_TEXT_CHARACTERS) == "0 characters left"
    assert counter_text("x" * (MAX_TEXT_CHARACTERS + 1_000)) == "1,000 characters too many"


def test_mention_fits_into_the_draft() -> None:
    """With a colon at the beginning, with spaces elsewhere."""
    assert mention_text("", "", "Ben") == "Ben: "
    assert mention_text("hello", "hello", "Ben") == " Ben "
    assert mention_text("hello ", "hello ", "Ben") == "Ben "
