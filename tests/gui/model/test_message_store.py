"""What a window holds of a room."""

from __future__ import annotations

from messango.gui.model.message_store import MAX_MESSAGES, MessageStore
from tests.gui.fakes import received


def test_a_message_is_held_once() -> None:
    """Another host tells it again, as history and under another number."""
    held = MessageStore()
    assert not held
    assert held.add(received(7, "Ben", "one", own="ben-1"))
    assert not held.add(received(9, "Ben", "one", own="ben-1", history=True))
    assert held.add(received(10, "Ann", "two", own="ben-1"))
    assert [(said.seq, said.text) for said in held.messages()] == [(7, "one"), (10, "two")]
    assert held


def test_the_oldest_are_let_go() -> None:
    """Memory is bounded, and the newest stay."""
    held = MessageStore()
    for seq in range(MAX_MESSAGES + 1):
        assert held.add(received(seq, "Ben", "word"))
    messages = held.messages()
    assert MAX_MESSAGES / 2 < len(messages) < MAX_MESSAGES
    assert messages[-1].seq == MAX_MESSAGES
