"""`messango server` and its history file as processes: what people read about keeping is true."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.program import Program, open_room, run, run_here

pytestmark = pytest.mark.program


def history_of(home: Path) -> Path:
    """Return the only history in a Messango folder."""
    (path,) = (home / "rooms").glob("*.sqlite")
    return path


def say(port: int, text: str) -> str:
    """Send a message through a pipe; return what was printed on standard error."""
    result = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin=f"{text}\n")
    assert (result.returncode, result.stdout) == (0, "")
    return result.stderr


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Messango folder with the history of a room."""
    home = tmp_path / "messango home"
    monkeypatch.setenv("MESSANGO_HOME", str(home))
    with open_room() as (_, port):
        say(port, "before")
    return home


def lock(path: Path) -> sqlite3.Connection:
    """Hold a history as another program does."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_a_history_that_is_locked_when_the_room_opens(home: Path) -> None:
    """Everything is written when it is free; the host, a pipe and --json read both."""
    other = lock(history_of(home))
    with (
        open_room() as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "Jay", "--json") as jay,
    ):
        jay.wait_for('"code": "not-kept"')
        assert "New messages are only in memory" in say(port, "while locked")
        other.close()
        server.wait_for("messages are written to the history again, and none was lost")
        jay.wait_for('"code": "kept-again"')
        server.process.send_signal(signal.SIGKILL)
        server.wait_for_exit()
    assert run_here("history", "Office").stdout.count("Ann: ") == 2


def test_the_host_reads_at_the_end_how_many_are_lost(home: Path) -> None:
    """Before the line that the room is closed."""
    with closing(lock(history_of(home))), open_room() as (server, port):
        say(port, "one\ntwo")
        server.process.send_signal(signal.SIGINT)
        server.wait_for("2 messages are not in the history, and lost now. Another program holds")
        server.wait_for("The room is closed")
        assert server.wait_for_exit() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed on Windows")
def test_a_history_that_is_deleted_while_the_room_is_open(home: Path) -> None:
    """The host reads it, and a killed server has lost nothing."""
    with open_room() as (server, port):
        history_of(home).unlink()
        say(port, "after")
        server.wait_for("was deleted or moved away while the room is open")
        server.process.send_signal(signal.SIGKILL)
        server.wait_for_exit()
    assert [line.rpartition(" ")[2] for line in run_here("history", "Office").stdout.splitlines()] == [
        "before",
        "after",
    ]


def test_a_foreign_history_is_refused_before_the_room_opens(tmp_path: Path) -> None:
    """With the sentence that `messango history` has, and nothing is left beside it."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    file = folder / "recipes.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipe (name)")
    content = file.read_bytes()
    result = run("server", "--name", "x", "--host", "127.0.0.1", "--port", "0", "--history", str(file))
    assert (result.returncode, result.stdout) == (1, "")
    assert "is not a Messango history, but the database of another program" in result.stderr
    assert run_here("history", str(file)).stderr == result.stderr
    assert ([*folder.iterdir()], file.read_bytes()) == ([file], content)


def test_a_damaged_history_of_a_room_is_named(home: Path) -> None:
    """By `history` with the room's name too: it is there, and not missing."""
    history_of(home).write_bytes(b"a shopping list\n" * 99)
    result = run_here("history", "Office")
    assert result.returncode == 1
    assert "is not a Messango history" in result.stderr
