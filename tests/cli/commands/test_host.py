"""`messango host` controls a running server: whole programs."""

from __future__ import annotations

import json
import os
import shlex
import signal
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from messango.app.hosted_room import HostedRoom
from messango.gui.background.host_thread import ClosedByCommand, HostThread, RoomOpened
from messango.room.host.host_command_table import HOST_COMMANDS
from messango.server.server_options import ServerOptions
from tests.support.program import Program, open_room, run, run_here
from tests.support.terminal import run_in_terminal

pytestmark = pytest.mark.program

TIMEOUT_S = 60.0


@pytest.fixture
def office() -> Iterator[tuple[Program, int]]:
    """A server without a terminal, and its port."""
    with open_room("Office", "--no-advertise") as opened:
        yield opened


def password_file(folder: Path, password: str) -> str:
    path = folder / "password.txt"
    path.write_text(password)
    path.chmod(0o600)
    return str(path)


def member(port: int, name: str, *options: str) -> Program:
    return Program("chat", f"127.0.0.1:{port}", "--name", name, "--json", *options)


def test_a_server_without_a_terminal(office: tuple[Program, int]) -> None:
    """Its members are listed, addressed, and removed; it says so, and so does its own output."""
    server, port = office
    with member(port, "Ann Lee") as ann:
        ann.wait_for('"entered"')
        assert "“Ann Lee”  127.0.0.1:" in run_here("host", "who").stdout
        assert run_here("host", "say", "Lunch", "is ready").returncode == 0
        ann.wait_for("Lunch is ready")
        kicked = run_here("host", "kick", "Ann Lee", "too loud")
        assert (kicked.returncode, kicked.stdout, kicked.stderr) == (0, "“Ann Lee” was removed.\n", "")
        ann.wait_for("too loud")
    server.wait_for("host     “Ann Lee” was removed.")


def test_bans_and_the_lock(office: tuple[Program, int]) -> None:
    """With the words of the shell as they are."""
    _, port = office
    assert "for 10 minutes" in run_here("host", "ban", "192.168.1.20", "for", "10m", "noise").stdout
    (ban,) = json.loads(run_here("host", "bans", "--json").stdout)["bans"]
    assert (ban["networks"], ban["reason"]) == (["192.168.1.20"], "noise")
    assert run_here("host", "unban", "192.168.1.20").returncode == 0
    assert run_here("host", "lock").returncode == 0
    assert run("chat", f"127.0.0.1:{port}", stdin="hello\n").returncode == 4
    assert run_here("host", "unlock").returncode == 0
    assert run("chat", f"127.0.0.1:{port}", stdin="hello\n").returncode == 0


def test_a_password_while_members_stay(office: tuple[Program, int], tmp_path: Path) -> None:
    """Newcomers need it; a second one replaces it; without one everybody can join again."""
    _, port = office
    with member(port, "Ann") as ann:
        ann.wait_for('"entered"')
        path = password_file(tmp_path, "sesame")
        done = run_here("host", "password", "--password-file", path)
        assert (done.returncode, "sesame" in done.stdout + done.stderr) == (0, False)
        assert run("chat", f"127.0.0.1:{port}", stdin="hello\n").returncode == 4
        with member(port, "Ben", "--password-file", path) as ben:
            ben.wait_for('"entered"')
            run_here("host", "password", "--none")
            assert run("chat", f"127.0.0.1:{port}", stdin="hello from outside\n").returncode == 0
            ben.wait_for("hello from outside")
        ann.wait_for("hello from outside")


def test_a_password_is_asked_for_in_a_terminal(office: tuple[Program, int]) -> None:
    """Twice, and not shown."""
    _, port = office
    with run_in_terminal("host", "password") as host:
        host.wait_for("The room's password:")
        host.send_keys("sesame\r")
        host.wait_for("Repeat")
        host.send_keys("sesame\r")
        assert host.read_to_exit() == 0
        assert "has a password now" in host.screen_text
        assert "sesame" not in host.screen_text
    assert run("chat", f"127.0.0.1:{port}", stdin="hello\n").returncode == 4


