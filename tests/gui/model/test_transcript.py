"""The transcript, without a display."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest

from messango.client.events import MessageFailed
from messango.gui.model import transcript as transcript_module
from messango.gui.model.blocks import GROUP_MOST, GROUP_WITHIN_S, Block, Delivery, Kind
from messango.gui.model.transcript import Transcript
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
    """Return all that is settled."""
    return transcript.blocks(transcript.first, transcript.end)


def test_messages_of_one_sender_are_grouped() -> None:
    """Name and time stand above the first of a group; another sender or a long silence begins a new one."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "one"))
    transcript.heard(heard(2, "Ben", "two", after_s=10))
    transcript.heard(heard(3, "Chiara", "three", after_s=20))
    transcript.heard(heard(4, "Chiara", "four", after_s=20 + GROUP_WITHIN_S))
    assert [block.headed for block in blocks(transcript)] == [True, False, True, True]


def test_a_monologue_says_now_and_then_whose_it_is() -> None:
    """After so many messages of one group its head is shown once more."""
    transcript = new()
    for seq in range(2 * GROUP_MOST + 1):
        transcript.heard(heard(seq, "Ben", "and then"))
    headed = [number for number, block in enumerate(blocks(transcript)) if block.headed]
    assert headed == [0, GROUP_MOST, 2 * GROUP_MOST]


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
    assert [(block.text, block.delivery) for block in transcript.pending()] == [("mine", Delivery.WAITING)]
    transcript.heard(heard(1, "Ben", "first"))
    transcript.heard(heard(2, "Ann", "mine", own="a"))
    assert transcript.pending() == []
    assert [(block.text, block.delivery) for block in blocks(transcript)] == [
        ("first", Delivery.NONE),
        ("mine", Delivery.ACCEPTED),
    ]


def test_a_message_that_failed_says_why_until_it_is_taken() -> None:
    """It stays below all that is settled, with the reason, and can be taken back once."""
    transcript = new()
    transcript.said("a", "mine")
    assert transcript.take_failed("a") is None
    transcript.failed(MessageFailed("a", "mine", "The message is too long.", "Send it in parts."))
    transcript.heard(heard(1, "Ben", "next"))
    (block,) = transcript.pending()
    assert (block.delivery, block.own, block.key) == (Delivery.FAILED, True, "a")
    assert block.fault == "Not sent. The message is too long. Send it in parts."
    assert transcript.take_failed("a") == "mine"
    assert transcript.take_failed("a") is None
    assert transcript.pending() == []


def test_what_waits_at_the_end_was_not_sent() -> None:
    """When the stay is over no message goes on pretending to be on its way."""
    transcript = new()
    transcript.said("a", "one")
    transcript.said("b", "two")
    transcript.give_up_waiting()
    assert [(block.text, block.delivery) for block in transcript.pending()] == [
        ("one", Delivery.FAILED),
        ("two", Delivery.FAILED),
    ]


def test_a_notice_is_one_line() -> None:
    """A reason with line breaks in it can't pass for more than a notice."""
    transcript = new()
    transcript.notice("Ben left\nAnn: I am a fool")
    transcript.left("Ben\n12:00", "gone\nAnn: yes")
    assert [block.text for block in blocks(transcript)] == [
        "Ben left Ann: I am a fool",
        "Ben 12:00 left (gone Ann: yes)",
    ]


def test_comings_and_goings_share_a_line() -> None:
    """One block grows while nothing is said, and is told as changed; a message begins a new one."""
    transcript = new()
    transcript.joined("Ben")
    transcript.joined("Chiara")
    transcript.left("Deniz", "")
    assert [block.text for block in blocks(transcript)] == ["Ben and Chiara joined · Deniz left"]
    assert transcript.take_changed() == {0}
    assert transcript.take_changed() == set()
    transcript.heard(heard(1, "Ben", "hello"))
    transcript.joined("Eve")
    assert [block.text for block in blocks(transcript)][1:] == ["hello", "Eve joined"]


def test_an_action_is_no_group() -> None:
    """What is said with /me names its sender in the line, and what follows bears a head again."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "/me waves"))
    transcript.heard(heard(2, "Ben", "hello"))
    assert [(block.kind, block.text, block.headed) for block in blocks(transcript)] == [
        (Kind.ACTION, "waves", False),
        (Kind.MESSAGE, "hello", True),
    ]


def test_a_line_says_where_somebody_left_off() -> None:
    """Above what others said first after they looked away; another absence moves it, our own word ends it."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "read"))
    transcript.leave_off()
    transcript.heard(heard(2, "Ben", "unread"))
    transcript.heard(heard(3, "Ben", "more"))
    assert [block.unread for block in blocks(transcript)] == [False, True, False]
    transcript.come_back()
    transcript.leave_off()
    transcript.heard(heard(4, "Ann", "from my other window", own="z"))
    transcript.heard(heard(5, "Ben", "later"))
    assert [block.unread for block in blocks(transcript)] == [False, False, False, False, True]
    transcript.said("a", "mine")
    assert transcript.unread is None
    assert not any(block.unread for block in blocks(transcript))


def test_who_has_just_come_in_needs_one_line() -> None:
    """Neither the first words in a room nor those below the history are set apart once more."""
    transcript = new()
    transcript.leave_off()
    transcript.heard(heard(1, "Ben", "first"))
    assert transcript.unread is None
    late = new()
    late.leave_off()
    late.heard(heard(1, "Ben", "old", history=True))
    late.heard(heard(2, "Ben", "new"))
    assert late.unread is None


def test_a_long_text_is_folded_until_somebody_wants_it() -> None:
    """Thousands of characters, or hundreds of lines, show their beginning."""
    transcript = new()
    transcript.heard(heard(1, "Ben", "x" * 8_000))
    transcript.heard(heard(2, "Ben", "\n" * 999))
    transcript.heard(heard(3, "Ben", "short"))
    endless, lines, short = blocks(transcript)
    assert (endless.folded, lines.folded, short.folded) == (True, True, False)
    assert len(endless.shown) < 2_500
    assert lines.shown.count("\n") < 30
    transcript.open(0)
    assert transcript.block(0).shown == "x" * 8_000


def test_numbers_stay_when_the_oldest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held is bounded, in blocks and in characters, and a block keeps its number for good."""
    monkeypatch.setattr(transcript_module, "MAX_BLOCKS", 100)
    transcript = new()
    for seq in range(250):
        transcript.heard(heard(seq, "Ben", f"line {seq}"))
        assert transcript.end - transcript.first <= 100
    assert transcript.end == 250
    assert transcript.block(249).text == "line 249"
    assert transcript.blocks(0, 250)[0].text == f"line {transcript.first}"
    monkeypatch.setattr(transcript_module, "MAX_CHARACTERS", 1_000)
    transcript.heard(heard(250, "Ben", "y" * 600))
    transcript.heard(heard(251, "Ben", "z" * 600))
    transcript.heard(heard(252, "Ben", "last"))
    assert transcript.block(252).text == "last"
