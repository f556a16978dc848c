"""The line above an answer, and the marks of private, edited, deleted and other messages."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from messango.gui.model.text.line_arrangement import arrange
from messango.gui.model.text.quote_line import ellipsized, fit_quote
from messango.gui.model.text.run_tags import MENTION, MESSAGE_TEXT, NOTE, PRIVATE, QUOTE, REACTIONS
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder, count_lines
from messango.gui.model.transcript.blocks import Block, BlockKind, Extras
from messango.gui.model.transcript.clipboard_text import SelectedPart, format_selection
from messango.protocol.frames import Quote, Reaction
from messango.protocol.limits import MAX_QUOTE_CHARACTERS
from tests.gui.fakes import FixedMetrics

BUILDER = TextRunBuilder(TextSanitizer(astral=True), 8)
MESSAGE = Block(BlockKind.MESSAGE, "hello", "Ben", "12:00", has_header=True)


def with_extras(**extras: object) -> Block:
    """Return a message with these extras."""
    return replace(MESSAGE, extras=Extras(**extras))  # type: ignore[arg-type] # `Extras` has their types


def text_of(block: Block, tag: str = "") -> str:
    """Return the text of a block, or the part of it with a tag."""
    runs = BUILDER.build(block)
    return "".join(text for text, tags in runs if not tag or tag in tags).replace("\u00a0", " ")


def test_quote_is_above_the_text() -> None:
    """Below the header: who said it, and what."""
    block = with_extras(reply=Quote(1, "Chiara", "lunch?\nsoon?"))
    assert text_of(block) == "\nBen   12:00\n▎ Chiara   lunch? soon?\nhello\n"
    assert text_of(block, QUOTE) == "▎ Chiara   lunch? soon?\n"
    assert text_of(block, MESSAGE_TEXT) == "hello"
    assert count_lines(BUILDER.build(block)) == 4


def test_quote_above_an_action() -> None:
    """On a line of its own."""
    block = replace(with_extras(reply=Quote(1, "Chiara", "lunch?")), kind=BlockKind.ACTION, has_header=False)
    assert text_of(block) == "▎ Chiara   lunch?\nBen hello   12:00\n"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (Quote(1), "a message that the room no longer keeps"),
        (Quote(1, "Chiara", ""), "deleted message"),
        (Quote(1, "Chiara", "x" * MAX_QUOTE_CHARACTERS), "x…\n"),
    ],
)
def test_quotes_of_what_is_not_there(quote: Quote, words: str) -> None:
    """They say so; one that the room has cut ends with an ellipsis."""
    assert words in text_of(with_extras(reply=quote), QUOTE)


def test_quote_is_cut_to_the_width_of_the_window() -> None:
    """With an ellipsis; everything else stays."""
    block = with_extras(reply=Quote(1, "Chiara", "one two three four five"))
    runs = BUILDER.build(block)
    fitted = fit_quote(runs, FixedMetrics(width=200))
    line = "".join(text for text, tags in fitted if QUOTE in tags)
    assert line == "▎ Chiara   one two…\n"
    assert [run for run in fitted if QUOTE not in run[1]] == [run for run in runs if QUOTE not in run[1]]
    assert fit_quote(runs, FixedMetrics()) == runs


def test_quoted_words_from_right_to_left_stay_apart_from_the_name() -> None:
    """The gap is between them, not where the words begin."""
    block = with_extras(reply=Quote(1, "Chiara", "\u05d0\u05d1?"))
    drawn = "".join(text for text, _ in arrange(BUILDER.build(block), FixedMetrics()).runs)
    assert "\u258e Chiara   ?\u05d1\u05d0\n" in drawn


def test_ellipsis_in_no_room_at_all() -> None:
    """A window can be as narrow as it likes."""
    assert ellipsized("hello", (), -5, FixedMetrics()) == "…"
    assert ellipsized("hello", (), 50, FixedMetrics()) == "hello"


def test_private_messages_say_from_whom_to_whom() -> None:
    """In words, not only by a colour."""
    to_you = with_extras(to="a", to_name="Ann")
    from_you = replace(to_you, name="Ann", own=True, extras=Extras(to="b", to_name="Ben"))
    assert text_of(to_you).startswith("\nBen → you   12:00   private\n")
    assert text_of(from_you).startswith("\nYou → Ben   12:00   private\n")
    assert all(PRIVATE in tags for text, tags in BUILDER.build(to_you)[1:])
    acting = replace(to_you, kind=BlockKind.ACTION, has_header=False)
    assert text_of(acting) == "Ben → you hello   12:00\n"


def test_copies_of_private_messages_say_so() -> None:
    """So that nobody passes one on as a public one."""
    to_you = with_extras(to="a", to_name="Ann")
    from_you = replace(to_you, name="Ann", own=True, extras=Extras(to="b", to_name="Ben"))
    parts = [SelectedPart(block, "hello", is_whole=True) for block in (to_you, from_you, MESSAGE)]
    assert format_selection(parts).split("\n") == [
        "[12:00] Ben → you (private): hello",
        "[12:00] Ann → Ben (private): hello",
        "[12:00] Ben: hello",
    ]


def test_edited_message_says_so() -> None:
    """Beside the text, and not in what is copied."""
    block = with_extras(edited=True)
    assert text_of(block).endswith("hello   edited\n")
    assert text_of(block, MESSAGE_TEXT) == "hello"


def test_deleted_message_says_so_in_its_place() -> None:
    """It has no text to copy."""
    block = replace(with_extras(deleted=True), text="")
    assert text_of(block) == "\nBen   12:00\nThis message was deleted\n"
    assert text_of(block, MESSAGE_TEXT) == ""
    acting = replace(block, kind=BlockKind.ACTION, has_header=False)
    assert text_of(acting) == "Ben This message was deleted   12:00\n"


def test_mention_is_said_in_words() -> None:
    """In the header, or behind the text of a message without one."""
    block = with_extras(mentions_you=True)
    assert text_of(block, NOTE) == "mentions you"
    assert "12:00   mentions you\n" in text_of(block)
    assert text_of(replace(block, has_header=False)) == "hello   mentions you\n"
    assert all(MENTION in tags for _, tags in BUILDER.build(replace(block, has_header=False)))


def test_reactions_have_the_last_line() -> None:
    """Which is empty: the chips are not text."""
    block = with_extras(reactions=(Reaction("👍", 1, mine=False),))
    assert BUILDER.build(block)[-1] == ("\n", ("other", REACTIONS))
