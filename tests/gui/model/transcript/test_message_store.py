"""The messages of a room."""

from __future__ import annotations

import pytest

from messango.client.present_messages import MAX_MESSAGES
from messango.gui.model.transcript import message_store
from messango.gui.model.transcript.message_store import MessageStore
from tests.gui.fakes import received


def test_message_is_stored_once() -> None:
    """Another host may send it again, as history and with another number."""
    store = MessageStore()
    assert not store
    assert store.add(received(7, "Ben", "one", own="ben-1"))
    assert not store.add(received(9, "Ben", "one", own="ben-1", history=True))
    assert store.add(received(10, "Ann", "two", own="ben-1"))
    assert [(message.seq, message.text) for message in store.messages()] == [(7, "one"), (10, "two")]
    assert store


def test_oldest_messages_are_dropped() -> None:
    """The store is bounded, and the newest messages stay."""
    store = MessageStore()
    for seq in range(MAX_MESSAGES + 1):
        assert store.add(received(seq, "Ben", "word"))
    messages = store.messages()
    assert MAX_MESSAGES / 2 < len(messages) < MAX_MESSAGES
    assert messages[-1].seq == MAX_MESSAGES


def test_a_message_is_replaced_by_its_present_form() -> None:
    """By the same message with another text or number; one that is not here stays away."""
    store = MessageStore()
    store.add(received(7, "Ben", "one", own="ben-1"))
    store.replace(received(9, "Ben", "won", own="ben-1"))
    store.replace(received(10, "Ben", "two", own="ben-2"))
    assert [(message.seq, message.text) for message in store.messages()] == [(9, "won")]


def test_older_messages_come_first() -> None:
    """However late they came; each once."""
    store = MessageStore()
    for seq in (7, 8):
        store.add(received(seq, "Ben", f"line {seq}"))
    store.add_older([received(seq, "Ben", f"line {seq}") for seq in (4, 5, 6, 7)])
    store.add(received(9, "Ben", "line 9"))
    store.add_older([received(seq, "Ben", f"line {seq}") for seq in (1, 2, 3)])
    assert [message.seq for message in store.messages()] == [*range(1, 10)]


def test_oldest_of_all_are_dropped_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not those that were received first."""
    monkeypatch.setattr(message_store, "MAX_MESSAGES", 50)
    store = MessageStore()
    for seq in range(101, 131):
        store.add(received(seq, "Ben", "new"))
    for first in range(91, 11, -10):
        store.add_older([received(seq, "Ben", "old") for seq in range(first, first + 10)])
    assert [message.seq for message in store.messages()] == [*range(81, 131)]
    for seq in range(131, 136):
        store.add(received(seq, "Ben", "newer"))
    kept = [message.seq for message in store.messages()]
    assert kept == [*range(kept[0], 136)]
    assert len(kept) <= 50
