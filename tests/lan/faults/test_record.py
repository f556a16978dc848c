"""The events of a run, on disk and as the checker reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crashes.files.records import Content
from tests.lan.faults.checker import MemberEjected, MemberJoined, MessageSeen, RoomMessage
from tests.lan.faults.record import RunRecord

FILE = {"id": "file-8", "name": "x", "size": 3, "sha256": "aa"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[RunRecord]:
    """A record that is being written."""
    made = RunRecord(tmp_path / "record.jsonl")
    yield made
    made.close()


def message(seq: int, text: str, *, own: bool) -> str:
    """Return the line that `chat --json` prints for a message."""
    fields = {"seq": seq, "id": f"id-{seq}", "member": "m", "name": "Ann", "text": text, "own": own}
    return json.dumps({"event": "message", **fields})


def joined(*, back: bool) -> str:
    """Return the line that `chat --json` prints when it has joined."""
    return json.dumps({"event": "entered", "you": "Ann", "members": ["Ann"], "latest": 7, "back": back})


def test_lines_become_a_run(record: RunRecord) -> None:
    """Messages sent and seen, and joins, in order; events that the checker does not need are left out."""
    record.client_event("Ann#1", joined(back=False))
    record.message_sent("Ann#1", "hello")
    record.client_event("Ann#1", message(8, "hello", own=True))
    record.client_event("Ann#1", json.dumps({"event": "interrupted", "reason": "It broke.", "retry_in_s": 0}))
    record.client_event("Ann#1", joined(back=True))
    record.client_event("Ann#1", json.dumps({"event": "ended", "reason": "It is closed."}))
    stay = record.runs["Ann#1"]
    assert stay.sent == ["hello"]
    came, saw, back, put_out = stay.events
    assert isinstance(came, MemberJoined)
    assert (came.you, came.members, came.latest, came.back) == ("Ann", ("Ann",), 7, False)
    assert isinstance(saw, MessageSeen)
    assert (saw.message, saw.own) == (RoomMessage(8, "id-8", "m", "Ann", "hello"), True)
    assert isinstance(back, MemberJoined)
    assert back.back
    assert isinstance(put_out, MemberEjected)
    assert put_out.reason == "ended: It is closed."


def test_receipts_and_the_highest_number_are_kept(record: RunRecord) -> None:
    """A run uses them to know when everything has arrived."""
    record.client_event("Ann#1", message(8, "mine", own=True))
    record.client_event("Ann#1", message(9, "another's", own=False))
    assert record.received == {"Ann#1": {"mine"}}
    assert record.highest_seq == {"Ann#1": 9}


def test_what_is_not_delivered_is_known(record: RunRecord) -> None:
    """A message is delivered when its sender has the receipt and all others have seen it."""
    everybody = ["Ann#1", "Ben#1"]
    record.client_event("Ann#1", joined(back=False))
    assert record.undelivered(everybody) == ["Ben#1 has not joined"]
    record.client_event("Ben#1", joined(back=False))
    assert record.undelivered(everybody) == []
    record.message_sent("Ann#1", "hello")
    assert record.undelivered(everybody) == ["Ann#1 has no receipts for 1 of 1 messages"]
    record.client_event("Ann#1", message(8, "hello", own=True))
    assert record.undelivered(everybody) == ["Ben#1 has seen the messages up to 0 of 8"]
    record.client_event("Ben#1", message(8, "hello", own=False))
    assert record.undelivered(everybody) == []


def test_an_announced_file_is_not_delivered_until_all_have_seen_it(record: RunRecord) -> None:
    """Its sender sees it first: then nothing is on its way yet, and others are about to ask for it."""
    everybody = ["Ann#1", "Ben#1"]
    for label in everybody:
        record.client_event(label, joined(back=False))
    record.file_shared("Ann#1", 1, "Ann#1 sends x", Content(3, "aa"))
    line = {**json.loads(message(8, "Ann#1 sends x", own=True)), "file": FILE}
    record.client_event("Ann#1", json.dumps(line))
    assert record.files.unfinished() == []
    assert record.undelivered(everybody) == ["Ben#1 has seen the messages up to 0 of 8"]


def test_a_killed_client_is_gone_from_then_on(record: RunRecord) -> None:
    """The record has the time, and when the others received that the member left."""
    record.client_killed("Ann#1")
    record.client_event("Ben#1", json.dumps({"event": "left", "name": "Ann", "reason": "connection-broke"}))
    gone_s = record.runs["Ann#1"].killed_s
    assert gone_s is not None
    assert 0 <= gone_s <= record.left_at_s["Ann"] <= record.now_s()


def test_the_end_of_a_run_is_not_checked(record: RunRecord) -> None:
    """Members receive that the room closes; the file still has these events."""
    record.stop_checking()
    record.client_event("Ann#1", json.dumps({"event": "ended", "reason": "It is closed."}))
    assert record.runs == {}


def test_the_file_has_everything(record: RunRecord, tmp_path: Path) -> None:
    """One object per line, each with its time."""
    record.log("breaks", fault="link down")
    record.message_sent("Ann#1", "hello")
    record.client_event("Ann#1", message(8, "hello", own=True))
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


def test_waiting_ends_when_the_condition_holds_or_time_is_up(record: RunRecord) -> None:
    """The result says which."""
    record.log("anything")
    assert record.wait_until(lambda: True, 1)
    assert not record.wait_until(lambda: False, 0.01)
