"""The room and its history: what is given in parts, and what outlives the server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.codec import encode
from messango.protocol.frames import Joined, Left, Message, Problem, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.batch import KeepsHistory
from messango.room.fallback_history import KeptHistory
from tests.room.batches import ANN, BEN, WALL_CLOCK_S, Table


class TestCatchingUp:
    """Somebody who missed much is given it in parts, each when the last was read."""

    @pytest.fixture(autouse=True)
    def _small_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("messango.room.room.CATCH_UP_MESSAGES", 2)

    def test_in_parts(self, table: Table) -> None:
        """Part by part in order, with what is said meanwhile at its place, and live from then on."""
        table.say(ANN, "1", "2", "3", "4")
        table.enter(4, "Dora", since=0)
        assert table.texts(4) == ["1", "2"]
        table.say(BEN, "5")
        assert table.texts(4) == ["1", "2"]
        table.read_on(4)
        table.read_on(4)
        assert table.texts(4) == ["1", "2", "3", "4", "5"]
        assert table.catching_up == set()
        table.say(4, "6")
        assert table.texts(4) == ["1", "2", "3", "4", "5", "6"]

    def test_other_news_is_live(self, table: Table) -> None:
        """Who comes and goes is told at once, to those behind as well."""
        table.say(ANN, "1", "2", "3")
        table.enter(4, "Dora", since=0)
        table.part(BEN)
        assert table.last(4, Left).name == "Ben"

    def test_an_answer_never_jumps_the_queue(self, table: Table) -> None:
        """A message of its own that is said again is answered at its place: earlier, it would hide others."""
        session = table.enter(4, "Dora").session
        table.say(4, "mine")
        table.say(ANN, "2", "3")
        table.say(4, "last")
        table.lose(4)
        table.enter(5, "Dora", session, since=0)
        table.say(5, "last", "mine")
        assert table.texts(5) == ["mine", "2", "mine"]
        table.read_on(5)
        assert table.texts(5) == ["mine", "2", "mine", "3", "last"]

    def test_gone_in_the_middle(self, table: Table) -> None:
        """What is asked for a connection that is no more is nobody's."""
        table.say(ANN, "1", "2", "3")
        table.enter(4, "Dora", since=0)
        table.lose(4)
        table.read_on(4)
        assert table.texts(4) == ["1", "2"]


class TestKeeping:
    """A room whose history is a file."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "room.sqlite"

    def test_a_session_outlives_the_server(self, path: Path) -> None:
        """The room opens again: the same member comes back, hears what it missed, and repeats nothing."""
        with closing(KeptHistory(path, WALL_CLOCK_S)) as history:
            before = Table(history=history)
            welcome = before.enter(1, "Ann")
            before.say(1, "one", "two")
            before.rename(1, "Anna")
        with closing(KeptHistory(path, WALL_CLOCK_S)) as history:
            after = Table(history=history)
            after.enter(1, "Ben")
            after.say(1, "three")
            again = after.enter(2, "Ann", welcome.session, since=1)
            assert (again.member, again.you, again.session) == (welcome.member, "Anna", welcome.session)
            after.say(2, "two", "four")
            assert after.texts(2) == ["two", "three", "two", "four"]
            assert after.texts(1) == ["one", "two", "three", "four"]

    def test_a_file_that_can_not_be_written_is_told_once(self, path: Path) -> None:
        """Everybody and the host hear it once, a newcomer at the door, and the host when it is over."""
        with closing(KeptHistory(path, WALL_CLOCK_S)) as history, closing(sqlite3.connect(path)) as other:
            table = Table(history=history)
            table.enter(1, "Ann")
            assert table.room.facts().history
            other.execute("BEGIN IMMEDIATE")
            table.say(1, "one")
            table.say(1, "two")
            assert [type(frame) for frame in table.told(1)] == [Welcome, Message, Problem, Message]
            assert not table.enter(2, "Ben").room.history
            assert table.last(2, Problem).code == "not-kept"
            other.rollback()
            table.wait(10)
            table.say(1, "three")
            assert table.room.facts().history
            kept = [notice for notice in table.notices if isinstance(notice, KeepsHistory)]
            assert [notice.trouble is None for notice in kept] == [False, True]

    def _wait_for_a_try(self, table: Table) -> None:
        due_s = table.room.next_deadline_s()
        assert due_s is not None
        table.wait(due_s - table.now_s)

    def test_a_file_that_can_be_written_again_is_written_though_nobody_speaks(self, path: Path) -> None:
        """The room asks for a round of its own as long as messages are in memory alone."""
        with closing(KeptHistory(path, WALL_CLOCK_S)) as history, closing(sqlite3.connect(path)) as other:
            table = Table(history=history)
            table.enter(1, "Ann")
            assert table.room.next_deadline_s() is None
            other.execute("BEGIN IMMEDIATE")
            table.say(1, "one")
            self._wait_for_a_try(table)
            assert not table.room.facts().history
            other.rollback()
            self._wait_for_a_try(table)
            assert table.room.next_deadline_s() is None
            assert table.room.facts().history
            assert other.execute("SELECT text FROM message").fetchall() == [("one",)]


def test_a_hall_full_of_long_names_fits_into_frames() -> None:
    """The welcome names as many as its frame holds, and the rest are told behind it, nobody twice."""
    table = Table(seats=600)
    table.begin()
    for link in range(599):
        table.join(link, f"{link} {'🥭' * 28}")
    table.end()
    table.enter(600, "Zoe")
    welcome, *behind = table.told(600)
    assert isinstance(welcome, Welcome)
    assert len(encode(welcome)) < MAX_FRAME_BYTES
    told = [*welcome.members, *(frame.name for frame in behind if isinstance(frame, Joined))]
    assert told == table.room.names()
