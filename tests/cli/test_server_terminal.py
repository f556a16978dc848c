"""`messango server` at a real terminal with members in the room, and without a terminal."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.program import Program, open_room, run
from tests.support.terminal import TerminalUser, run_in_terminal

pytestmark = pytest.mark.program


@contextmanager
def hosting(*options: str) -> Iterator[tuple[TerminalUser, int]]:
    """Run a server at a terminal; yields its host and the port."""
    room = ("server", "--name", "Kitchen", "--host", "127.0.0.1", "--port", "0", *options)
    with run_in_terminal(*room) as host:
        host.wait_for("type help for commands")
        found = re.search(r"127\.0\.0\.1:(\d+)", host.screen_text)
        assert found
        yield host, int(found[1])


def json_member(port: int, name: str) -> Program:
    """Return a member who prints every event as JSON."""
    return Program("chat", f"127.0.0.1:{port}", "--name", name, "--json")


def test_a_host_at_the_terminal() -> None:
    """Commands work while others chat, and arrivals don't disturb what is being typed."""
    with (
        hosting() as (host, port),
        run_in_terminal("chat", f"127.0.0.1:{port}", "--name", "Ann Lee") as ann,
    ):
        ann.wait_for("You are in")
        host.send_keys("who")
        with json_member(port, "bob") as bob:
            bob.wait_for('"entered"')
            host.wait_for("bob joined (2 of 5)")
            host.send_keys("\r")
            host.wait_for("“Ann Lee”  127.0.0.1:")
            host.send_keys("say lunch is ready\r")
            ann.wait_for("ℹ Host  lunch is ready")
            bob.wait_for("ℹ Host.*lunch is ready")
            host.send_keys("lock\r")
            host.wait_for("The room is locked")
            refused = run("chat", f"127.0.0.1:{port}", "--name", "cy", stdin="hello\n")
            assert refused.returncode == 4
            assert "locked the room" in refused.stderr
            host.send_keys("kick ann\t shouting\r")
            ann.wait_for("The host removed you from “Kitchen”: shouting.")
            assert ann.read_to_exit() == 1
            bob.wait_for('"left".*"kicked".*"shouting"')
            host.send_keys("kik bob\r")
            host.wait_for("Did you mean “kick”?")
            host.send_keys("\x04")
            host.wait_for("bob is in the room. Press Ctrl-D again to close it for everybody.")
            host.send_keys("\x04")
            assert host.read_to_exit() == 0
            assert "The room is closed." in host.screen_text
            bob.wait_for('"ended".*closed')


@pytest.mark.parametrize("keys", ["\x03", "\x04", "quit\r", "half a word\x03\x03"])
def test_the_ways_to_close_the_room(keys: str) -> None:
    """Ctrl-C, Ctrl-D in an empty room, `quit`; in a half typed line the first Ctrl-C clears the line."""
    with hosting("--no-history") as (host, _):
        host.send_keys(keys)
        assert host.read_to_exit() == 0
        assert "The room is closed." in host.screen_text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_the_room_with_a_goodbye(number: signal.Signals) -> None:
    """SIGTERM, and SIGHUP when the terminal goes away."""
    with hosting() as (host, port), json_member(port, "bob") as bob:
        bob.wait_for('"entered"')
        host.process.send_signal(number)
        bob.wait_for('"ended".*closed')
        assert host.read_to_exit() == 0


def test_a_ban_outlives_the_server() -> None:
    """A new server still refuses the banned name, and says for how long."""
    with hosting() as (host, port), json_member(port, "bob") as bob:
        bob.wait_for('"entered"')
        host.send_keys("ban bob for 2h spam\r")
        bob.wait_for('"ended".*banned')
        assert bob.wait_for_exit() == 1
        host.send_keys("\x03")
        assert host.read_to_exit() == 0
    with hosting() as (host, port):
        refused = run("chat", f"127.0.0.1:{port}", "--name", "BOB", stdin="hello\n")
        assert refused.returncode == 4
        assert "The host has banned you from “Kitchen” for 120 minutes: spam." in refused.stderr
        host.send_keys("unban bob\r")
        host.wait_for("No longer banned: bob.")
        assert run("chat", f"127.0.0.1:{port}", "--name", "bob", stdin="hello\n").returncode == 0


def test_a_kicked_pipe_reports_what_was_not_sent() -> None:
    """With the host's reason, and exit status 1."""
    with (
        hosting("--rate-limit", "0.001") as (host, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "ann") as ann,
        json_member(port, "bob") as bob,
    ):
        bob.wait_for('"entered"')
        host.wait_for("ann joined")
        assert ann.process.stdin is not None
        ann.process.stdin.write("".join(f"{number}\n" for number in range(60)))
        ann.process.stdin.flush()
        bob.wait_for('"text": ?"49"')
        host.send_keys("kick ann flooding\r")
        ann.wait_for("10 messages were not confirmed")
        ann.wait_for("removed you from “Kitchen”: flooding")
        assert ann.wait_for_exit() == 1


def test_a_terminal_that_can_not_move_its_cursor() -> None:
    """Such as a shell inside an editor: events are printed line by line, and Ctrl-C closes the room."""
    room = ("server", "--name", "Kitchen", "--host", "127.0.0.1", "--port", "0")
    with run_in_terminal(*room, kind="dumb") as host:
        host.wait_for("Ctrl-C closes the room")
        found = re.search(r"127\.0\.0\.1:(\d+)", host.screen_text)
        assert found
        assert run("chat", f"127.0.0.1:{found[1]}", "--name", "ann", stdin="hello\n").returncode == 0
        host.wait_for("ann joined (1 of 5)")
        host.process.send_signal(signal.SIGINT)
        assert host.read_to_exit() == 0
        assert "The room is closed." in host.screen_text


def test_without_a_terminal_nothing_is_read() -> None:
    """Piped input is not read, and its end does not close the room."""
    with open_room() as (server, port):
        assert server.process.stdin is not None
        server.process.stdin.write("quit\n")
        server.process.stdin.close()
        assert run("chat", f"127.0.0.1:{port}", "--name", "ann", stdin="hello\n").returncode == 0
        server.process.send_signal(signal.SIGTERM)
        assert server.wait_for_exit() == 0


def test_a_closed_standard_input() -> None:
    """Some service managers start programs without one."""
    command = f'exec "{sys.executable}" -m messango server --name x --host 127.0.0.1 --port 0 <&-'
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if "Ctrl-C" in line:
                server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
