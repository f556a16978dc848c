"""The transcript, without a display."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest

from messango.client.events import MessageFailed
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.transcript import parts as parts_module
from messango.gui.model.transcript.blocks import GROUP_WITHIN_S, MAX_GROUP, Block, BlockKind, DeliveryStatus
from messango.gui.model.transcript.transcript import Transcript
from tests.gui.fakes import NOON, in_utc, received


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Use the same time zone everywhere."""
    with in_utc():
        yield


def new_transcript() -> Transcript:
    """Return a transcript of Ann's."""
    transcript = Transcript(lambda: NOON)
    transcript.session_started("Ann", "member Ann")
    return transcript


def blocks(transcript: Transcript) -> list[Block]:
    """Return all settled blocks."""
    return transcript.blocks(transcript.first, transcript.end)


def test_messages_of_one_sender_are_grouped() -> None:
    """Only the first has a header; another sender or a long pause begins a new group."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "one"))
    transcript.message_received(received(2, "Ben", "two", after_s=10))
    transcript.message_received(received(3, "Chiara", "three", after_s=20))
    transcript.message_received(received(4, "Chiara", "four", after_s=20 + GROUP_WITHIN_S))
    assert [block.has_header for block in blocks(transcript)] == [True, False, True, True]


def test_long_groups_repeat_the_header() -> None:
    """After `MAX_GROUP` messages."""
    transcript = new_transcript()
    for seq in range(2 * MAX_GROUP + 1):
        transcript.message_received(received(seq, "Ben", "and then"))
    with_header = [number for number, block in enumerate(blocks(transcript)) if block.has_header]
    assert with_header == [0, MAX_GROUP, 2 * MAX_GROUP]


def test_rename_begins_a_group() -> None:
    """The header shows the new name."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "one"))
    transcript.message_received(dataclasses.replace(received(2, "Benjamin", "two"), member="member Ben"))
    assert [block.has_header for block in blocks(transcript)] == [True, True]


def test_time_is_local() -> None:
    """As the reader's computer has it."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "one", after_s=61))
    assert blocks(transcript)[0].time_text == time.strftime("%H:%M", time.localtime(NOON + 61))


def test_separator_follows_the_history() -> None:
    """Before the first new message, and only if there is any history."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "old", history=True))
    transcript.message_received(received(2, "Ben", "new", after_s=5))
    transcript.message_received(received(3, "Ben", "newer", after_s=6))
    assert [block.kind for block in blocks(transcript)] == [
        BlockKind.MESSAGE,
        BlockKind.SEPARATOR,
        BlockKind.MESSAGE,
        BlockKind.MESSAGE,
    ]
    without_history = new_transcript()
    without_history.message_received(received(1, "Ben", "new"))
    assert [block.kind for block in blocks(without_history)] == [BlockKind.MESSAGE]


def test_new_day_has_a_separator() -> None:
    """With the date."""
    transcript = new_transcript()
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


def test_invalid_times_are_harmless() -> None:
    """A server may send any number."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "far", after_s=1e300))
    transcript.message_received(received(2, "Ben", "nowhere", after_s=float("nan")))
    assert [block.text for block in blocks(transcript) if block.kind is BlockKind.MESSAGE] == [
        "far",
        "nowhere",
    ]


def test_own_message_is_pending_until_its_receipt() -> None:
    """Then it moves to its place in the room's order."""
    transcript = new_transcript()
    transcript.add_pending("a", OutgoingMessage("mine"))
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


def test_failed_message_stays_with_its_reason() -> None:
    """Below the settled ones, until it is popped once."""
    transcript = new_transcript()
    transcript.add_pending("a", OutgoingMessage("mine"))
    assert transcript.pop_failed("a") is None
    transcript.message_failed(MessageFailed("a", "mine", "The message is too long.", "Send it in parts."))
    transcript.message_received(received(1, "Ben", "next"))
    (block,) = transcript.pending()
    assert (block.delivery, block.own, block.pending_id) == (DeliveryStatus.FAILED, True, "a")
    assert block.error == "Not sent. The message is too long. Send it in parts."
    assert transcript.pop_failed("a") == OutgoingMessage("mine")
    assert transcript.pop_failed("a") is None
    assert transcript.pending() == []


