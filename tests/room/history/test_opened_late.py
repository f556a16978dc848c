"""A history whose file can't be opened at first: opening is tried again, and what waits is written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Problem
from messango.room.history.fallback_history import FallbackHistory, fresh_seq_base
from messango.room.history.history import RETRY_S, SavedSession
from messango.room.host.host_events import HistoryRestored, ServerWarning
from messango.room.sequencer import Sequencer
from tests.room.batches import WALL_CLOCK_S, RoomHarness
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0
LATER_S = NOW_S + RETRY_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history with two messages, a session, and another room's id."""
    path = tmp_path / "room.sqlite"
    with closing(FallbackHistory(path, NOW_S - 60)) as history:
        history.set_fact("id", "from the file")
        history.save_sessions([SavedSession("proof", "ann", "Ann")], NOW_S)
        history.append(make_messages(1, 2))
    return path


def stored_texts(path: Path) -> list[str]:
    """Return the texts in the file."""
    with closing(sqlite3.connect(path)) as reader:
        return [text for (text,) in reader.execute("SELECT text FROM message ORDER BY seq")]


def lock(path: Path) -> sqlite3.Connection:
    """Hold the file as a program does that has it open for itself."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_locked_and_then_free(path: Path) -> None:
    """Messages, facts and the name are written; the file's id stays, and its messages are there."""
    other = lock(path)
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is not None
        assert "Another program holds" in history.problem.reason
        history.set_fact("id", "ours")
        history.set_fact("name", "Tea")
        first = fresh_seq_base(NOW_S) + 1
        history.append(make_messages(first, first + 1))
        other.close()
        history.flush_pending(LATER_S)
        assert history.is_persistent
        assert (history.get_fact("id"), history.get_fact("name")) == ("from the file", "Tea")
        assert [message.seq for message in history.last(4)] == [1, 2, first, first + 1]
        assert history.sessions(9) == [SavedSession("proof", "ann", "Ann")]
    assert stored_texts(path) == ["text 1", "text 2", f"text {first}", f"text {first + 1}"]


def test_free_at_the_end(path: Path) -> None:
    """Closing tries it a last time."""
    other = lock(path)
    history = FallbackHistory(path, NOW_S)
    first = history.latest + 1
    history.append(make_messages(first, first))
    other.close()
    history.close()
    history.close()
    assert len(stored_texts(path)) == 3
    assert history.unsaved_count == 0


def test_locked_for_the_whole_life(path: Path) -> None:
    """What is lost is counted."""
    with closing(lock(path)):
        history = FallbackHistory(path, NOW_S)
        history.append(make_messages(history.latest + 1, history.latest + 3))
        history.close()
    assert history.unsaved_count == 3
    assert len(stored_texts(path)) == 2


def test_more_than_the_memory_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that nothing was lost."""
    monkeypatch.setattr("messango.room.history.history.MAX_MEMORY_MESSAGES", 2)
    other = lock(path)
    with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
        harness = RoomHarness(history=history)
        harness.join_admitted(1, "Ann")
        harness.post(1, "one", "two")
        harness.post(1, "three")
        assert "the oldest of them are lost" in harness.last_frame(1, Problem).reason
        other.close()
        harness.advance(RETRY_S)
        assert harness.events[-1] == HistoryRestored(1)
        assert "except 1 message" in harness.last_frame(1, Problem).reason
    assert stored_texts(path) == ["text 1", "text 2", "two", "three"]
    assert history.unsaved_count == 1


def test_members_of_the_file_return(path: Path) -> None:
    """Their sessions are known as soon as the file is open."""
    with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
        before = RoomHarness(history=history)
        welcome = before.join_admitted(1, "Ben")
    other = lock(path)
    with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
        after = RoomHarness(history=history)
        other.close()
        after.advance(RETRY_S)
        assert [type(event) for event in after.events] == [HistoryRestored]
        assert after.join_admitted(1, "Ben", welcome.session).member == welcome.member


def test_another_file_takes_its_place(tmp_path: Path) -> None:
    """A damaged file is moved away: a new one gets everything, and the host reads it."""
    path = tmp_path / "room.sqlite"
    path.write_bytes(b"no database at all, and long enough to be one" * 100)
    with closing(FallbackHistory(path, WALL_CLOCK_S)) as history:
        harness = RoomHarness(history=history)
        harness.join_admitted(1, "Ann")
        harness.post(1, "one")
        harness.advance(RETRY_S)
        assert not [event for event in harness.events if isinstance(event, (HistoryRestored, ServerWarning))]
        path.rename(tmp_path / "damaged")
        harness.advance(RETRY_S)
        assert stored_texts(path) == ["one"]
        assert isinstance(harness.events[-1], HistoryRestored)


def test_a_drive_without_shared_memory(path: Path) -> None:
    """A network drive: a file in WAL mode is changed to a mode that works there, and written."""
    path.with_name(f"{path.name}-shm").symlink_to("/nowhere/at/all")
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is None
        history.append(make_messages(3, 3))
        assert not path.with_name(f"{path.name}-wal").exists()
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
            assert reader.execute("SELECT count(*) FROM message").fetchone() == (3,)
    assert len(stored_texts(path)) == 3


def test_a_network_drive_gives_a_file_another_inode(path: Path, tmp_path: Path) -> None:
    """The file is opened again, and nobody is told that it was replaced."""
    path.with_name(f"{path.name}-shm").symlink_to("/nowhere/at/all")
    with closing(FallbackHistory(path, NOW_S)) as history:
        shutil.copy2(path, tmp_path / "copy")
        (tmp_path / "copy").replace(path)
        history.append(make_messages(3, 3))
        assert (history.problem, history.notices) == (None, [])
    assert len(stored_texts(path)) == 3


def test_a_clock_that_was_set_back_before_the_file_opens(tmp_path: Path) -> None:
    """What waits, and what follows, gets numbers above those in the file: they were said later."""
    path = tmp_path / "room.sqlite"
    with closing(FallbackHistory(path, NOW_S)) as history:
        first = fresh_seq_base(NOW_S) + 1
        history.append(make_messages(first, first + 1))
    other = lock(path)
    earlier_s = NOW_S - 3600
    with closing(FallbackHistory(path, earlier_s)) as history:
        base = history.latest
        assert base < first
        history.append(make_messages(base + 1, base + 2))
        sequencer = Sequencer(history)
        other.close()
        history.flush_pending(earlier_s + RETRY_S)
        assert history.latest == first + 3
        sequencer.assign_seqs("ann", "Ann", NOW_S, ["new"], ["last"])
        sequencer.commit()
        assert [message.seq for message in history.last(5)] == [*range(first, first + 5)]
    assert stored_texts(path)[-1] == "last"
