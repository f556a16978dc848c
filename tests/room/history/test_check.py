"""A history file is looked at before anything is written to it."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import HistoryUnusable
from messango.room.history.check import check_history
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.faults import explain
from messango.room.history.migrations import DATABASE_ERRORS
from messango.room.history.reader import HistoryReader
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
