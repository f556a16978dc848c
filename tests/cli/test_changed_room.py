"""A room whose certificate has changed: refused, accepted, forgotten, by the commands."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.program import Program, open_room, run, run_here, without_slow_notice

pytestmark = pytest.mark.program


@contextmanager
def room_with_words(*options: str) -> Iterator[tuple[Program, int, str]]:
    """Open the room; yields its server, its port, and the words that the server shows."""
    with open_room("Table 4", *options) as (server, port):
        words = next(line for line in server.printed if line.startswith("Words"))
        yield server, port, words.split(maxsplit=1)[1]


def send_message(port: int, text: str = "hello\n") -> tuple[int, str]:
    """Send a message to the room at this port; returns the exit status and standard error."""
    done = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin=text)
    return done.returncode, without_slow_notice(done.stderr)


@pytest.fixture
def known_words() -> str:
    """Return the words of a room that Ann has joined."""
    with room_with_words() as (_, port, words):
        assert send_message(port) == (0, "")
    return words


def close(server: Program) -> list[str]:
    """Close the room; returns the lines that its server printed."""
    server.process.send_signal(signal.SIGTERM)
    server.wait_for_exit()
    server.wait_for("closed")
    return server.printed


def test_the_list_has_the_words_that_the_server_shows(known_words: str) -> None:
    """Host and member compare the same words."""
    listed = run_here("trust").stdout
    assert known_words in listed
    assert "Table 4" in listed


def test_a_changed_room_is_refused_until_its_words_are_accepted(tmp_path: Path, known_words: str) -> None:
    """The changed room learns no name; Ann can join once she has accepted its words."""
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (server, port, words):
        assert words != known_words
        status, error = send_message(port)
        assert status == 4
        assert "The fingerprint of “Table 4” has changed" in error
        assert f"you know the room by “{known_words}”, and “{words}” answered" in error
        command = re.search(r"`messango trust accept \"(.+?)\"`", error)
        assert command is not None
        wrong = run_here("trust", "accept", command[1], *known_words.split()[::-1], "--yes")
        assert wrong.returncode == 4
        assert send_message(port)[0] == 4
        accepted = run_here("trust", "accept", command[1], *words.split(), "--yes")
        assert accepted.returncode == 0, accepted.stderr
        assert send_message(port) == (0, "")
        printed = close(server)
    assert len([line for line in printed if "connect" in line and "Ann" in line]) == 1


def test_a_link_of_the_changed_room_is_refused_too(tmp_path: Path, known_words: str) -> None:
    """A link does not replace a known fingerprint; `trust accept` with the link does."""
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (server, _, _):
        link = next(line for line in server.printed if line.startswith("Invite")).split()[1]
        done = run("chat", link, "--name", "Ann", stdin="hello\n")
        assert done.returncode == 4
        assert known_words in done.stderr
        assert run_here("trust", "accept", "Table 4", link, "--yes").returncode == 0
        assert run("chat", link, "--name", "Ann", stdin="hello\n").returncode == 0


def test_a_namesake_of_a_known_room(tmp_path: Path, known_words: str) -> None:
    """`discover` marks it, and `chat` joins it with a warning that shows the words of both."""
    (tmp_path / "certificate.pem").unlink()
    shutil.rmtree(tmp_path / "rooms")
    with room_with_words() as (_, port, words):
        found = run("discover", "--first", "--timeout", "20").stdout
        assert "(a different room with a name you know)" in found
        status, warning = send_message(port)
        assert status == 0
        assert "You know a different room called “Table 4”" in warning
        assert known_words in warning
        assert words in warning
        assert "known" not in run("discover", "--first", "--timeout", "20").stdout


def test_a_changed_room_is_marked_in_the_list(tmp_path: Path, known_words: str) -> None:
    """`discover` shows the warning."""
    assert known_words
    (tmp_path / "certificate.pem").unlink()
    with room_with_words():
        assert "(its fingerprint has changed)" in run("discover", "--first", "--timeout", "20").stdout


def test_a_forgotten_room_is_new_again(tmp_path: Path, known_words: str) -> None:
    """Joining gives no warning, and its new words are remembered."""
    assert run_here("trust", "forget", "Table 4", "--yes").returncode == 0
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (_, port, words):
        assert send_message(port) == (0, "")
    assert words in run_here("trust").stdout
    assert known_words not in run_here("trust").stdout
