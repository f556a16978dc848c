"""What follows a welcome, and which entry is the last of it."""

from __future__ import annotations

import pytest

from messango.protocol.frames import React, Tell, TypingNotice
from tests.room.batches import ANN, BEN, CLEO, RoomHarness


@pytest.fixture
def harness() -> RoomHarness:
    """Let Ann and Ben in."""
    opened = RoomHarness()
    for connection_id, name in ((ANN, "Ann"), (BEN, "Ben")):
        opened.join_admitted(connection_id, name)
    return opened


def test_an_empty_room(harness: RoomHarness) -> None:
    """Nothing follows."""
    assert harness.join_admitted(CLEO, "Cleo").last == 0


def test_the_last_message(harness: RoomHarness) -> None:
    """Not the reaction after it, which is in it already, nor a private message of others."""
    ben = harness.room.members.by_connection(BEN)
    assert ben is not None
    harness.post(ANN, "1", "2")
    harness.request(BEN, React("r", 2, "👍", True))
    harness.request(ANN, Tell("t", ben.id, "psst"))
    joined = harness.join_admitted(CLEO, "Cleo")
    assert (joined.last, joined.latest) == (2, 4)


def test_the_last_entry_that_was_missed(harness: RoomHarness) -> None:
    """Of any kind, but only what this member may see; 0 if it is all known."""
    ben = harness.room.members.by_connection(BEN)
    assert ben is not None
    session = harness.join_admitted(CLEO, "Cleo").session
    harness.disconnect(CLEO)
    harness.post(ANN, "1")
    harness.request(BEN, React("r", 1, "👍", True))
    harness.request(ANN, Tell("t", ben.id, "psst"))
    assert harness.join_admitted(11, "Cleo", session, since=0).last == 2
    harness.disconnect(11)
    assert harness.join_admitted(12, "Cleo", session, since=2).last == 0


def test_a_long_part_ends_with_the_room_s_last_number(
    harness: RoomHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To find the last one for this member would take too long."""
    monkeypatch.setattr("messango.room.room.BACKLOG_BATCH_MESSAGES", 2)
    harness.post(ANN, "1", "2", "3")
    assert harness.join_admitted(CLEO, "Cleo", since=0).last == 3


def test_typing_to_one_member_says_so(harness: RoomHarness) -> None:
    """They know that it is for them only."""
    ben = harness.room.members.by_connection(BEN)
    assert ben is not None
    harness.typing(ANN, ben.id)
    assert harness.last_frame(BEN, TypingNotice).private
