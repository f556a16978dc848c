"""Blocks as a text widget takes them, and as they are copied."""

from __future__ import annotations

from messango.gui.model.blocks import Block, BlockKind, DeliveryStatus
from messango.gui.model.clipboard_text import SelectedPart, format_selection
from messango.gui.model.text_runs import (
    DISCARD,
    LINK,
    MESSAGE_TEXT,
    SEND_AGAIN,
    SHOW_ALL,
    TextRunBuilder,
    count_lines,
)
from messango.gui.model.text_sanitizer import TextSanitizer

BUILDER = TextRunBuilder(TextSanitizer(astral=True), 8)
MESSAGE = Block(BlockKind.MESSAGE, "hello", "Ben", "12:00", has_header=True)


def text_of(block: Block, tag: str = "") -> str:
    """Return what is written for a block, or what of it bears a tag."""
    return "".join(text for text, tags in BUILDER.build(block) if not tag or tag in tags)


def test_a_message_stands_below_its_head() -> None:
    """A little space, name and time, then what was said."""
    assert text_of(MESSAGE) == "\nBen   12:00\nhello\n"
    assert text_of(MESSAGE, MESSAGE_TEXT) == "hello"
    assert count_lines(BUILDER.build(MESSAGE)) == 3


def test_what_is_below_the_unread_line_bears_a_head() -> None:
    """Who comes back sees at once whose words these are."""
    block = Block(BlockKind.MESSAGE, "hello", "Ben", "12:00", unread=True)
    assert "New messages" in text_of(block, "unread")
    assert "Ben   12:00" in text_of(block)


def test_every_block_ends_its_line() -> None:
    """Whatever is in it: lines are counted by what is written."""
    for block in (
        MESSAGE,
        Block(BlockKind.ACTION, "waves\ntwice", "Ben", "12:00"),
        Block(BlockKind.NOTICE, "Ben\njoined"),
        Block(BlockKind.SEPARATOR, ""),
        Block(
            BlockKind.MESSAGE,
            "```\ncode\n```",
            delivery=DeliveryStatus.FAILED,
            error="Not\nsent",
            pending_id="a",
        ),
        Block(BlockKind.MESSAGE, "\u2028a\rb\x00\n" * 5_000),
    ):
        assert text_of(block).endswith("\n")
        assert "\r" not in text_of(block)


def test_links_and_code_bear_their_tags() -> None:
    """They are part of what was said."""
    block = Block(BlockKind.MESSAGE, "see https://example.org/ and `make`", "Ben")
    assert text_of(block, LINK) == "https://example.org/"
    assert text_of(block, "code") == "make"
    assert text_of(block, MESSAGE_TEXT) == "see https://example.org/ and make"


def test_a_failed_message_offers_both_ways() -> None:
    """Send it again, or forget it."""
    block = Block(
        BlockKind.MESSAGE,
        "mine",
        "Ann",
        own=True,
        delivery=DeliveryStatus.FAILED,
        error="Not sent.",
        pending_id="a",
    )
    assert text_of(block, SEND_AGAIN) == "Send again"
    assert text_of(block, DISCARD) == "Discard"


def test_a_folded_message_says_how_long_it_is() -> None:
    """In lines, or in characters where it is one line."""
    assert text_of(Block(BlockKind.MESSAGE, "a\n" * 999), SHOW_ALL) == "Show all 1,000 lines"
    assert text_of(Block(BlockKind.MESSAGE, "a" * 8_000), SHOW_ALL) == "Show all 8,000 characters"
    assert text_of(Block(BlockKind.MESSAGE, "a" * 8_000, expanded=True), SHOW_ALL) == ""


def test_a_part_of_one_message_is_copied_as_it_is() -> None:
    """No name, no time."""
    assert format_selection([SelectedPart(MESSAGE, "ell", is_whole=False)]) == "ell"


def test_several_messages_are_copied_with_names_and_times() -> None:
    """Further lines are set in; what was folded away or marked as code comes as it was written."""
    action = Block(BlockKind.ACTION, "waves", "Ann", "12:01")
    notice = Block(BlockKind.NOTICE, "Chiara joined")
    code = Block(BlockKind.MESSAGE, "do\n`make`", "Ben", "12:02")
    parts = [
        SelectedPart(MESSAGE, "lo", is_whole=False),
        SelectedPart(action, "waves", is_whole=True),
        SelectedPart(notice, "", is_whole=True),
        SelectedPart(code, "do\nmake", is_whole=True),
    ]
    assert format_selection(parts) == (
        "[12:00] Ben: lo\n[12:01] * Ann waves\n-- Chiara joined\n[12:02] Ben: do\n    `make`"
    )
