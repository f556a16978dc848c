"""What people are told on joining stands below the history, where they read, and not above it."""

from __future__ import annotations

from dataclasses import replace

from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.transcript.blocks import BlockKind
from tests.gui.fakes import joined, received
from tests.gui.model.conversation.test_conversation import new_conversation

TAKEN = "You are called “Ann 2” here: “Ann” was taken."


def lines(conversation: ConversationModel) -> list[str]:
    """Return messages, notices and lines between them, in order."""
    transcript = conversation.transcript
    kinds = (BlockKind.MESSAGE, BlockKind.NOTICE, BlockKind.SEPARATOR)
    return [block.text for block in transcript.blocks(0, transcript.end) if block.kind in kinds]


def test_a_new_name_stands_below_the_history() -> None:
    """Two hundred messages would have moved it out of sight."""
    conversation = new_conversation()
    conversation.apply(replace(joined("Ben", "Ann", latest=2), you="Ann 2", wanted="Ann"))
    conversation.apply(received(1, "Ben", "old", history=True))
    assert TAKEN not in lines(conversation)
    conversation.apply(received(2, "Ben", "older", history=True))
    assert lines(conversation)[-2:] == ["You joined here", TAKEN]


def test_without_a_history_it_stands_at_once() -> None:
    """Nothing follows that it could wait for."""
    conversation = new_conversation()
    conversation.apply(replace(joined("Ben", "Ann"), you="Ann 2", wanted="Ann"))
    assert lines(conversation) == [TAKEN]


def test_a_history_that_is_missing_does_not_hide_it() -> None:
    """The room announced more messages than it has: it stands above the next one that is said."""
    conversation = new_conversation()
    conversation.apply(replace(joined("Ben", "Ann", latest=9), you="Ann 2", wanted="Ann"))
    conversation.apply(received(10, "Ben", "now"))
    assert [line for line in lines(conversation) if line in (TAKEN, "now")] == [TAKEN, "now"]
