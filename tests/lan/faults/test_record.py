"""What happened, on disk and as the checker reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lan.faults.checker import Came, PutOut, Said, Saw
from tests.lan.faults.record import Record


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record that is being written."""
    made = Record(tmp_path / "record.jsonl")
    yield made
    made.close()


def message(seq: int, text: str, *, own: bool) -> str:
    """Return the line that `chat --json` prints for a message."""
    fields = {"seq": seq, "id": f"id-{seq}", "member": "m", "name": "Ann", "text": text, "own": own}
    return json.dumps({"event": "message", **fields})


def entered(*, back: bool) -> str:
    """Return the line that `chat --json` prints when it is in."""
    return json.dumps({"event": "entered", "you": "Ann", "members": ["Ann"], "latest": 7, "back": back})


def test_lines_become_a_stay(record: Record) -> None:
    """What was said, seen and told, in order; what is of no use to the checker is left out."""
    record.told("Ann#1", entered(back=False))
    record.said("Ann#1", "hello")
    record.told("Ann#1", message(8, "hello", own=True))
    record.told("Ann#1", json.dumps({"event": "interrupted", "reason": "It broke.", "retry_in_s": 0}))
    record.told("Ann#1", entered(back=True))
    record.told("Ann#1", json.dumps({"event": "ended", "reason": "It is closed."}))
    stay = record.stays["Ann#1"]
    assert stay.said == ["hello"]
    came, saw, back, put_out = stay.happenings
    assert isinstance(came, Came)
    assert (came.you, came.members, came.latest, came.back) == ("Ann", ("Ann",), 7, False)
    assert isinstance(saw, Saw)
    assert (saw.message, saw.own) == (Said(8, "id-8", "m", "Ann", "hello"), True)
    assert isinstance(back, Came)
    assert back.back
    assert isinstance(put_out, PutOut)
    assert put_out.reason == "ended: It is closed."


def test_receipts_and_the_highest_number_are_at_hand(record: Record) -> None:
    """By these a run knows when all is quiet."""
    record.told("Ann#1", message(8, "mine", own=True))
    record.told("Ann#1", message(9, "another's", own=False))
    assert record.received == {"Ann#1": {"mine"}}
    assert record.highest == {"Ann#1": 9}


def test_who_was_killed_is_gone_from_then_on(record: Record) -> None:
    """And when the others were told that somebody left."""
    record.gone("Ann#1")
    record.told("Ben#1", json.dumps({"event": "left", "name": "Ann", "reason": "the connection broke"}))
    gone_s = record.stays["Ann#1"].gone_s
    assert gone_s is not None
    assert 0 <= gone_s <= record.left["Ann"] <= record.now_s()


def test_the_end_of_a_run_is_not_judged(record: Record) -> None:
    """The room is closed then, and members are told so; on disk it is all the same."""
    record.judge_no_more()
    record.told("Ann#1", json.dumps({"event": "ended", "reason": "It is closed."}))
    assert record.stays == {}


def test_all_is_on_disk(record: Record, tmp_path: Path) -> None:
    """One object a line, each with its time."""
    record.note("breaks", fault="link down")
    record.said("Ann#1", "hello")
    record.told("Ann#1", message(8, "hello", own=True))
    record.close()
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()
    ]
    assert [(row["what"], row.get("who")) for row in rows] == [
        ("breaks", None),
        ("said", "Ann#1"),
        ("told", "Ann#1"),
    ]
    assert all(row["t"] >= 0 for row in rows)


def test_waiting_ends_when_it_holds_or_when_time_is_up(record: Record) -> None:
    """Both are told apart."""
    record.note("anything")
    assert record.wait_until(lambda: True, 1)
    assert not record.wait_until(lambda: False, 0.01)
