"""`messango send` against real rooms: what arrives, and each exit status."""

from __future__ import annotations

import contextlib
import hashlib
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from messango.cli.main import main
from messango.client.trust.known_rooms import KnownRooms
from messango.protocol.frames import Leave, Message
from messango.room.history.reading.public_reader import HistoryReader, find_history
from messango.server.server import Server
from messango.storage import home
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

SESAME = "open sesame"


def send(*arguments: str, stdin: str | bytes = "") -> Result:
    """Run `messango send` with a standard input that is not a terminal."""
    return CliRunner().invoke(main, ["send", *arguments], input=stdin)


def at(server: Server) -> str:
    """Return the address of a room."""
    return f"127.0.0.1:{server.port}"


def stored(server: Server) -> list[Message]:
    """Return what the room has stored."""
    del server
    with HistoryReader(find_history("Tea")) as reader:
        return [*reader.messages()]


def test_words_are_one_message() -> None:
    """Joined by spaces; nothing is printed, and the status is 0."""
    with open_room() as server:
        result = send(at(server), "dinner", "is", "ready", "--name", "Ann")
        assert (result.exit_code, result.output) == (0, "")
        assert [(message.name, message.text) for message in stored(server)] == [("Ann", "dinner is ready")]


def test_standard_input_is_one_message() -> None:
    """With its line breaks, without the last one."""
    with open_room() as server:
        assert send(at(server), stdin="one\ntwo\n").exit_code == 0
        assert [message.text for message in stored(server)] == ["one\ntwo"]


def test_the_name_is_the_one_of_the_window(tmp_path: Path) -> None:
    """Without --name and MESSANGO_NAME; a damaged file is left as it is."""
    settings = tmp_path / "settings.json"
    with open_room() as server:
        settings.write_text('{"name": "Ann of the window"}')
        assert send(at(server), "one").exit_code == 0
        settings.write_text("{")
        assert send(at(server), "two").exit_code == 0
        first, second = stored(server)
        assert first.name == "Ann of the window"
        assert second.name != first.name
        assert settings.read_text() == "{"


def test_a_room_is_found_by_its_name_where_it_was() -> None:
    """After the first visit, without a search."""
    with open_room() as server:
        assert send(at(server), "one").exit_code == 0
        assert send("tea", "two").exit_code == 0
        assert [message.text for message in stored(server)] == ["one", "two"]


def test_nothing_of_the_history_is_fetched() -> None:
    """A room of many messages answers with one."""
    with open_room() as server:
        for number in range(5):
            assert send(at(server), f"message {number}").exit_code == 0
        with contextlib.closing(RawClient(server.port)) as watcher:
            watcher.join("Ben")
            assert send(at(server), "last").exit_code == 0
        assert len(stored(server)) == 6


