"""The transcript, without a display."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest

from messango.client.events import MessageFailed
from messango.gui.transcript import (
    GROUP_WITHIN_S,
    MAX_LINES,
    TRIM_LINES,
    Added,
    Block,
    Delivery,
    Kind,
    Transcript,
    Trimmed,
)
from tests.gui.fakes import NOON, heard, in_utc


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Let the clock be the same everywhere."""
    with in_utc():
        yield


def new() -> Transcript:
    """Return a transcript in which Ann is us."""
    transcript = Transcript(lambda: NOON)
    transcript.enter("Ann", "member Ann")
    return transcript


def blocks(transcript: Transcript) -> list[Block]:
    """Return the blocks that were added since the last time."""
    return [change.block for change in transcript.take_changes() if isinstance(change, Added)]


def test_messages_of_one_sender_are_grouped() -> None:
    """Name and time stand above the first of a group; another sender or a long silence begins a new one."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "one"))
    transcript.heard(heard(2, "Ben", "two", after_s=10))
    transcript.heard(heard(3, "Chiara", "three", after_s=20))
    transcript.heard(heard(4, "Chiara", "four", after_s=20 + GROUP_WITHIN_S))
    assert [block.headed for block in blocks(transcript)] == [True, False, True, True]


def test_a_new_name_begins_a_group() -> None:
    """After a rename the new name is shown, though the member is the same."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "one"))
    transcript.heard(dataclasses.replace(heard(2, "Benjamin", "two"), member="member Ben"))
    assert [block.headed for block in blocks(transcript)] == [True, True]


def test_a_message_shows_its_hour() -> None:
    """The clock is the reader's own."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "one", after_s=61))
    assert blocks(transcript)[0].clock == time.strftime("%H:%M", time.localtime(NOON + 61))


def test_history_is_set_apart_by_a_line() -> None:
    """The line comes before the first message that is not history, and only where there is history."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "old", history=True))
    transcript.heard(heard(2, "Ben", "new", after_s=5))
    transcript.heard(heard(3, "Ben", "newer", after_s=6))
    assert [block.kind for block in blocks(transcript)] == [
        Kind.MESSAGE,
        Kind.RULE,
        Kind.MESSAGE,
        Kind.MESSAGE,
    ]
    plain = new()
    plain.heard(heard(1, "Ben", "new"))
    assert [block.kind for block in blocks(plain)] == [Kind.MESSAGE]


def test_another_day_is_named() -> None:
    """Yesterday's messages stand under yesterday's date, today's under today's."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "then", after_s=-86_400))
    transcript.heard(heard(2, "Ben", "now"))
    shown = blocks(transcript)
    assert [block.kind for block in shown] == [Kind.RULE, Kind.MESSAGE, Kind.RULE, Kind.MESSAGE]
    assert "2026" in shown[0].text
    assert shown[0].text != shown[2].text


def test_any_number_may_be_a_time() -> None:
    """A server that sends nonsense for a time breaks nothing."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "far", after_s=1e300))
    transcript.heard(heard(2, "Ben", "nowhere", after_s=float("nan")))
    assert [block.text for block in blocks(transcript) if block.kind is Kind.MESSAGE] == ["far", "nowhere"]


def test_an_own_message_waits_until_its_receipt() -> None:
    """It waits below what is settled, and its receipt puts it where the room has it."""
    transcript = new()
    transcript.said("a", "mine")
    assert [(block.text, block.delivery) for block in transcript.waiting()] == [("mine", Delivery.WAITING)]
    transcript.heard(heard(1, "Ben", "first"))
    transcript.heard(heard(2, "Ann", "mine", own="a"))
    assert transcript.waiting() == []
    assert [(block.text, block.delivery) for block in blocks(transcript)] == [
        ("first", Delivery.NONE),
        ("mine", Delivery.ACCEPTED),
    ]


def test_a_message_that_failed_says_why() -> None:
    """It stays to be read, with the reason, and waits no longer."""
    transcript = new()
    transcript.said("a", "mine")
    transcript.failed(MessageFailed("a", "mine", "The message is too long.", "Send it in parts."))
    (block,) = blocks(transcript)
    assert (block.delivery, block.own) == (Delivery.FAILED, True)
    assert block.fault == "Not sent. The message is too long. Send it in parts."
    assert transcript.waiting() == []


def test_what_waits_at_the_end_was_not_sent() -> None:
    """When the stay is over no message goes on pretending to be on its way."""
    transcript = new()
    transcript.said("a", "one")
    transcript.said("b", "two")
    transcript.give_up_waiting()
    assert [(block.text, block.delivery) for block in blocks(transcript)] == [
        ("one", Delivery.FAILED),
        ("two", Delivery.FAILED),
    ]
    assert transcript.waiting() == []


def test_a_notice_is_one_line() -> None:
    """A reason with line breaks in it can't pass for more than a notice."""
    transcript = new()
    transcript.notice("Ben left\nAnn: I am a fool")
    assert [block.text for block in blocks(transcript)] == ["Ben left Ann: I am a fool"]


def test_lines_are_counted() -> None:
    """Trimming relies on how many lines a block takes."""
    block = Block(Kind.MESSAGE, "a\nb", headed=True, fault="no")
    assert block.lines == 5
    assert dataclasses.replace(block, headed=False, fault="").lines == 2


def test_a_long_transcript_is_trimmed() -> None:
    """It never holds more lines than it may, and drops whole blocks, many at a time."""
    transcript = new()
    held, trims = 0, []
    for seq in range(2 * MAX_LINES):
        transcript.heard(heard(seq, "Ben", "line"))
        for change in transcript.take_changes():
            held += change.block.lines if isinstance(change, Added) else -change.lines
            if isinstance(change, Trimmed):
                trims.append(change.lines)
        assert held <= MAX_LINES
    assert held > MAX_LINES - TRIM_LINES - 5
    assert min(trims) >= TRIM_LINES


def test_one_long_message_trims_as_much_as_it_needs() -> None:
    """A message of thousands of lines pushes out as many, but never itself."""
    transcript = new()
    for seq in range(MAX_LINES - 2):
        transcript.heard(heard(seq, "Ben", "line"))
    transcript.heard(heard(9_999, "Ben", "\n" * 3_999))
    (trimmed,) = [change for change in transcript.take_changes() if isinstance(change, Trimmed)]
    assert 4_000 <= trimmed.lines < 4_100
    transcript.heard(heard(10_000, "Ben", "\n" * 7_999))
    assert [change for change in transcript.take_changes() if isinstance(change, Trimmed)]
