"""The field for a message, without a display."""

from __future__ import annotations

from messango.gui.model.composer import MOST_RECALLED, TELL_FROM, Completing, Recall, counter, mention
from messango.protocol.limits import MAX_TEXT_CHARACTERS


def test_going_back_and_forth() -> None:
    """From the newest to the oldest and back; changed words are somebody's own again."""
    recall = Recall()
    assert recall.older("") is None
    for text in ("one", "two", "two"):
        recall.sent(text)
    assert recall.older("half a thought") is None
    assert [recall.older(""), recall.older("two"), recall.older("one")] == ["two", "one", None]
    assert [recall.newer("one"), recall.newer("two"), recall.newer("")] == ["two", "", None]
    assert recall.older("") == "two"
    assert recall.older("two, changed") is None


def test_memory_is_bounded() -> None:
    """The oldest are let go."""
    recall = Recall()
    for number in range(2 * MOST_RECALLED):
        recall.sent(str(number))
    shown, count = "", 0
    while (older := recall.older(shown)) is not None:
        shown, count = older, count + 1
    assert (shown, count) == (str(MOST_RECALLED), MOST_RECALLED)


def test_tab_goes_round() -> None:
    """Each fitting name in turn, as long as nothing else is typed."""
    completing = Completing()
    before, seen = "be", []
    for _ in range(4):
        completion = completing.next(before, ["Ben", "Benjamin", "Ann"])
        assert completion is not None
        before = before[: len(before) - completion.replaces] + completion.text
        seen.append(before)
    assert seen == ["Ben: ", "Benjamin: ", "Ben: ", "Benjamin: "]
    assert completing.told == "Ben · Benjamin"
    assert completing.next("nobody", ["Ben"]) is None
    assert completing.told == ""


def test_the_counter_keeps_quiet_for_long() -> None:
    """It speaks near the limit."""
    assert counter("x" * (TELL_FROM - 1)) == ""
    assert counter("x" * MAX_TEXT_CHARACTERS) == "0 characters left"
    assert counter("x" * (MAX_TEXT_CHARACTERS + 1_000)) == "1,000 characters too many"


def test_a_mention_fits_in() -> None:
    """At the beginning with a colon, later with the spaces that it needs."""
    assert mention("", "", "Ben") == "Ben: "
    assert mention("hello", "hello", "Ben") == " Ben "
    assert mention("hello ", "hello ", "Ben") == "Ben "