WRONG_COMMANDS = (
    ("kick nobody", 3, "No member is called"),
    ("unban nobody", 3, "is not banned"),
    ("kick", 2, "needs an argument"),
    ("kik Ann", 2, "Did you mean 'kick'?"),
    ("seats none", 2, "not a number of seats"),
    ("lock the door", 2, "unexpected extra argument"),
    ("password sesame", 2, "never an argument"),
    ("password", 2, "no terminal"),
    ("--room nowhere who", 3, "No room called “nowhere”"),
    ("", 2, "Usage"),
)


def test_what_goes_wrong(office: tuple[Program, int]) -> None:
    """Each has its sentence on standard error, and its exit status. None of them changes the room."""
    assert office
    for words, status, said in WRONG_COMMANDS:
        done = run_here("host", *shlex.split(words))
        assert (words, done.returncode, done.stdout) == (words, status, "")
        assert said in done.stderr
        assert "sesame" not in done.stderr


def test_json_says_what_went_wrong_too(office: tuple[Program, int]) -> None:
    """One object on standard output, whatever happens."""
    assert office
    done = run_here("host", "kick", "nobody", "--json")
    fields = json.loads(done.stdout)
    assert (done.returncode, fields["command"], fields["room"]) == (3, "kick", "Office")
    assert fields["error"]["code"] == "unknown-member"
    for words in ("kick", "seats none", "password", "password sesame"):
        done = run_here("host", "--json", *shlex.split(words))
        fields = json.loads(done.stdout)
        assert (done.returncode, fields["command"]) == (2, words.split()[0])
        assert fields["error"]["code"] == "invalid-input"
        assert "sesame" not in done.stdout
    assert json.loads(run_here("host", "--json", "seats", "8").stdout)["message"].startswith(
        "The room has 8 seats"
    )


def test_no_room_is_open() -> None:
    """The sentence says how to open one."""
    done = run_here("host", "who", "--json")
    assert done.returncode == 3
    assert "messango server" in done.stderr
    assert json.loads(done.stdout)["error"]["code"] == "no-room"
    done = run_here("host", "--json", "password", "--none")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "no-room")


def test_two_rooms(office: tuple[Program, int]) -> None:
    """One is chosen by its name or id; without that, the command that is suggested works."""
    assert office
    with open_room("Table 4", "--no-advertise"):
        done = run_here("host", "lock")
        assert done.returncode == 2
        assert "“Office” and “Table 4”" in done.stderr
        suggested = shlex.split(done.stderr.strip().rpartition("messango ")[2])
        assert run_here(*suggested).returncode == 0
        listed = json.loads(run_here("host", "who", "--room", "table 4", "--json").stdout)
        assert listed["room"] == "Table 4"
        assert (
            json.loads(run_here("host", "--room", listed["id"], "who", "--json").stdout)["room"] == "Table 4"
        )


def test_close(office: tuple[Program, int]) -> None:
    """The room is closed when the command ends: it can be opened again."""
    server, port = office
    with member(port, "Ann") as ann:
        ann.wait_for('"entered"')
        assert run_here("host", "close").stdout == "The room is closed.\n"
        ann.wait_for("closed")
    assert server.wait_for_exit() == 0
    with open_room("Office", "--no-advertise"):
        pass


def test_close_at_a_prompt() -> None:
    """A host who types just then sees the room close."""
    room = ("server", "--name", "Office", "--host", "127.0.0.1", "--port", "0", "--no-advertise")
    with run_in_terminal(*room) as host:
        host.wait_for("type help for commands")
        host.send_keys("say hel")
        run_here("host", "lock")
        host.wait_for("host     The room is locked")
        host.wait_for("locked  type help")
        assert run_here("host", "close").returncode == 0
        assert host.read_to_exit() == 0


