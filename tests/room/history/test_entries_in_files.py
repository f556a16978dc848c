"""All kinds of entries in history files: old files, what is left of a deletion, and new numbers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Deleted, Edited, Entry, Message, Quote, Reacted, Told
from messango.room.history.entry_log import EntryLog
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.check import check_history
from messango.room.history.file.migrations import APPLICATION_ID, MIGRATIONS
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.file.stored_message import ForeignValue
from messango.room.history.history import MemoryHistory, new_entries
from messango.room.history.reading import member_reading
from messango.room.history.reading.member_reading import HistoryReading
from messango.room.history.reading.public_reader import HistoryReader
from tests.room.messages import make_messages

GONE = "what nobody should read again"


def change(seq: int, target: int, member: str = "ann") -> tuple[int, str, int, str, str, float]:
    return (seq, f"{seq}", target, member, "Ann", 1000.0 + seq)


@pytest.fixture
def old_path(tmp_path: Path) -> Path:
    """A file as the first version wrote it, with three messages."""
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("CREATE TABLE step (name TEXT PRIMARY KEY, applied REAL NOT NULL) WITHOUT ROWID")
        for name, statement in MIGRATIONS[:5]:
            database.execute(statement)
            database.execute("INSERT INTO step VALUES (?, 1.0)", (name,))
        for message in make_messages(1, 3):
            fields = (message.seq, message.id, message.member, message.time, message.name, message.text)
            database.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", fields)
        database.commit()
    return path


def test_an_old_file_is_read_before_a_room_opens_it(old_path: Path) -> None:
    """The host's command prints and searches it, and does not change it."""
    before = old_path.read_bytes()
    with HistoryReader(old_path) as reader:
        assert [*reader.messages()] == make_messages(1, 3)
        assert [*reader.search("text 2")] == make_messages(2, 2)
    assert old_path.read_bytes() == before


def test_an_old_file_goes_on(old_path: Path) -> None:
    """A room opens it, and all kinds of entries follow."""
    check_history(old_path)
    entries: list[Entry] = [
        Reacted(*change(4, 1), "👍", on=True),
        Message(5, "5", "ben", 1.0, "Ben", "yes", reply=Quote(2)),
        Told(6, "6", "ben", 1.0, "Ben", "psst", to="ann", to_name="Ann"),
        Edited(*change(7, 3), "new"),
        Deleted(*change(8, 2)),
    ]
    with closing(SqliteHistory(old_path, 1.0)) as history:
        history.append(entries)
        assert history.since(3) == entries
        assert history.reactions([1]) == {1: {"👍": {"ann": (4, "Ann")}}}
    with closing(SqliteHistory(old_path, 2.0)) as history:
        assert (history.latest, history.oldest) == (8, 1)
        assert [(each.text, each.edited, each.deleted) for each in history.last(4)] == [
            ("", False, True),
            ("new", True, False),
            ("yes", False, False),
            ("psst", False, False),
        ]
        assert history.find("ann", ["7", "1"]).keys() == {"7", "1"}
    check_history(old_path)


def test_nothing_is_left_of_a_deletion(tmp_path: Path) -> None:
    """Neither in the file nor in the index, once they are closed."""
    path = tmp_path / "room.sqlite"
    with closing(SqliteHistory(path, 1.0)) as history:
        history.append([*make_messages(1, 1), Edited(*change(2, 1), GONE)])
        assert GONE in history.last(1)[0].text
        history.append([Deleted(*change(3, 1))])
        assert all(not getattr(entry, "text", "") for entry in history.since(0))
    assert GONE.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE message SET recipient = x'00'",
        "UPDATE message SET recipient = 'ben'",
        "UPDATE message SET reply = 'one'",
        "UPDATE message SET state = 9",
        "UPDATE change SET kind = 'sung'",
        "UPDATE change SET emoji = x'05'",
        "UPDATE change SET target = -1",
    ],
)
def test_foreign_values(tmp_path: Path, statement: str) -> None:
    """Another program's values are an error in words, not a frame."""
    path = tmp_path / "room.sqlite"
    with closing(SqliteHistory(path, 1.0)) as history:
        history.append([*make_messages(1, 1), Reacted(*change(2, 1), "👍", on=True)])
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()
    with pytest.raises(ForeignValue), closing(SqliteHistory(path, 1.0)) as history:
        history.since(0)


def test_what_refers_to_a_moved_entry_follows_it() -> None:
    """A file that was opened late has higher numbers; replies and changes keep their messages."""
    history = MemoryHistory()
    history.append([Message(seq, f"old {seq}", "ben", 1.0, "Ben", "x") for seq in range(1, 10)])
    pending: list[Entry] = [
        *make_messages(5, 5),
        Reacted(*change(6, 5), "👍", on=True),
        Message(7, "7", "ann", 1.0, "Ann", "yes", reply=Quote(5)),
    ]
    first, second, third = new_entries(history, pending)
    assert isinstance(second, Reacted)
    assert isinstance(third, Message)
    assert (first.seq, second.seq, second.target, third.reply) == (10, 11, 10, Quote(10))


def test_a_lost_file_is_written_again_with_all_entries(tmp_path: Path) -> None:
    """Also changes of messages that were only in memory."""
    path = tmp_path / "room.sqlite"
    with closing(FallbackHistory(path, 1000.0)) as history:
        history.append([*make_messages(1, 2), Reacted(*change(3, 1), "👍", on=True)])
        history.append([Edited(*change(4, 2), "new"), Deleted(*change(5, 1))])
        path.write_bytes(b"x" * 100_000)
        history.flush_pending(2000.0)
        history.append(make_messages(6, 6))
        assert history.problem is None
        deleted, edited, last = history.last(3)
    assert (deleted.deleted, edited.text, last.seq) == (True, "new", 6)
    with closing(SqliteHistory(path, 3000.0)) as stored:
        assert stored.latest == 6


def test_reading_while_the_file_is_written(tmp_path: Path) -> None:
    """What was in memory when the look began, and is in the file by now, is there once."""
    path = tmp_path / "room.sqlite"
    pending = EntryLog()
    pending.add(make_messages(3, 4))
    with closing(SqliteHistory(path, 1.0)) as history:
        history.append(make_messages(1, 4))
        with HistoryReading("ann", pending, path) as look:
            assert look.before(5, 10) == (make_messages(1, 4), False)
            assert look.search(["text"], 5, 3) == (make_messages(2, 4), True)


def test_a_search_says_that_it_left_something_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an index only the newest messages of a long history are read."""
    monkeypatch.setattr(member_reading, "_MAX_SCANNED", 200)
    path = tmp_path / "room.sqlite"
    with closing(SqliteHistory(path, 1.0)) as history:
        history.append(make_messages(1, 500))
        with HistoryReading("ann", EntryLog(), path) as look:
            assert look.search(["450"], 501, 10) == (make_messages(450, 450), True)
            assert look.search(["7"], 10, 10) == (make_messages(7, 7), False)
