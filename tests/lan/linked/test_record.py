"""What the laboratory remembers of what members' clients print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lan.linked.record import GHOST_AFTER_S, LinkedRecord


@pytest.fixture
def record(tmp_path: Path) -> Iterator[LinkedRecord]:
    """A record of this test."""
    record = LinkedRecord(tmp_path / "record.jsonl")
    yield record
    record.close()


def tell(record: LinkedRecord, label: str, event: str, **fields: Any) -> None:
    record.client_event(label, json.dumps({"event": event, **fields}))


def enter(record: LinkedRecord, label: str, name: str) -> None:
    people = [{"id": "z", "name": "Zoe"}, {"id": name.lower(), "name": name}]
    members = ["Zoe", name]
    fields = {"members": members, "people": people, "latest": 0, "back": False, "server": "h4"}
    tell(record, label, "entered", you=name, **fields)


def message(record: LinkedRecord, label: str, seq: int, text: str, *, own: bool = False) -> None:
    fields = {"id": text, "member": "m", "name": "Ann", "text": text, "own": own}
    tell(record, label, "message", seq=seq, **fields)


def test_who_somebody_is(record: LinkedRecord) -> None:
    """The public id, by which a host removes them, and the name that they have at the time."""
    enter(record, "Ann#1", "Ann")
    assert record.servers == {"Ann#1": "h4"}
    assert (record.member_ids, record.present_name("Ann#1")) == ({"Ann#1": "ann"}, "Ann")
    tell(record, "Ann#1", "renamed", name="Anna", you=True)
    tell(record, "Ann#1", "renamed", name="Benno", you=False)
    assert record.present_name("Ann#1") == "Anna"


def test_an_end_that_nobody_expects_is_a_fault(record: LinkedRecord) -> None:
    """One that was asked for is none, but then others need not wait for what that client has sent."""
    for label in ("Ann#1", "Ben#1"):
        enter(record, label, label[:3])
        record.expect_end(label)
    record.expect_stay("Ben#1")
    for label in ("Ann#1", "Ben#1"):
        tell(record, label, "ended", reason="The host removed you.", code="kicked")
    ann, ben = record.runs["Ann#1"], record.runs["Ben#1"]
    assert (len(ann.events), len(ben.events)) == (1, 2)
    assert ann.killed_s is not None
    assert (ann.ghost_after_s, ben.killed_s) == (GHOST_AFTER_S, None)
    assert record.ends == {"Ann#1": "kicked", "Ben#1": "kicked"}


def test_a_whisper_to_somebody_who_has_gone_is_no_fault(record: LinkedRecord) -> None:
    """It is answered, and nobody was ejected; another message that fails is a fault."""
    record.request_sent("Ann#1", 3)
    tell(
        record, "Ann#1", "failed", reason="The room does not know this member.", code="unknown-member", line=3
    )
    assert (record.runs, record.open_requests(["Ann#1"])) == ({}, [])
    tell(record, "Ann#1", "failed", reason="Too long.", code="bad-text", line=4)
    assert len(record.runs["Ann#1"].events) == 1


def test_a_removal_is_as_of_who_has_seen_most(record: LinkedRecord) -> None:
    """A witness who is behind saw it before messages that came before it."""
    message(record, "Ben#1", 7, "x")
    message(record, "Cem#1", 8, "y")
    message(record, "Dua#1", 6, "z")
    for label in ("Ben#1", "Cem#1", "Dua#1"):
        tell(record, label, "left", name="Ann", member="ann", reason="kicked", note="")
    tell(record, "Ben#1", "left", name="Eve", member="eve", reason="left", note="")
    assert [(one.member, one.after, one.witness) for one in record.removals] == [("ann", 8, "Cem#1")]


def test_what_is_missing_until_all_is_well(record: LinkedRecord) -> None:
    """First receipts, then messages of others, and at the end the answers to requests."""
    for text in ("1", "2"):
        record.message_sent("Ann#1", text)
    record.request_sent("Ann#1", 3)
    message(record, "Ann#1", 4, "1", own=True)
    assert record.sent_counts(["Ann#1"]) == {"Ann#1": 2}
    assert record.unconfirmed({"Ann#1": 1}) == []
    assert record.unconfirmed({"Ann#1": 2}) == ["Ann#1 lacks 1 receipts"]
    assert record.unconfirmed({"Ann#1": 3}) == ["Ann#1 lacks 2 receipts"]
    assert record.unseen(["Ann#1", "Ben#1"], record.latest_for_all()) == ["Ben#1 has seen 0 of 4"]
    assert record.open_requests(["Ann#1", "Ben#1"]) == ["Ann#1 has no answers to {3}"]
    tell(record, "Ann#1", "reacted", seq=5, line=3)
    assert record.open_requests(["Ann#1"]) == []