def test_a_password_at_the_prompt_is_not_shown() -> None:
    """Neither in the line nor above it, nor in what the arrow keys bring back."""
    room = ("server", "--name", "Office", "--host", "127.0.0.1", "--port", "0", "--no-advertise")
    with run_in_terminal(*room) as host:
        host.wait_for("type help for commands")
        host.send_keys("password\r")
        host.wait_for("which is not shown")
        host.send_keys("sesame\r")
        host.wait_for("The same password again")
        host.send_keys("sesame\r")
        host.wait_for("has a password now")
        host.send_keys("\x1b[A")
        host.wait_for("with a password")
        host.send_keys("\x03quit\r")
        assert host.read_to_exit() == 0
        assert "sesame" not in host.screen_text


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_server(office: tuple[Program, int], tmp_path: Path) -> None:
    """What it has left is recognized and removed, and the room opens again."""
    server, _ = office
    server.process.kill()
    server.process.wait()
    assert [path for path in (tmp_path / "control").iterdir() if path.suffix == ".sock"]
    assert run_here("host", "who").returncode == 3
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["rooms.lock"]
    with open_room("Office", "--no-advertise"):
        assert run_here("host", "who").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_stopped_server(office: tuple[Program, int]) -> None:
    """The sentence comes within seconds, and what it says helps."""
    server, _ = office
    server.process.send_signal(signal.SIGSTOP)
    done = run_here("host", "who")
    assert done.returncode == 5
    assert "does not answer" in done.stderr
    command = shlex.split(done.stderr.strip().splitlines()[-1].rpartition(": ")[2])
    assert command == ["kill", "-CONT", str(server.process.pid)]
    server.process.send_signal(signal.SIGCONT)
    assert run_here("host", "who").returncode == 0


def test_a_room_that_a_window_hosts() -> None:
    """It is controlled like any other, and the window is told when it closes."""
    host = HostThread(lambda: HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0), advertise=False))
    host.start()
    opened = host.events.get(timeout=TIMEOUT_S)
    assert isinstance(opened, RoomOpened)
    assert run_here("host", "lock").returncode == 0
    assert opened.is_locked()
    assert run_here("host", "close").returncode == 0
    assert isinstance(host.events.get(timeout=TIMEOUT_S), ClosedByCommand)
    assert host.join_thread(TIMEOUT_S)


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_only_this_user_can_open_the_socket(office: tuple[Program, int], tmp_path: Path) -> None:
    """Nobody else can list the folder or connect."""
    assert office
    assert stat.S_IMODE((tmp_path / "control").stat().st_mode) == 0o700
    (path,) = (tmp_path / "control").glob("*.sock")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_commands_at_the_same_time(office: tuple[Program, int]) -> None:
    """From several terminals."""
    assert office
    with ThreadPoolExecutor(4) as pool:
        done = [*pool.map(lambda number: run("host", "ban", f"10.1.2.{number}"), range(8))]
    assert [one.returncode for one in done] == [0] * 8
    assert len(json.loads(run_here("host", "bans", "--json").stdout)["bans"]) == 8


def test_help_lists_the_table() -> None:
    """In its order, with what each command takes."""
    listed = run_here("host", "--help").stdout
    positions = [listed.index(f"\n  {row.name} ") for row in HOST_COMMANDS]
    assert positions == sorted(positions)
    for row in HOST_COMMANDS:
        shown = run_here("host", row.name, "--help").stdout
        assert f"messango host {row.example or row.name}" in shown


def test_tab_completes_members_and_rooms(
    office: tuple[Program, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room is asked for its members."""
    _, port = office
    with member(port, "Anna") as anna:
        anna.wait_for('"entered"')
        monkeypatch.setenv("_MESSANGO_COMPLETE", "fish_complete")
        for words, found in (("messango host kick ", "Anna"), ("messango host --room ", "Office")):
            monkeypatch.setenv("COMP_WORDS", words)
            monkeypatch.setenv("COMP_CWORD", "")
            assert found in run().stdout
