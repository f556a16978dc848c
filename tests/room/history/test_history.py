"""The history in memory: ordered, bounded and searchable by id."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.frames import Deleted, Edited, Entry, Message
from messango.room.history import history
from messango.room.history.history import MemoryHistory


def make_message(seq: int, text: str = "hello") -> Message:
    return Message(seq, f"id {seq}", "ann", 0.0, "Ann", text)


def history_of(count: int) -> MemoryHistory:
    kept = MemoryHistory()
    kept.append([make_message(seq) for seq in range(1, count + 1)])
    return kept


def seqs(entries: Sequence[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


def test_empty() -> None:
    """An empty history has no first and no last message."""
    kept = MemoryHistory()
    assert (kept.latest, kept.oldest, kept.last(200), kept.since(0)) == (0, 0, [], [])
    assert kept.find("ann", ["id 1"]) == {}
    assert not kept.is_persistent


def test_last() -> None:
    """The last messages, oldest first; all of them if there are fewer."""
    kept = history_of(5)
    assert seqs(kept.last(2)) == [4, 5]
    assert seqs(kept.last(99)) == [1, 2, 3, 4, 5]
    assert kept.last(0) == []


@pytest.mark.parametrize(
    ("since", "missed"), [(0, [1, 2, 3]), (1, [2, 3]), (3, []), (4, []), (2**63 - 1, [])]
)
def test_since(since: int, missed: list[int]) -> None:
    """Exactly the messages after a number."""
    assert seqs(history_of(3).since(since)) == missed


def test_find() -> None:
    """A message is found by its member and id together."""
    kept = history_of(2)
    assert kept.find("ann", ["id 2", "id 3"]) == {"id 2": make_message(2)}
    assert kept.find("ben", ["id 2"]) == {}


def test_too_many_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the oldest are dropped, and the numbers stay right."""
    monkeypatch.setattr(history, "MAX_MEMORY_MESSAGES", 3)
    kept = history_of(5)
    assert (kept.oldest, kept.latest) == (3, 5)
    assert seqs(kept.since(0)) == [3, 4, 5]
    assert seqs(kept.since(3)) == [4, 5]
    assert kept.find("ann", ["id 2"]) == {}


def test_too_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long messages count by their length."""
    monkeypatch.setattr(history, "MAX_MEMORY_CHARACTERS", 10)
    kept = MemoryHistory()
    for seq in range(1, 5):
        kept.append([make_message(seq, "1234")])
    assert seqs(kept.last(9)) == [3, 4]


def test_characters_of_edited_and_deleted_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what the texts are now: deleted ones fill no memory, and edited ones do."""
    monkeypatch.setattr(history, "MAX_MEMORY_CHARACTERS", 100)
    kept = MemoryHistory()
    for seq in range(1, 60, 2):
        kept.append([make_message(seq, "x" * 40)])
        kept.append([Deleted(seq + 1, f"id {seq + 1}", seq, "ann", "Ann", 0.0)])
    assert len(kept) == 60
    for seq in range(61, 120, 2):
        kept.append([make_message(seq, "x")])
        kept.append([Edited(seq + 1, f"id {seq + 1}", seq, "ann", "Ann", 0.0, "y" * 40)])
    texts = [entry.text for entry in kept.since(0) if isinstance(entry, Message | Edited)]
    assert 60 < sum(map(len, texts)) <= 100


def test_numbers_continue_after_dropped_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The highest number stays, even if no message is left."""
    monkeypatch.setattr(history, "MAX_MEMORY_CHARACTERS", 1)
    kept = history_of(3)
    assert (kept.latest, kept.oldest) == (3, 0)
    assert kept.since(0) == []


@given(st.lists(st.integers(1, 9), max_size=9), st.integers(0, 60))
def test_since_and_last_agree(batches: list[int], since: int) -> None:
    """Both return the end of the same order."""
    kept = MemoryHistory()
    for batch in batches:
        kept.append([make_message(kept.latest + 1 + n) for n in range(batch)])
    total = sum(batches)
    assert seqs(kept.since(since)) == list(range(since + 1, total + 1))
    assert kept.last(max(0, total - since)) == kept.since(since)
