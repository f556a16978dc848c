"""Text runs of blocks, and the text that is copied."""

from __future__ import annotations

from msgspec.structs import replace

from messango.gui.model.text.run_tags import DISCARD, LINK, MARK, MESSAGE_TEXT, SEND_AGAIN, SHOW_ALL
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder, count_lines
from messango.gui.model.transcript.blocks import Block, BlockKind, DeliveryStatus
from messango.gui.model.transcript.clipboard_text import SelectedPart, format_selection

BUILDER = TextRunBuilder(TextSanitizer(astral=True), 8)
MESSAGE = Block(BlockKind.MESSAGE, "hello", "Ben", "12:00", has_header=True)


def text_of(block: Block, tag: str = "") -> str:
    """Return the text of a block, or the part of it with a tag."""
    return "".join(text for text, tags in BUILDER.build(block) if not tag or tag in tags)


def test_a_name_in_copied_text_ends_where_it_seems_to() -> None:
    """A name can't contain what somebody else seems to say."""
    forged = replace(MESSAGE, name="Ann Lee: I vote yes. Signed")
    acting = replace(MESSAGE, kind=BlockKind.ACTION, name="Ann waves. Ben")
    copied = format_selection([SelectedPart(block, "no", is_whole=False) for block in (forged, acting)])
    assert copied.split("\n") == [
        "[12:00] “Ann Lee: I vote yes. Signed”: no",
        "[12:00] * “Ann waves. Ben” no",
    ]


def test_message_is_below_its_header() -> None:
    """An empty line, name and time, then the text."""
    assert text_of(MESSAGE) == "\nBen   12:00\nhello\n"
    assert text_of(MESSAGE, MESSAGE_TEXT) == "hello"
    assert count_lines(BUILDER.build(MESSAGE)) == 3


def test_message_below_the_unread_line_has_a_header() -> None:
    """So that the reader sees at once who sent it."""
    block = Block(BlockKind.MESSAGE, "hello", "Ben", "12:00", unread=True)
    assert "New messages" in text_of(block, "unread")
    assert "Ben   12:00" in text_of(block)


def test_every_block_ends_with_a_newline() -> None:
    """Whatever it contains: lines are counted by newlines."""
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


def test_links_and_code_have_their_tags() -> None:
    """And the tag of message text."""
    block = Block(BlockKind.MESSAGE, "see https://example.org/ and `make`", "Ben")
    assert text_of(block, LINK) == "https://example.org/"
    assert text_of(block, "code") == "`make`"
    assert text_of(block, MARK) == "``"
    assert text_of(block, MESSAGE_TEXT) == block.text


def test_a_link_that_is_not_shown_as_it_is_is_text() -> None:
    """It would open something else than it says: one with emoji that can't be drawn, one that is cut off."""
    emoji = Block(BlockKind.MESSAGE, "see https://example.org/🥭", "Ben")
    assert text_of(emoji, LINK) == "https://example.org/🥭"
    runs = TextRunBuilder(TextSanitizer(astral=False), 8).build(emoji)
    assert [text for text, tags in runs if LINK in tags] == []
    long = "https://example.org/" + "a" * 7_000
    assert text_of(Block(BlockKind.MESSAGE, long), LINK) == ""
    assert text_of(Block(BlockKind.MESSAGE, long, expanded=True), LINK) == long
    lines = "https://example.org/\n" * 999
    assert text_of(Block(BlockKind.MESSAGE, lines), LINK).endswith("https://example.org/")


def test_failed_message_can_be_sent_again_or_discarded() -> None:
    """Each has its tag."""
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


def test_collapsed_message_shows_its_length() -> None:
    """In lines, or in characters if it is one line."""
    assert text_of(Block(BlockKind.MESSAGE, "a\n" * 999), SHOW_ALL) == "Show all 1,000 lines"
    assert text_of(Block(BlockKind.MESSAGE, "a" * 8_000), SHOW_ALL) == "Show all 8,000 characters"
    assert text_of(Block(BlockKind.MESSAGE, "a" * 8_000, expanded=True), SHOW_ALL) == ""


def test_part_of_one_message_is_copied_as_it_is() -> None:
    """Without name and time."""
    assert format_selection([SelectedPart(MESSAGE, "ell", is_whole=False)]) == "ell"


def test_several_messages_are_copied_with_names_and_times() -> None:
    """Further lines are indented; collapsed text and code are copied as they were written."""
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
