"""The transcript, without a display."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest

from messango.client.events import MessageFailed
from messango.gui.model import transcript as transcript_module
from messango.gui.model.blocks import GROUP_WITHIN_S, MAX_GROUP, Block, BlockKind, DeliveryStatus
from messango.gui.model.transcript import Transcript
from tests.gui.fakes import NOON, in_utc, received


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Let the clock be the same everywhere."""
    with in_utc():
        yield


def new() -> Transcript:
    """Return a transcript in which Ann is us."""
    transcript = Transcript(lambda: NOON)
    transcript.session_started("Ann", "member Ann")
    return transcript


def blocks(transcript: Transcript) -> list[Block]:
    """Return all that is settled."""
    return transcript.blocks(transcript.first, transcript.end)


def test_messages_of_one_sender_are_grouped() -> None:
    """Name and time stand above the first of a group; another sender or a long silence begins a new one."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "one"))
    transcript.message_received(received(2, "Ben", "two", after_s=10))
    transcript.message_received(received(3, "Chiara", "three", after_s=20))
    transcript.message_received(received(4, "Chiara", "four", after_s=20 + GROUP_WITHIN_S))
    assert [block.has_header for block in blocks(transcript)] == [True, False, True, True]


def test_a_monologue_says_now_and_then_whose_it_is() -> None:
    """After so many messages of one group its head is shown once more."""
    transcript = new()
    for seq in range(2 * MAX_GROUP + 1):
        transcript.message_received(received(seq, "Ben", "and then"))
    headed = [number for number, block in enumerate(blocks(transcript)) if block.has_header]
    assert headed == [0, MAX_GROUP, 2 * MAX_GROUP]


def test_a_new_name_begins_a_group() -> None:
    """After a rename the new name is shown, though the member is the same."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "one"))
    transcript.message_received(dataclasses.replace(received(2, "Benjamin", "two"), member="member Ben"))
    assert [block.has_header for block in blocks(transcript)] == [True, True]


def test_a_message_shows_its_hour() -> None:
    """The clock is the reader's own."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "one", after_s=61))
    assert blocks(transcript)[0].time_text == time.strftime("%H:%M", time.localtime(NOON + 61))


def test_history_is_set_apart_by_a_line() -> None:
    """The line comes before the first message that is not history, and only where there is history."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "old", history=True))
    transcript.message_received(received(2, "Ben", "new", after_s=5))
    transcript.message_received(received(3, "Ben", "newer", after_s=6))
    assert [block.kind for block in blocks(transcript)] == [
        BlockKind.MESSAGE,
        BlockKind.SEPARATOR,
        BlockKind.MESSAGE,
        BlockKind.MESSAGE,
    ]
    plain = new()
    plain.message_received(received(1, "Ben", "new"))
    assert [block.kind for block in blocks(plain)] == [BlockKind.MESSAGE]


def test_another_day_is_named() -> None:
    """Yesterday's messages stand under yesterday's date, today's under today's."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "then", after_s=-86_400))
    transcript.message_received(received(2, "Ben", "now"))
    shown = blocks(transcript)
    assert [block.kind for block in shown] == [
        BlockKind.SEPARATOR,
        BlockKind.MESSAGE,
        BlockKind.SEPARATOR,
        BlockKind.MESSAGE,
    ]
    assert "2026" in shown[0].text
    assert shown[0].text != shown[2].text


def test_any_number_may_be_a_time() -> None:
    """A server that sends nonsense for a time breaks nothing."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "far", after_s=1e300))
    transcript.message_received(received(2, "Ben", "nowhere", after_s=float("nan")))
    assert [block.text for block in blocks(transcript) if block.kind is BlockKind.MESSAGE] == [
        "far",
        "nowhere",
    ]


def test_an_own_message_waits_until_its_receipt() -> None:
    """It waits below what is settled, and its receipt puts it where the room has it."""
    transcript = new()
    transcript.add_pending("a", "mine")
    assert [(block.text, block.delivery) for block in transcript.pending()] == [
        ("mine", DeliveryStatus.WAITING)
    ]
    transcript.message_received(received(1, "Ben", "first"))
    transcript.message_received(received(2, "Ann", "mine", own="a"))
    assert transcript.pending() == []
    assert [(block.text, block.delivery) for block in blocks(transcript)] == [
        ("first", DeliveryStatus.NONE),
        ("mine", DeliveryStatus.ACCEPTED),
    ]


def test_a_message_that_failed_says_why_until_it_is_taken() -> None:
    """It stays below all that is settled, with the reason, and can be taken back once."""
    transcript = new()
    transcript.add_pending("a", "mine")
    assert transcript.pop_failed("a") is None
    transcript.message_failed(MessageFailed("a", "mine", "The message is too long.", "Send it in parts."))
    transcript.message_received(received(1, "Ben", "next"))
    (block,) = transcript.pending()
    assert (block.delivery, block.own, block.pending_id) == (DeliveryStatus.FAILED, True, "a")
    assert block.error == "Not sent. The message is too long. Send it in parts."
    assert transcript.pop_failed("a") == "mine"
    assert transcript.pop_failed("a") is None
    assert transcript.pending() == []