class TestStatus:
    """Each exit status, by what causes it."""

    def test_1_nothing_in_the_input(self) -> None:
        """An empty standard input is not a message."""
        result = send("127.0.0.1:1", stdin="")
        assert result.exit_code == 1
        assert "nothing to send" in result.output

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["Tea", ""],
            ["Tea", "--file", "no-such-file"],
            ["Tea", "--file", "."],
            ["Tea", "--file", ""],
            ["Tea", "x", "--timeout", "0"],
            ["Tea", "x", "--name", "\u200b"],
            ["messango:///", "x"],
        ],
    )
    def test_2_usage(self, arguments: list[str]) -> None:
        """Before any room is looked for."""
        assert send(*arguments).exit_code == 2

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a device that is a file")
    def test_2_a_device(self) -> None:
        """Its size is not known."""
        result = send("Tea", "--file", "/dev/null")
        assert result.exit_code == 2
        assert "a pipe or a device" in result.output

    def test_3_no_such_room(self) -> None:
        """Nobody announces it."""
        result = send("No such room", "x", "--timeout", "1")
        assert result.exit_code == 3
        assert "was not found within 1 second." in result.output

    def test_4_full(self) -> None:
        """A full room is waited for until the time is up."""
        with open_room(seats=1) as server, contextlib.closing(RawClient(server.port)) as other:
            other.join("Ben")
            result = send(at(server), "x", "--timeout", "1.5")
            assert result.exit_code == 4
            assert "Waiting for a free seat" in result.output
            assert "Not sent: the message." in result.output

    def test_0_a_seat_becomes_free(self) -> None:
        """Then the message goes."""
        with open_room(seats=1) as server:
            other = RawClient(server.port)
            other.join("Ben")
            process = subprocess.Popen(
                [sys.executable, "-m", "messango", "send", at(server), "at last"],
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            with process:
                assert process.stderr is not None
                assert "Waiting for a free seat" in process.stderr.readline()
                other.send(Leave())
                other.close()
                assert process.wait(60) == 0
            assert [message.text for message in stored(server)] == ["at last"]

    def test_4_password(self, tmp_path: Path) -> None:
        """Missing or wrong; with the right one in a file it works."""
        with open_room(password=SESAME) as server:
            assert send(at(server), "x").exit_code == 4
            file = tmp_path / "password"
            for password, status in (("wrong", 4), (SESAME, 0)):
                file.write_text(password)
                file.chmod(0o600)
                assert send(at(server), "x", "--password-file", str(file)).exit_code == status

    def test_4_another_certificate(self) -> None:
        """A link with another fingerprint: nothing is sent."""
        with open_room() as server:
            link = f"messango://{at(server)}/?fingerprint={'ab' * 32}"
            assert send(link, "x").exit_code == 4
            assert stored(server) == []
            assert KnownRooms.load().all() == []

    def test_5_unreachable(self) -> None:
        """Nobody listens."""
        assert send("127.0.0.1:1", "x").exit_code == 5

    @pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_130_and_143_signals(self, number: int, status: int) -> None:
        """What was not sent is said."""
        with open_room(seats=1) as server, contextlib.closing(RawClient(server.port)) as other:
            other.join("Ben")
            with subprocess.Popen(
                [sys.executable, "-m", "messango", "send", at(server), "x"],
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            ) as process:
                assert process.stderr is not None
                assert "Waiting for a free seat" in process.stderr.readline()
                process.send_signal(number)
                assert process.wait(60) == status
                assert "Not sent: the message." in process.stderr.read()


class TestFiles:
    """Files, and texts that are too long for a message, with a real room."""

    def test_files_with_a_caption(self, tmp_path: Path) -> None:
        """In their order; the words are the line about the first one."""
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_text(f"contents of {name}")
        with open_room() as server:
            result = send(
                *(at(server), "The", "report", "--name", "Ann"),
                *("--file", str(tmp_path / "a.txt"), "--file", str(tmp_path / "b.txt")),
            )
            assert (result.exit_code, result.output) == (0, "")
            assert [message.text for message in stored(server)] == [
                "The report\n[file] a.txt (17 bytes)",
                "[file] b.txt (17 bytes)",
            ]

    def test_a_long_text_is_a_file(self) -> None:
        """From words and from standard input, with its bytes as they were."""
        with open_room() as server:
            assert send(at(server), "x" * 9_000).exit_code == 0
            assert send(at(server), stdin=b"y\r\n" * 50_000).exit_code == 0
            words, piped = stored(server)
            assert words.file is not None
            assert piped.file is not None
            assert re.fullmatch(r"text \d{4}-\d\d-\d\d \d\d\.\d\d\.txt", words.file.name)
            assert (words.file.size, piped.file.size) == (9_000, 150_000)
            assert piped.file.sha256 == hashlib.sha256(b"y\r\n" * 50_000).hexdigest()

    def test_1_a_refused_file(self, tmp_path: Path) -> None:
        """The others go, and it is named with the reason."""
        (tmp_path / "large.bin").write_bytes(b"x" * 2_000)
        (tmp_path / "small.txt").write_text("small")
        with open_room(files=1_000) as server:
            result = send(
                at(server),
                *("--file", str(tmp_path / "large.bin"), "--file", str(tmp_path / "small.txt")),
            )
            assert result.exit_code == 1
            assert "messango: “large.bin” was not sent: " in result.output
            assert [message.text for message in stored(server)] == ["[file] small.txt (5 bytes)"]

    def test_1_a_room_without_files(self, tmp_path: Path) -> None:
        """Its host has switched them off."""
        (tmp_path / "a.txt").write_text("a")
        with open_room(files=None) as server:
            result = send(at(server), "--file", str(tmp_path / "a.txt"))
            assert result.exit_code == 1
            assert "“a.txt” was not sent" in result.output

    def test_files_come_along_with_the_history(self, tmp_path: Path) -> None:
        """`history --files` copies them, while the room is open and afterwards; a missing one is status 1."""
        (tmp_path / "a.txt").write_text("one")
        out = tmp_path / "out"
        with open_room() as server:
            assert send(at(server), "--file", str(tmp_path / "a.txt")).exit_code == 0
            result = CliRunner().invoke(main, ["history", "Tea", "--files", str(out)])
            assert (result.exit_code, (out / "a.txt").read_text()) == (0, "one")
            assert "[file] a.txt (3 bytes)" in result.output
        assert CliRunner().invoke(main, ["history", "Tea", "--files", str(tmp_path / "later")]).exit_code == 0
        for path in (home() / "rooms").glob("*.files/*"):
            path.unlink()
        result = CliRunner().invoke(main, ["history", "Tea", "--files", str(tmp_path / "third")])
        assert result.exit_code == 1
        assert "Not copied: a.txt (3 bytes): the room does not have it any more." in result.output
