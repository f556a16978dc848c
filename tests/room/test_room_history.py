"""The room and its history: backlogs in parts, and what outlives the server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.codec import encode
from messango.protocol.frames import Joined, Left, Message, Problem, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.history.fallback_history import FallbackHistory
from messango.room.host.host_events import HistoryRestored, ServerWarning
from tests.room.batches import ANN, BEN, WALL_CLOCK_S, RoomHarness


class TestCatchingUp:
    """A long backlog comes in parts, each after the member has read the one before."""

    @pytest.fixture(autouse=True)
    def _small_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("messango.room.room.BACKLOG_BATCH_MESSAGES", 2)

    def test_in_parts(self, harness: RoomHarness) -> None:
        """In order, with new messages in their place, and live afterwards."""
        harness.post(ANN, "1", "2", "3", "4")
        harness.join_admitted(4, "Dora", since=0)
        assert harness.texts(4) == ["1", "2"]
        harness.post(BEN, "5")
        assert harness.texts(4) == ["1", "2"]
        harness.read_backlog(4)
        harness.read_backlog(4)
        assert harness.texts(4) == ["1", "2", "3", "4", "5"]
        assert harness.lagging == set()
        harness.post(4, "6")
        assert harness.texts(4) == ["1", "2", "3", "4", "5", "6"]

    def test_other_frames_are_live(self, harness: RoomHarness) -> None:
        """A lagging member receives `joined` and `left` at once."""
        harness.post(ANN, "1", "2", "3")
        harness.join_admitted(4, "Dora", since=0)
        harness.leave(BEN)
        assert harness.last_frame(4, Left).name == "Ben"

    def test_a_repeated_message_stays_in_order(self, harness: RoomHarness) -> None:
        """Its receipt comes in its place: earlier, the client would skip messages before it."""
        session = harness.join_admitted(4, "Dora").session
        harness.post(4, "mine")
        harness.post(ANN, "2", "3")
        harness.post(4, "last")
        harness.disconnect(4)
        harness.join_admitted(5, "Dora", session, since=0)
        harness.post(5, "last", "mine")
        assert harness.texts(5) == ["mine", "2", "mine"]
        harness.read_backlog(5)
        assert harness.texts(5) == ["mine", "2", "mine", "3", "last"]

    def test_disconnected_while_lagging(self, harness: RoomHarness) -> None:
        """A request for a closed connection has no effect."""
        harness.post(ANN, "1", "2", "3")
        harness.join_admitted(4, "Dora", since=0)
        harness.disconnect(4)
        harness.read_backlog(4)
        assert harness.texts(4) == ["1", "2"]


class TestKeeping:
    """A room whose history is a file."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "room.sqlite"

    def test_a_session_outlives_the_server(self, path: Path) -> None:
        """The member returns to the reopened room, receives what they missed, and repeats nothing."""
        with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
            before = RoomHarness(history=history)
            welcome = before.join_admitted(1, "Ann")
            before.post(1, "one", "two")
            before.rename(1, "Anna")
        with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
            after = RoomHarness(history=history)
            after.join_admitted(1, "Ben")
            after.post(1, "three")
            again = after.join_admitted(2, "Ann", welcome.session, since=1)
            assert (again.member, again.you, again.session) == (welcome.member, "Anna", welcome.session)
            after.post(2, "two", "four")
            assert after.texts(2) == ["two", "three", "two", "four"]
            assert after.texts(1) == ["one", "two", "three", "four"]

    def test_a_file_that_cannot_be_written_is_reported_once(self, path: Path) -> None:
        """To every member, to new members, and to the host, who also learns when it is over."""
        with closing(FallbackHistory(path, WALL_CLOCK_S)) as history, closing(sqlite3.connect(path)) as other:
            harness = RoomHarness(history=history)
            harness.join_admitted(1, "Ann")
            assert harness.room.room_info().history
            other.execute("BEGIN IMMEDIATE")
            harness.post(1, "one")
            harness.post(1, "two")
            # The bad news comes first: a receipt is not followed by another claim about its message.
            assert [type(frame) for frame in harness.take_received(1)] == [Welcome, Problem, Message, Message]
            assert not harness.join_admitted(2, "Ben").room.history
            assert harness.last_frame(2, Problem).code == "not-kept"
            other.rollback()
            harness.advance(10)
            harness.post(1, "three")
            assert harness.room.room_info().history
            assert [harness.last_frame(member, Problem).code for member in (1, 2)] == ["kept-again"] * 2
            kinds = [type(event) for event in harness.events]
            assert [kind for kind in kinds if kind in (HistoryRestored, ServerWarning)] == [
                ServerWarning,
                HistoryRestored,
            ]

    def _wait_for_a_try(self, harness: RoomHarness) -> None:
        due_s = harness.room.next_deadline_s()
        assert due_s is not None
        harness.advance(due_s - harness.now_s)

    def test_pending_messages_are_written_without_new_ones(self, path: Path) -> None:
        """The room asks for a batch as long as messages are only in memory."""
        with closing(FallbackHistory(path, WALL_CLOCK_S)) as history, closing(sqlite3.connect(path)) as other:
            harness = RoomHarness(history=history)
            harness.join_admitted(1, "Ann")
            other.execute("BEGIN IMMEDIATE")
            harness.post(1, "one")
            self._wait_for_a_try(harness)
            assert not harness.room.room_info().history
            other.rollback()
            self._wait_for_a_try(harness)
            assert harness.room.room_info().history
            assert other.execute("SELECT text FROM message").fetchall() == [("one",)]


def test_a_thousand_long_names_fit_into_frames() -> None:
    """The welcome has as many as fit, and `joined` frames follow for the rest, each name once."""
    harness = RoomHarness(seats=600)
    harness.begin_batch()
    for connection_id in range(599):
        harness.join(connection_id, f"{connection_id} {'🥭' * 28}")
    harness.end_batch()
    harness.join_admitted(600, "Zoe")
    welcome, *behind = harness.take_received(600)
    assert isinstance(welcome, Welcome)
    assert len(encode(welcome)) < MAX_FRAME_BYTES
    names = [*welcome.members, *(frame.name for frame in behind if isinstance(frame, Joined))]
    assert names == harness.room.members.names()
