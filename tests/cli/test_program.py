"""The whole program in odd surroundings: a sentence and an exit status, never a traceback."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.program import Program, open_room
from tests.support.samples import sampled, sampled_by

pytestmark = [
    pytest.mark.program,
    pytest.mark.skipif(sys.platform == "win32", reason="The surroundings are those of a POSIX shell"),
]

#: The signals and the exit statuses that shells show for them; Windows has no SIGHUP.
SIGNALS = [
    (number, 128 + number) for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", 15))
]

#: Each command, with its status where nothing is wrong: there is no room, no history and no display.
COMMANDS = {
    "--version": 0,
    "--help": 0,
    "help trust": 0,
    "trust list": 0,
    "history Kitchen": 3,
    "discover --timeout 0.2": 3,
    "chat 127.0.0.1:1 --name Ann": 5,
    "server --port x": 2,
    "server --name x --host 198.51.100.7": 1,
    "gui": 1,
}
WRITES = ("--version", "--help", "help trust")

#: What the others share: a text, the stored settings, and a network.
FEW = ("--version", "trust list", "chat 127.0.0.1:1 --name Ann")
STREAMS = ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2> /dev/full")
ENVIRONMENTS: dict[str, Mapping[str, str]] = {
    "C": {"LC_ALL": "C", "LANG": "C"},
    "unknown": {"LC_ALL": "xx_YY.nonsense"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "zone": {"TZ": "No/Such"},
    "home": {"MESSANGO_HOME": ""},
}


def run_in_shell(line: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `messango` is the program; fails at a traceback."""
    result = subprocess.run(
        ["sh", "-c", line.replace("messango ", f'"{sys.executable}" -m messango ', 1)],
        env={**os.environ, "DISPLAY": "", **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    for printed in (result.stdout, result.stderr):
        assert "Traceback" not in printed
        assert "Exception ignored" not in printed
    return result


@pytest.mark.parametrize(
    ("streams", "command"),
    sampled_by(
        itertools.product(STREAMS, COMMANDS), lambda case: case[1] == FEW[-1] or case[0] == "<&- >&- 2>&-"
    ),
)
def test_streams_that_are_closed_or_can_not_take_errors(command: str, streams: str) -> None:
    """They change no exit status."""
    assert run_in_shell(f"messango {command} {streams}").returncode == COMMANDS[command]


@pytest.mark.parametrize("command", sampled(COMMANDS, *WRITES, *FEW))
def test_a_full_output(command: str) -> None:
    """What can't be written has failed, and the sentence says why."""
    result = run_in_shell(f"messango {command} > /dev/full")
    assert result.returncode == (1 if command in WRITES else COMMANDS[command])
    if command in WRITES:
        assert result.stderr == "messango: The output can't be written (No space left on device).\n"


@pytest.mark.parametrize("command", WRITES)
def test_a_reader_that_has_gone(command: str) -> None:
    """Needs no sentence."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    arguments = [sys.executable, "-m", "messango", *command.split()]
    result = subprocess.run(arguments, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("environment", "command"),
    sampled_by(
        itertools.product(ENVIRONMENTS, COMMANDS),
        lambda case: case[1] == "help trust" or case in (("ascii", "trust list"), ("home", FEW[-1])),
    ),
)
def test_odd_environments(environment: str, command: str, tmp_path: Path) -> None:
    """They change no exit status."""
    result = run_in_shell(
        f"messango {command}", {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", **ENVIRONMENTS[environment]}
    )
    assert result.returncode == COMMANDS[command]


@pytest.mark.parametrize("command", sampled(COMMANDS, *FEW))
def test_a_folder_that_was_deleted(command: str, tmp_path: Path) -> None:
    """The current folder may be gone."""
    folder = tmp_path / "gone"
    folder.mkdir()
    line = f'cd "{folder}" && rmdir "{folder}" && messango {command}'
    assert run_in_shell(line, {"PYTHONPATH": os.pathsep.join(sys.path)}).returncode == COMMANDS[command]


@pytest.mark.parametrize(
    "command", ["trust list", "chat 127.0.0.1:1 --name Ann", "history Kitchen", "server --name x"]
)
def test_a_home_that_is_a_file(command: str, tmp_path: Path) -> None:
    """Status 1, and what to do."""
    file = tmp_path / "file"
    file.touch()
    result = run_in_shell(f"messango {command}", {"MESSANGO_HOME": str(file / "folder")})
    assert result.returncode == 1
    assert "MESSANGO_HOME" in result.stderr


def test_a_umask_that_forbids_everything(tmp_path: Path) -> None:
    """What we write can be read again, by us."""
    home = tmp_path / "home"
    assert run_in_shell("umask 0777; messango trust list", {"MESSANGO_HOME": str(home)}).returncode == 0
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_a_signal_ends_a_search(number: int, status: int) -> None:
    """With its status and no traceback."""
    with open_room("Kitchen"), Program("discover", "--watch") as watching:
        watching.wait_for("Kitchen")
        watching.process.send_signal(number)
        assert watching.wait_for_exit() == status
    assert "Traceback" not in "\n".join(watching.printed)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["lines", "json"])
def test_a_signal_ends_a_pipe_with_a_goodbye(number: int, status: int, options: list[str]) -> None:
    """The member leaves; the connection does not just break."""
    with (
        open_room("Kitchen") as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "Ann", *options) as ann,
    ):
        server.wait_for("Ann joined")
        ann.process.send_signal(number)
        server.wait_for("leave +Ann: left")
        assert ann.wait_for_exit() == status


def test_a_watch_ends_with_its_reader() -> None:
    """Also while nothing is to be written."""
    line = "messango discover --watch | head -1; echo done"
    with open_room("Kitchen"):
        assert run_in_shell(line).stdout.splitlines()[-1] == "done"


def test_a_program_that_ignores_hangups_goes_on() -> None:
    """As `nohup` starts it."""
    line = "trap '' HUP; exec messango server --name x --host 127.0.0.1 --port 0"
    command = ["sh", "-c", line.replace("messango", f'"{sys.executable}" -m messango', 1)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for printed in server.stdout:
            if "Ctrl-C" in printed:
                server.send_signal(signal.SIGHUP)
                server.send_signal(signal.SIGTERM)
            assert "Traceback" not in printed
        assert server.wait() == 0
