"""A history file is looked at before anything is written to it."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import HistoryUnusable
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file import check as history_check
from messango.room.history.file.check import check_history
from messango.room.history.file.faults import explain
from messango.room.history.file.migrations import DATABASE_ERRORS
from messango.room.history.reading.public_reader import HistoryReader
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0


def make_history(path: Path) -> None:
    """Make a history that is large enough to be damaged in its middle."""
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.append(make_messages(1, 2000))


def change(path: Path, *statements: str) -> None:
    """Change the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def overwrite(path: Path, offset: int, size: int) -> None:
    """Overwrite bytes."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * size)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    return tmp_path / "room.sqlite"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("later", "a later version of Messango"),
        ("half", "is cut off: it has "),
        ("beginning", "is cut off: it has 50 of"),
        ("middle", "is damaged"),
        ("text", "is not a Messango history, or its beginning is damaged"),
        ("foreign", "the database of another program"),
        ("foreign without an id", "the database of another program"),
        ("folder", "There is a folder at"),
        pytest.param(
            "pipe",
            "There is a pipe or a device at",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes"),
        ),
    ],
)
def test_each_unusable_file_has_its_sentence(path: Path, kind: str, words: str) -> None:
    """The same for a server and a reader; the file is as it was, and nothing is beside it."""
    make_unusable(path, kind)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises((*DATABASE_ERRORS, OSError)) as caught:
        check_history(path)
    fault = explain(caught.value, path)
    assert words in fault.reason
    assert not fault.passes
    assert fault.cure
    assert [*path.parent.iterdir()] == [path]
    assert (path.read_bytes() if path.is_file() else b"") == before
    with pytest.raises(HistoryUnusable) as read, HistoryReader(path) as reader:
        list(reader.messages())
    assert (str(read.value), read.value.hint) == (fault.reason, fault.cure)


def make_unusable(path: Path, kind: str) -> None:
    """Make a file of this kind."""
    if kind == "text":
        path.write_text("a shopping list\n" * 99)
    elif kind.startswith("foreign"):
        change(path, "PRAGMA journal_mode = WAL", "CREATE TABLE recipe (name)")
        if kind == "foreign":
            change(path, "PRAGMA application_id = 77")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        make_history(path)
        size = path.stat().st_size
        if kind == "later":
            change(path, "INSERT INTO step VALUES ('from the future', 1.0)")
        elif kind == "middle":
            overwrite(path, size // 2 // 4096 * 4096, 16_384)
        else:
            os.truncate(path, 50 if kind == "beginning" else size // 2)


@pytest.mark.parametrize("kind", ["missing", "zero", "empty", "history"])
def test_what_can_become_a_history(path: Path, kind: str) -> None:
    """And is opened then."""
    if kind == "zero":
        path.touch()
    elif kind == "empty":
        change(path, "VACUUM")
    elif kind == "history":
        make_history(path)
    check_history(path)
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is None


def test_an_empty_file_has_nothing_to_read(path: Path) -> None:
    """That is no damage."""
    path.touch()
    with pytest.raises(HistoryUnusable, match="is empty"), HistoryReader(path):
        pass


def test_a_killed_server_leaves_a_log(path: Path, tmp_path: Path) -> None:
    """The file is shorter than its header says, and whole together with its log."""
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.append(make_messages(1, 500))
        copy = tmp_path / "copy"
        copy.mkdir()
        for name in (path.name, f"{path.name}-wal"):
            (copy / name).write_bytes((tmp_path / name).read_bytes())
    check_history(copy / path.name)
    with closing(FallbackHistory(copy / path.name, NOW_S)) as history:
        assert history.latest == 500


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE message SET text = x'ff00' WHERE seq = 2", "message 2 in it has a value"),
        ("UPDATE message SET time = 'noon' WHERE seq = 2", "message 2 in it has a value"),
        ("UPDATE message SET name = CAST(x'ff' AS TEXT) WHERE seq = 1999", "not all of it can be read"),
        (
            "UPDATE message SET seq = 9223372036854775807 WHERE seq = 2000",
            "has a value that Messango does not write",
        ),
        ("DROP TABLE message", "its table “message” is not as Messango makes it"),
        ("DROP TABLE session", "its table “session” is not as Messango makes it"),
        ("DROP INDEX message_by_id", "its index “message_by_id” is not as Messango makes it"),
        ("ALTER TABLE message ADD COLUMN colour TEXT", "its table “message” is not as Messango makes it"),
    ],
)
def test_what_somebody_has_changed_is_found_at_the_start(path: Path, statement: str, words: str) -> None:
    """Also far back in the file, and in tables that only a message or a newcomer needs."""
    make_history(path)
    change(path, statement)
    with pytest.raises(DATABASE_ERRORS) as caught:
        check_history(path)
    fault = explain(caught.value, path)
    assert words in fault.reason
    assert (fault.passes, fault.is_bad_file) == (False, True)
    assert [*path.parent.iterdir()] == [path]


def test_a_file_of_an_earlier_version_has_fewer_tables(path: Path) -> None:
    """It is completed when the room opens."""
    make_history(path)
    change(path, "DROP TABLE session", "DELETE FROM step WHERE name LIKE 'sessions%'")
    check_history(path)
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert history.problem is None


def link(path: Path, target: Path) -> None:
    """Create a symbolic link."""
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this system does not let us create links")


def test_a_link_into_a_folder_that_is_missing(path: Path) -> None:
    """The sentence names the folder that is missing, the same for a server and a reader."""
    link(path, path.parent / "no" / "room.sqlite")
    with pytest.raises(FileNotFoundError) as caught:
        check_history(path)
    assert f"There is no folder {path.parent / 'no'} " in explain(caught.value, path).reason
    with pytest.raises(HistoryUnusable, match="There is no folder"):
        HistoryReader(path)


def test_a_link_to_itself(path: Path) -> None:
    """It is not the drive's fault."""
    link(path, path)
    with pytest.raises(OSError) as caught:  # noqa: PT011 (the sentence is below)
        check_history(path)
    assert "leads back to itself" in explain(caught.value, path).reason


@pytest.mark.parametrize("length", [250, 300])
def test_a_name_that_is_too_long(path: Path, length: int) -> None:
    """Or that of a file beside it. It is not the drive's fault, and does not pass."""
    path = path.with_name("x" * length)
    with pytest.raises(OSError) as caught:  # noqa: PT011 (the sentence is below)
        check_history(path)
    fault = explain(caught.value, path)
    assert "is too long" in fault.reason
    assert not fault.passes


def test_nothing_is_left_beside_the_target_of_a_link(path: Path) -> None:
    """SQLite keeps its files there, not beside the link."""
    make_history(path)
    change(path, "PRAGMA application_id = 0")
    linked = path.parent / "links" / "room.sqlite"
    linked.parent.mkdir()
    link(linked, path)
    with pytest.raises(DATABASE_ERRORS):
        check_history(linked)
    assert {*path.parent.iterdir()} == {path, linked.parent}


def test_a_piece_of_an_index_on_a_full_disk_is_not_a_log(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite leaves it beside the file when its index does not fit; the history can be read without."""
    make_history(path)
    path.with_name(f"{path.name}-shm").write_bytes(bytes(3))
    connect = history_check._connect

    def fail_with_log(path: Path, options: str, timeout_s: float) -> sqlite3.Connection:
        if "immutable" not in options:
            raise sqlite3.OperationalError("disk I/O error")
        return connect(path, options, timeout_s)

    monkeypatch.setattr(history_check, "_connect", fail_with_log)
    with HistoryReader(path) as reader:
        assert len([*reader.messages()]) == 2000
