"""The replica of a linked room: entries and the state of the link in one transaction, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Deleted, Edited, Entry, Message, Reacted, Told
from messango.room.files.shared_file import Announcements
from messango.room.history.file import replica_file
from messango.room.history.file.migrations import (
    APPLICATION_ID,
    MIGRATIONS,
    LaterVersion,
    Schema,
    check_version,
    migrate,
)
from messango.room.history.file.replica_file import StorageFailed
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.history.history import SavedSession
from messango.room.history.reading.public_reader import HistoryReader
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0
LINK = "1" * 32

needs_open_files = pytest.mark.skipif(
    sys.platform == "win32", reason="an open file can't be removed on Windows"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the replica is."""
    (tmp_path / "rooms").mkdir()
    return tmp_path / "rooms" / "hall.sqlite"


@pytest.fixture
def replica(path: Path) -> Iterator[ReplicaHistory]:
    """A replica with two messages and some state."""
    with closing(ReplicaHistory(path, LINK, NOW_S)) as made:
        made.set_fact("name", "Hall")
        made.store(make_messages(1, 2), {"place": "2", "life": "a"}, plain=True)
        yield made


def opened(path: Path) -> tuple[int, dict[str, str]]:
    """Return the last number and the state of the link that a file has."""
    with closing(ReplicaHistory(path, LINK, NOW_S)) as again:
        return again.latest, again.link_state()


def test_entries_and_state_are_there_after_a_restart(replica: ReplicaHistory, path: Path) -> None:
    replica.store([], {"place": "3", "life": None, "ban": "x"})
    replica.close()
    assert opened(path) == (2, {"place": "3", "ban": "x"})


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
@pytest.mark.parametrize("plain", [True, False])
def test_any_number_of_messages(replica: ReplicaHistory, count: int, *, plain: bool) -> None:
    replica.store(make_messages(3, 2 + count), {"place": "3"}, plain=plain)
    assert [each.seq for each in replica.since(0)] == [*range(1, count + 3)]
    assert (replica.latest, replica.oldest) == (count + 2, 1)
    assert replica.link_state()["place"] == "3"


def test_every_kind_of_entry_is_stored_and_found(replica: ReplicaHistory) -> None:
    told = Told(3, "t", "ann", 1.0, "Ann", "secret", to="bob", to_name="Bob")
    changes: list[Entry] = [
        Reacted(4, "r", 1, "bob", "Bob", 2.0, "👍", on=True),
        Edited(5, "e", 1, "ann", "Ann", 3.0, "better"),
        Deleted(6, "d", 2, "ann", "Ann", 4.0),
    ]
    replica.store([told, *changes], {"place": "6"})
    assert replica.find("ann", ["t", "e"]) == {"t": told, "e": changes[1]}
    assert replica.reactions([1]) == {1: {"👍": {"bob": (4, "Bob")}}}
    assert [replica.messages([1, 2])[seq].text for seq in (1, 2)] == ["better", ""]
    assert told not in replica.since(0, viewer="cid")
    assert [each.seq for each in replica.last(2, "bob")] == [2, 3]
    assert replica.announcements(0.0, [2]) == Announcements([], replica.messages([2]))
    assert len(replica.unsaved()) == 0


def test_an_entry_that_is_refused_in_the_middle_leaves_nothing(replica: ReplicaHistory, path: Path) -> None:
    """The second one has the number of the first."""
    repeated = [*make_messages(3, 4), *make_messages(4, 4, "bob")]
    with pytest.raises(StorageFailed):
        replica.store(repeated, {"place": "4"})
    with pytest.raises(StorageFailed):
        replica.store(repeated, {"place": "4"}, plain=True)
    assert (replica.latest, replica.link_state()["place"]) == (2, "2")
    assert replica.find("ann", ["3"]) == {}
    replica.store(make_messages(3, 3), {"place": "3"})
    replica.close()
    assert opened(path) == (3, {"place": "3", "life": "a"})


@pytest.mark.parametrize("plain", [True, False])
def test_a_state_that_is_refused_takes_its_entries_along(replica: ReplicaHistory, *, plain: bool) -> None:
    """Entries without the place in the stream would be stored again after a restart."""
    database = replica._store._database  # type: ignore[union-attr]
    database.execute(
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.link_state BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(StorageFailed):
        replica.store(make_messages(3, 150), {"place": "150"}, plain=plain)
    assert [each.seq for each in replica.since(0)] == [1, 2]
    database.execute("DROP TRIGGER refuse")
    replica.store(make_messages(3, 3), {"place": "3"}, plain=plain)
    assert (replica.latest, replica.link_state()["place"]) == (3, "3")


@pytest.mark.parametrize("plain", [True, False])
def test_a_full_disk_leaves_what_was_there(replica: ReplicaHistory, path: Path, *, plain: bool) -> None:
    """And says so in words; when there is space again, it goes on."""
    database = replica._store._database  # type: ignore[union-attr]
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + 2}")
    long = [Message(seq, f"{seq}", "ann", 1.0, "Ann", "x" * 4_000) for seq in range(3, 203)]
    with pytest.raises(StorageFailed) as failed:
        replica.store(long, {"place": "202"}, plain=plain)
    assert failed.value.problem == replica.problem
    assert "The disk is full" in failed.value.problem.reason
    assert failed.value.problem.hint == "Free some space. Messango then stores them."
    assert (replica.latest, replica.link_state()) == (2, {"place": "2", "life": "a"})
    assert [each.seq for each in replica.since(0)] == [1, 2]
    database.execute("PRAGMA max_page_count = 100000")
    replica.reopen(NOW_S)
    replica.store(long, {"place": "202"}, plain=plain)
    assert replica.is_persistent
    replica.close()
    assert opened(path) == (202, {"place": "202", "life": "a"})


