"""`messango chat` as a process: pipes, invite links, a server that is killed."""

from __future__ import annotations

import contextlib
import json
import signal

import pytest

from tests.support.program import Program, open_room, run, run_here

pytestmark = pytest.mark.program


def test_a_wrong_fingerprint_stops_before_anything_is_sent() -> None:
    """An invite link with another fingerprint ends with status 4; the room does not learn the name."""
    with open_room() as (server, port):
        result = run("chat", f"messango://127.0.0.1:{port}/?fingerprint={'ab' * 32}", "--name", "Ann")
        assert result.returncode == 4
        assert "fingerprint" in result.stderr
        server.process.send_signal(signal.SIGTERM)
        assert server.wait_for_exit() == 0
        server.wait_for("closed")
        assert not any("Ann" in line for line in server.printed)


def test_a_line_that_is_too_long() -> None:
    """A line of 100 KB is reported; the lines around it arrive."""
    with open_room() as (_, port), Program("chat", f"127.0.0.1:{port}", "--name", "Ben", "--json") as ben:
        ben.wait_for('"entered"')
        result = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin=f"one\n{'x' * 100_000}\ntwo\n")
        assert result.returncode == 1
        assert "too long" in result.stderr
        messages = [json.loads(ben.wait_for('"message"').string) for _ in range(2)]
        assert [message["text"] for message in messages] == ["one", "two"]


def test_a_room_is_found_and_joined_by_name() -> None:
    """`discover` lists the room, and `chat` joins it by its name in any case, or without a name."""
    with open_room("Über Büro") as (_, port):
        found = run("discover", "--first", "--json", "--timeout", "20")
        assert found.returncode == 0
        (room,) = json.loads(found.stdout)
        assert (room["name"], room["port"], room["seats"], room["members"]) == ("Über Büro", port, 5, 0)
        assert isinstance(room["ping_ms"], float)
        fields = "id name host addresses port members seats password locked fingerprint version features"
        assert " ".join(room) == f"{fields} ping_ms slow code reason hint announced link"
        assert run("chat", "ÜBER BÜRO", "--name", "Ann", stdin="hello\n").returncode == 0
        assert run("chat", "--name", "Ann", stdin="the only room needs no name\n").returncode == 0


def test_nothing_is_lost_when_the_server_is_killed_and_restarted() -> None:
    """After `kill -9` members reconnect; each of them, and the history, has every message once."""
    with contextlib.ExitStack() as stack:
        server, port = stack.enter_context(open_room())
        ann = stack.enter_context(Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json"))
        ben = stack.enter_context(Program("chat", f"127.0.0.1:{port}", "--name", "Ben", "--json"))
        for program in (ann, ben):
            program.wait_for('"entered"')
        send_message(ann, "one")
        ben.wait_for('"text": "one"')
        server.process.kill()
        server.wait_for_exit()
        send_message(ann, "two")
        ann.wait_for('"interrupted"')
        send_message(ann, "three")
        stack.enter_context(Program("server", "--name", "Office", "--host", "127.0.0.1", "--port", str(port)))
        for program in (ann, ben):
            assert json.loads(program.wait_for('"entered"').string)["back"]
        ben.wait_for('"text": "three"')
        ann.wait_for('"text": "three"')
        for program in (ann, ben):
            messages = [json.loads(line) for line in program.printed if '"message"' in line]
            assert [message["seq"] for message in messages] == [1, 2, 3]
            assert [message["text"] for message in messages] == ["one", "two", "three"]
        history = run_here("history", "Office", "--format", "json")
        assert [json.loads(line)["text"] for line in history.stdout.splitlines()] == ["one", "two", "three"]


def send_message(program: Program, text: str) -> None:
    """Send a message through a `chat --json`."""
    assert program.process.stdin is not None
    program.process.stdin.write(json.dumps({"text": text}) + "\n")
    program.process.stdin.flush()


def test_plain_lines_work_in_pipes() -> None:
    """The conversation is printed, commands are understood, and each line waits for the one before."""
    with open_room() as (_, port):
        said = run(
            "chat", f"127.0.0.1:{port}", "--name", "Ann", "--plain", stdin="heer\n/edit here\n/bogus\n"
        )
        assert said.returncode == 1
        assert "Ann: heer\n* Ann edited: here\n! There is no command /bogus." in said.stdout
        read = run("chat", f"127.0.0.1:{port}", "--name", "Ben", "--plain", stdin="")
        assert read.returncode == 0
        assert "Ann (edited): here\n-- now --\n" in read.stdout


def test_plain_and_json_exclude_each_other() -> None:
    """Status 2, before any room is looked for."""
    result = run("chat", "127.0.0.1:1", "--plain", "--json")
    assert result.returncode == 2
    assert "exclude each other" in result.stderr