def test_what_waits_at_the_end_was_not_sent() -> None:
    """When the stay is over no message goes on pretending to be on its way."""
    transcript = new()
    transcript.add_pending("a", "one")
    transcript.add_pending("b", "two")
    transcript.fail_pending()
    assert [(block.text, block.delivery) for block in transcript.pending()] == [
        ("one", DeliveryStatus.FAILED),
        ("two", DeliveryStatus.FAILED),
    ]


def test_a_notice_is_one_line() -> None:
    """A reason with line breaks in it can't pass for more than a notice."""
    transcript = new()
    transcript.add_notice("Ben left\nAnn: I am a fool")
    transcript.member_left("Ben\n12:00", "gone\nAnn: yes")
    assert [block.text for block in blocks(transcript)] == [
        "Ben left Ann: I am a fool",
        "Ben 12:00 left (gone Ann: yes)",
    ]


def test_comings_and_goings_share_a_line() -> None:
    """One block grows while nothing is said, and is told as changed; a message begins a new one."""
    transcript = new()
    transcript.member_joined("Ben")
    transcript.member_joined("Chiara")
    transcript.member_left("Deniz", "")
    assert [block.text for block in blocks(transcript)] == ["Ben and Chiara joined · Deniz left"]
    assert transcript.pop_changed() == {0}
    assert transcript.pop_changed() == set()
    transcript.message_received(received(1, "Ben", "hello"))
    transcript.member_joined("Eve")
    assert [block.text for block in blocks(transcript)][1:] == ["hello", "Eve joined"]


def test_an_action_is_no_group() -> None:
    """What is said with /me names its sender in the line, and what follows bears a head again."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "/me waves"))
    transcript.message_received(received(2, "Ben", "hello"))
    assert [(block.kind, block.text, block.has_header) for block in blocks(transcript)] == [
        (BlockKind.ACTION, "waves", False),
        (BlockKind.MESSAGE, "hello", True),
    ]


def test_a_line_says_where_somebody_left_off() -> None:
    """Above what others said first after they looked away; another absence moves it, our own word ends it."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "read"))
    transcript.mark_unread_from_here()
    transcript.message_received(received(2, "Ben", "unread"))
    transcript.message_received(received(3, "Ben", "more"))
    assert [block.unread for block in blocks(transcript)] == [False, True, False]
    transcript.mark_watching()
    transcript.mark_unread_from_here()
    transcript.message_received(received(4, "Ann", "from my other window", own="z"))
    transcript.message_received(received(5, "Ben", "later"))
    assert [block.unread for block in blocks(transcript)] == [False, False, False, False, True]
    transcript.add_pending("a", "mine")
    assert transcript.unread is None
    assert not any(block.unread for block in blocks(transcript))


def test_who_has_just_come_in_needs_one_line() -> None:
    """Neither the first words in a room nor those below the history are set apart once more."""
    transcript = new()
    transcript.mark_unread_from_here()
    transcript.message_received(received(1, "Ben", "first"))
    assert transcript.unread is None
    late = new()
    late.mark_unread_from_here()
    late.message_received(received(1, "Ben", "old", history=True))
    late.message_received(received(2, "Ben", "new"))
    assert late.unread is None


def test_a_long_text_is_folded_until_somebody_wants_it() -> None:
    """Thousands of characters, or hundreds of lines, show their beginning."""
    transcript = new()
    transcript.message_received(received(1, "Ben", "x" * 8_000))
    transcript.message_received(received(2, "Ben", "\n" * 999))
    transcript.message_received(received(3, "Ben", "short"))
    endless, lines, short = blocks(transcript)
    assert (endless.is_collapsed, lines.is_collapsed, short.is_collapsed) == (True, True, False)
    assert len(endless.visible_text) < 2_500
    assert lines.visible_text.count("\n") < 30
    transcript.expand(0)
    assert transcript.block(0).visible_text == "x" * 8_000


def test_numbers_stay_when_the_oldest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held is bounded, in blocks and in characters, and a block keeps its number for good."""
    monkeypatch.setattr(transcript_module, "MAX_BLOCKS", 100)
    transcript = new()
    for seq in range(250):
        transcript.message_received(received(seq, "Ben", f"line {seq}"))
        assert transcript.end - transcript.first <= 100
    assert transcript.end == 250
    assert transcript.block(249).text == "line 249"
    assert transcript.blocks(0, 250)[0].text == f"line {transcript.first}"
    monkeypatch.setattr(transcript_module, "MAX_CHARACTERS", 1_000)
    transcript.message_received(received(250, "Ben", "y" * 600))
    transcript.message_received(received(251, "Ben", "z" * 600))
    transcript.message_received(received(252, "Ben", "last"))
    assert transcript.block(252).text == "last"
