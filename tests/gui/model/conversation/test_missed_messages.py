"""What was said while the connection was broken."""

from __future__ import annotations

from messango.gui.model.transcript.blocks import BlockKind
from tests.gui.fakes import joined, received
from tests.gui.model.conversation.test_conversation import (
    closed_conversation,
    joined_conversation,
    new_conversation,
    texts,
)


def test_what_was_missed_counts_once() -> None:
    """In title and bell, with one line above it and one below; own messages and known ones do not count."""
    conversation = joined_conversation()
    conversation.apply(received(1, "Ben", "before"))
    conversation.set_focus(focused=False, at_end=True)
    conversation.apply(joined("Ben", "Ann", back=True, latest=4))
    conversation.apply(received(2, "Ann", "sent just before", own="a", history=True))
    conversation.apply(received(3, "Ben", "meanwhile", history=True))
    conversation.apply(received(4, "Ben", "and more", history=True))
    conversation.apply(received(4, "Ben", "and more", history=True))
    assert (conversation.unread.count, conversation.unread.should_notify()) == ("2", True)
    conversation.apply(received(5, "Ben", "now"))
    assert conversation.unread.count == "3"
    assert texts(conversation, BlockKind.SEPARATOR) == ["You were away until here"]
    transcript = conversation.transcript
    unread = [block.text for block in transcript.blocks(0, transcript.end) if block.unread]
    assert unread == ["meanwhile"]


def test_the_history_of_the_first_visit_was_not_missed() -> None:
    """Not even the part of it that comes after the connection broke."""
    conversation = new_conversation()
    conversation.set_focus(focused=False, at_end=True)
    conversation.apply(joined("Ben", "Ann", latest=2))
    conversation.apply(received(1, "Ben", "old", history=True))
    conversation.apply(joined("Ben", "Ann", back=True, latest=3))
    conversation.apply(received(2, "Ben", "older", history=True))
    assert conversation.unread.count == ""
    conversation.apply(received(3, "Ben", "missed", history=True))
    assert conversation.unread.count == "1"


def test_numbers_that_begin_again_do_not_hide_what_was_missed() -> None:
    """The room has lost its history."""
    conversation = new_conversation()
    conversation.apply(joined("Ben", "Ann", latest=9))
    conversation.set_focus(focused=False, at_end=True)
    conversation.apply(joined("Ben", "Ann", back=True, latest=1))
    conversation.apply(received(1, "Ben", "missed", history=True))
    assert conversation.unread.count == "1"


def test_own_messages_confirmed_late_were_not_missed() -> None:
    """They need no separator."""
    conversation = joined_conversation()
    conversation.apply(joined("Ben", "Ann", back=True, latest=1))
    conversation.apply(received(1, "Ann", "mine", own="a", history=True))
    assert texts(conversation, BlockKind.SEPARATOR) == []


def test_what_was_missed_in_a_closed_room_counts() -> None:
    """Another host has opened the room again, with other numbers."""
    conversation = closed_conversation()
    conversation.set_focus(focused=False, at_end=True)
    conversation.start_new_session()
    conversation.apply(joined("Ann", latest=2))
    conversation.apply(received(1, "Ben", "old", history=True))
    conversation.apply(received(2, "Ben", "said meanwhile", history=True))
    assert conversation.unread.count == "1"