def test_end_fails_all_pending_messages() -> None:
    """None of them stays pending."""
    transcript = new_transcript()
    transcript.add_pending("a", OutgoingMessage("one"))
    transcript.add_pending("b", OutgoingMessage("two"))
    transcript.fail_pending()
    assert [(block.text, block.delivery) for block in transcript.pending()] == [
        ("one", DeliveryStatus.FAILED),
        ("two", DeliveryStatus.FAILED),
    ]


def test_notice_is_one_line() -> None:
    """A reason with line breaks can't forge a message."""
    transcript = new_transcript()
    transcript.add_notice("Ben left\nAnn: I am a fool")
    transcript.member_left("Ben\n12:00", "gone\nAnn: yes")
    assert [block.text for block in blocks(transcript)] == [
        "Ben left Ann: I am a fool",
        "“Ben 12:00” left (gone Ann: yes)",
    ]


def test_joins_and_leaves_share_a_line() -> None:
    """The block is reported as changed; a message in between begins a new one."""
    transcript = new_transcript()
    transcript.member_joined("Ben")
    transcript.member_joined("Chiara")
    transcript.member_left("Deniz", "")
    assert [block.text for block in blocks(transcript)] == ["Ben and Chiara joined · Deniz left"]
    assert transcript.pop_changed() == {0}
    assert transcript.pop_changed() == set()
    transcript.message_received(received(1, "Ben", "hello"))
    transcript.member_joined("Eve")
    assert [block.text for block in blocks(transcript)][1:] == ["hello", "Eve joined"]


def test_action_is_not_grouped() -> None:
    """It contains its sender's name, and the next message has a header."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "/me waves"))
    transcript.message_received(received(2, "Ben", "hello"))
    assert [(block.kind, block.text, block.has_header) for block in blocks(transcript)] == [
        (BlockKind.ACTION, "waves", False),
        (BlockKind.MESSAGE, "hello", True),
    ]


def test_unread_line_is_above_the_first_unseen_message() -> None:
    """Looking away again moves it, and an own message removes it."""
    transcript = new_transcript()
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
    transcript.add_pending("a", OutgoingMessage("mine"))
    assert transcript.unread is None
    assert not any(block.unread for block in blocks(transcript))


def test_no_unread_line_without_read_messages() -> None:
    """Neither above the first message of a room, nor just below the history's separator."""
    transcript = new_transcript()
    transcript.mark_unread_from_here()
    transcript.message_received(received(1, "Ben", "first"))
    assert transcript.unread is None
    late = new_transcript()
    late.mark_unread_from_here()
    late.message_received(received(1, "Ben", "old", history=True))
    late.message_received(received(2, "Ben", "new"))
    late.message_received(received(3, "Ben", "newer"))
    assert late.unread is None


def test_long_text_is_collapsed_until_expanded() -> None:
    """Because of its characters or its lines."""
    transcript = new_transcript()
    transcript.message_received(received(1, "Ben", "x" * 8_000))
    transcript.message_received(received(2, "Ben", "\n" * 999))
    transcript.message_received(received(3, "Ben", "short"))
    endless, lines, short = blocks(transcript)
    assert (endless.is_collapsed, lines.is_collapsed, short.is_collapsed) == (True, True, False)
    assert len(endless.visible_text) < 2_500
    assert lines.visible_text.count("\n") < 30
    transcript.expand(0)
    assert transcript.block(0).visible_text == "x" * 8_000


def test_trimming_does_not_renumber_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The transcript is bounded in blocks and in characters."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 100)
    transcript = new_transcript()
    for seq in range(250):
        transcript.message_received(received(seq, "Ben", f"line {seq}"))
        assert transcript.end - transcript.first <= 100
    assert transcript.end == 250
    assert transcript.block(249).text == "line 249"
    assert transcript.blocks(0, 250)[0].text == f"line {transcript.first}"
    monkeypatch.setattr(parts_module, "MAX_CHARACTERS", 1_000)
    transcript.message_received(received(250, "Ben", "y" * 600))
    transcript.message_received(received(251, "Ben", "z" * 600))
    transcript.message_received(received(252, "Ben", "last"))
    assert transcript.block(252).text == "last"