def test_a_locked_file(replica: ReplicaHistory, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailed, match="Another program holds the history"):
            replica.store(make_messages(3, 3), {"place": "3"}, plain=True)
        with pytest.raises(StorageFailed):
            replica.reopen(NOW_S)
        assert replica.problem is not None
        assert (replica.latest, replica.link_state()["place"]) == (2, "2")
    replica.reopen(NOW_S)
    replica.store(make_messages(3, 3), {"place": "3"}, plain=True)
    assert replica.find("ann", ["3"])


def test_a_read_only_connection(replica: ReplicaHistory) -> None:
    """As on a drive that became read-only after an error."""
    replica._store._database.execute("PRAGMA query_only = ON")  # type: ignore[union-attr]
    with pytest.raises(StorageFailed):
        replica.store(make_messages(3, 3), {"place": "3"})
    assert (replica.latest, replica.link_state()["place"]) == (2, "2")


def test_a_foreign_value_in_the_state_is_refused_in_words(replica: ReplicaHistory, path: Path) -> None:
    replica.close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE link_state SET value = x'00' WHERE key = 'place'")
    with pytest.raises(StorageFailed, match="the state of its link has a value that Messango does not write"):
        ReplicaHistory(path, LINK, NOW_S)


@needs_open_files
def test_a_file_that_was_damaged_is_tried_again_when_it_is_another(
    replica: ReplicaHistory, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking a large one takes long, and the room looks again and again."""
    path.unlink()
    path.write_bytes(b"a shopping list\n" * 99)
    with pytest.raises(StorageFailed, match="is not a Messango history"):
        replica.reopen(NOW_S)
    assert replica.problem is not None
    assert replica.problem.hint.startswith("Move the file away")
    looks: list[Path] = []
    monkeypatch.setattr(replica_file, "check_history", looks.append)
    with pytest.raises(StorageFailed, match="is not a Messango history"):
        replica.reopen(NOW_S)
    assert looks == []
    path.rename(path.with_name("list"))
    replica.reopen(NOW_S)
    assert (looks, replica.is_persistent, replica.latest) == ([path], True, 0)


def test_a_file_without_a_table_for_the_state_gets_one(path: Path) -> None:
    """The history of a room of an earlier version becomes the base of a link, and others can read it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        migrate(database, 1.0, Schema(APPLICATION_ID, MIGRATIONS[:-1]))
        database.execute(
            "INSERT INTO message (seq, id, member, time, name, text)"
            " VALUES (1, 'a', 'm', 1.0, 'Ann', 'lunch?')"
        )
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        assert (replica.latest, replica.link_state()) == (1, {})
        with HistoryReader(path) as reader:
            assert [message.text for message in reader.messages()] == ["lunch?"]


def test_an_earlier_version_refuses_the_file(replica: ReplicaHistory, path: Path) -> None:
    """As it refuses all that a later version has changed; it would go on without the stream."""
    replica.close()
    with closing(sqlite3.connect(path)) as database, pytest.raises(LaterVersion, match="state of a link"):
        check_version(database, Schema(APPLICATION_ID, MIGRATIONS[:-1]))


def test_what_cannot_be_read_is_not_taken_for_nothing(replica: ReplicaHistory) -> None:
    """Else the fold would accept a message twice; members who read get nothing, and the host the reason."""
    replica._store._database.execute("DROP TABLE change")  # type: ignore[union-attr]
    with pytest.raises(StorageFailed):
        replica.find("bob", ["1"])
    replica.problem = None
    assert replica.since(0) == []
    assert replica.problem is not None


def test_sessions_and_facts(replica: ReplicaHistory, path: Path) -> None:
    session = SavedSession("hash", "ann", "Ann")
    replica.save_sessions([session], NOW_S)
    replica.close()
    with closing(ReplicaHistory(path, LINK, NOW_S)) as again:
        assert again.sessions(10) == [session]
        assert again.get_fact("name") == "Hall"


def test_a_closed_replica_stores_nothing(replica: ReplicaHistory) -> None:
    replica.close()
    replica.close()
    assert replica.stored_at is None
    assert replica.last(10) == []
    with pytest.raises(StorageFailed, match="closed"):
        replica.store(make_messages(3, 3), {})


@needs_open_files
@pytest.mark.parametrize("with_log", [True, False])
def test_a_deleted_file_is_noticed_and_begins_again(
    replica: ReplicaHistory, path: Path, *, with_log: bool
) -> None:
    renewed: list[bool] = []
    replica.on_new_file = lambda: renewed.append(True)
    path.unlink()
    if with_log:
        Path(f"{path}-wal").unlink()
    with pytest.raises(StorageFailed, match="was deleted or moved away while the room is open"):
        replica.store(make_messages(3, 3), {"place": "3"})
    replica.reopen(NOW_S)
    assert (replica.is_persistent, replica.latest, replica.link_state(), renewed) == (True, 0, {}, [True])
    assert replica.get_fact("name") == "Hall"
    assert "Messango gets what is missing from the linked room." in replica.notices[0]
    replica.store(make_messages(1, 3), {"place": "3"}, plain=True)
    replica.close()
    assert opened(path) == (3, {"place": "3"})


@needs_open_files
def test_a_moved_file_is_whole_where_it_is_now(replica: ReplicaHistory, path: Path) -> None:
    moved = path.rename(path.with_name("moved.sqlite"))
    with pytest.raises(StorageFailed):
        replica.store(make_messages(3, 3), {"place": "3"})
    replica.reopen(NOW_S)
    assert replica.latest == 0
    assert opened(moved) == (2, {"place": "2", "life": "a"})


@needs_open_files
def test_a_deleted_folder_is_made_again(replica: ReplicaHistory, path: Path) -> None:
    shutil.rmtree(path.parent)
    assert replica.flush_pending(NOW_S)
    assert replica.problem is not None
    replica.reopen(NOW_S)
    replica.store(make_messages(1, 1), {"place": "1"})
    assert (replica.is_persistent, replica.latest) == (True, 1)


@needs_open_files
def test_an_older_copy_of_the_file_goes_on_from_there(replica: ReplicaHistory, path: Path) -> None:
    """What was put at its place is used as it is; no log of ours is applied to it."""
    replica.close()
    backup = shutil.copy(path, path.with_name("backup"))
    with closing(ReplicaHistory(path, LINK, NOW_S)) as again:
        again.store(make_messages(3, 500), {"place": "500"}, plain=True)
        Path(backup).replace(path)
        with pytest.raises(StorageFailed, match="was replaced by another file"):
            again.store(make_messages(501, 501), {"place": "501"})
        again.reopen(NOW_S)
        assert (again.latest, again.link_state()["place"]) == (2, "2")
        again.store(make_messages(3, 500), {"place": "500"}, plain=True)
    assert opened(path) == (500, {"place": "500", "life": "a"})


@needs_open_files
def test_a_log_that_is_being_read_is_not_applied_to_another_file(replica: ReplicaHistory, path: Path) -> None:
    """It can't be emptied then, but belongs to the file that was moved away."""
    replica.close()
    backup = shutil.copy(path, path.with_name("backup"))
    with closing(ReplicaHistory(path, LINK, NOW_S)) as again:
        again.store(make_messages(3, 3), {"place": "3"})
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM message").fetchall()
            again.store(make_messages(4, 500), {"place": "500"}, plain=True)
            Path(backup).replace(path)
            again.reopen(NOW_S)
            assert (again.latest, again.link_state()["place"]) == (2, "2")


@needs_open_files
def test_an_overwritten_file_is_set_aside(replica: ReplicaHistory, path: Path) -> None:
    path.write_bytes(b"a shopping list\n" * 99)
    with pytest.raises(StorageFailed, match="was overwritten by another program"):
        replica.store(make_messages(3, 3), {"place": "3"})
    replica.reopen(NOW_S)
    assert (replica.latest, replica.link_state()) == (0, {})
    assert path.with_name("hall.sqlite.replaced").exists()


@needs_open_files
def test_a_deleted_log_loses_nothing(replica: ReplicaHistory, path: Path) -> None:
    Path(f"{path}-wal").unlink()
    with pytest.raises(StorageFailed, match="lost its log"):
        replica.store(make_messages(3, 3), {"place": "3"})
    replica.reopen(NOW_S)
    assert (replica.latest, replica.link_state()["place"]) == (2, "2")
    assert "Nothing was lost" in replica.notices[0]


def test_setting_aside_deletes_nothing(replica: ReplicaHistory, path: Path) -> None:
    moved_to = replica.set_aside("forked-2026-11-30", NOW_S)
    assert moved_to == path.with_name("hall.sqlite.forked-2026-11-30")
    assert (replica.latest, replica.link_state(), replica.get_fact("name")) == (0, {}, "Hall")
    replica.store(make_messages(1, 1), {"place": "1"})
    second = replica.set_aside("forked-2026-11-30", NOW_S)
    assert second == path.with_name("hall.sqlite.forked-2026-11-30-2")
    replica.close()
    assert opened(moved_to) == (2, {"place": "2", "life": "a"})
    assert opened(second) == (1, {"place": "1"})


def test_setting_aside_while_another_reads_takes_the_log_along(replica: ReplicaHistory, path: Path) -> None:
    """The last messages may be only in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM message").fetchall()
        replica.store(make_messages(3, 3), {"place": "3"})
        moved_to = replica.set_aside("forked", NOW_S)
    assert moved_to is not None
    assert opened(moved_to) == (3, {"place": "3", "life": "a"})
    assert replica.latest == 0
