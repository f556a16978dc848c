"""Tests of the entries in memory."""

from __future__ import annotations

from messango.protocol.frames import Entry, Message, Reacted
from messango.room.history.entry_log import EntryLog


def _message(seq: int) -> Message:
    return Message(seq, f"id {seq}", "ann", 1.0, "Ann", f"text {seq}")


def _log(seqs: list[int]) -> EntryLog:
    log = EntryLog()
    log.add([_message(seq) for seq in seqs], plain=True)
    return log


def test_numbers_with_gaps() -> None:
    """Each entry is found by its number, whatever numbers are missing before it."""
    for seqs in ([], [5], [5, 6, 7, 8], [1, 5, 6, 90, 91, 400], [*range(1, 40, 3)], [1_000_000, 1_000_001]):
        log = _log(seqs)
        for seq in range(max(seqs, default=0) + 3) if max(seqs, default=0) < 1_000 else (*seqs, 7, 2_000_000):
            assert [*log.messages([seq])] == ([seq] if seq in seqs else [])
            assert [entry.seq for entry in log.since(seq)] == [each for each in seqs if each > seq]
            assert [entry.seq for entry in log.last(99, before=seq)] == [each for each in seqs if each < seq]


def test_the_oldest_entries_go() -> None:
    """The numbers of those that are left still lead to them, and an id that went is forgotten."""
    log = _log([2, 3, 9, 10, 30])
    assert [entry.seq for entry in log.drop_oldest(2)] == [2, 3]
    assert (log.first_seq, log.last_seq, len(log)) == (9, 30, 3)
    assert [*log.messages([3, 9, 30])] == [9, 30]
    assert [*log.find("ann", ["id 3", "id 10"])] == ["id 10"]


def test_a_copy_does_not_change() -> None:
    """Another thread reads a copy while the room goes on."""
    log = _log([1, 2])
    copied = log.copy()
    entries: list[Entry] = [Reacted(3, "r", 1, "ben", "Ben", 1.0, "👍", on=True), _message(4)]
    log.add(entries)
    assert copied.last_seq == 2
    assert not copied.reactions([1])
    assert log.reactions([1]) == {1: {"👍": {"ben": (3, "Ben")}}}
