"""A room that is not what it was, met and accepted with the whole program."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.program import Program, open_room, run


@contextmanager
def room_with_words(*options: str) -> Iterator[tuple[Program, int, str]]:
    """Open the room; gives its server, its port, and the words that the server shows."""
    with open_room("Table 4", *options) as (server, port):
        words = next(line for line in server.printed if line.startswith("Words"))
        yield server, port, words.split(maxsplit=1)[1]


def send_message(port: int, text: str = "hello\n") -> tuple[int, str]:
    """Say something in the room at this port; returns the status, and what was told to the person."""
    done = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin=text)
    return done.returncode, done.stderr


@pytest.fixture
def known_words() -> str:
    """Ann has been in the room that shows these words."""
    with room_with_words() as (_, port, words):
        assert send_message(port) == (0, "")
    return words


def close(server: Program) -> list[str]:
    """End the room; returns all that its host was told."""
    server.process.send_signal(signal.SIGTERM)
    server.wait_for_exit()
    server.wait_for("closed")
    return server.printed


def test_the_list_has_the_words_that_the_server_shows(known_words: str) -> None:
    """Both sides of the comparison agree."""
    listed = run("trust").stdout
    assert known_words in listed
    assert "Table 4" in listed


def test_a_changed_room_is_refused_until_its_words_are_accepted(tmp_path: Path, known_words: str) -> None:
    """It hears of nobody; the words that its host reads let Ann in."""
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (server, port, words):
        assert words != known_words
        status, told = send_message(port)
        assert status == 4
        assert "The fingerprint of “Table 4” has changed" in told
        assert f"you know the room by “{known_words}”, and “{words}” answered" in told
        command = re.search(r"`messango trust accept \"(.+?)\"`", told)
        assert command is not None
        wrong = run("trust", "accept", command[1], *known_words.split()[::-1], "--yes")
        assert wrong.returncode == 4
        assert send_message(port)[0] == 4
        accepted = run("trust", "accept", command[1], *words.split(), "--yes")
        assert accepted.returncode == 0, accepted.stderr
        assert send_message(port) == (0, "")
        heard = close(server)
    assert len([line for line in heard if "connect" in line and "Ann" in line]) == 1


def test_a_link_of_the_changed_room_is_refused_too(tmp_path: Path, known_words: str) -> None:
    """A new link from who knows where does not replace what is known; accepting it on purpose does."""
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (server, _, _):
        link = next(line for line in server.printed if line.startswith("Invite")).split()[1]
        done = run("chat", link, "--name", "Ann", stdin="hello\n")
        assert done.returncode == 4
        assert known_words in done.stderr
        assert run("trust", "accept", "Table 4", link, "--yes").returncode == 0
        assert run("chat", link, "--name", "Ann", stdin="hello\n").returncode == 0


def test_another_room_of_the_name_is_pointed_out(tmp_path: Path, known_words: str) -> None:
    """It is let in, with the words of both, and `discover` marks it before it was entered."""
    (tmp_path / "certificate.pem").unlink()
    shutil.rmtree(tmp_path / "rooms")
    with room_with_words() as (_, port, words):
        found = run("discover", "--first", "--timeout", "20").stdout
        assert "(not the room of this name that you know)" in found
        status, told = send_message(port)
        assert status == 0
        assert "Another room called “Table 4” is known to you" in told
        assert known_words in told
        assert words in told
        assert "known" not in run("discover", "--first", "--timeout", "20").stdout


def test_a_changed_room_is_marked_in_the_list(tmp_path: Path, known_words: str) -> None:
    """Before anybody tries to join it."""
    assert known_words
    (tmp_path / "certificate.pem").unlink()
    with room_with_words():
        assert "(its fingerprint has changed)" in run("discover", "--first", "--timeout", "20").stdout


def test_a_forgotten_room_is_met_anew(tmp_path: Path, known_words: str) -> None:
    """Without a warning, and with new words to compare."""
    assert run("trust", "forget", "Table 4", "--yes").returncode == 0
    (tmp_path / "certificate.pem").unlink()
    with room_with_words() as (_, port, words):
        assert send_message(port) == (0, "")
    assert words in run("trust").stdout
    assert known_words not in run("trust").stdout
