"""A room with a password: from a file or typed, and never shown or stored."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from messango.cli.main import main
from tests.support.program import Program, open_room, run, run_here, without_slow_notice

pytestmark = pytest.mark.program

SESAME = "open-sesame-7"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(SESAME + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def room(file: Path) -> Iterator[tuple[Program, int]]:
    with open_room("Vault", "--password-file", str(file)) as opened:
        yield opened


def test_a_pipe_with_the_password_joins(room: tuple[Program, int], file: Path) -> None:
    """Its message is accepted."""
    server, port = room
    done = run("chat", f"127.0.0.1:{port}", "--name", "Ann", "--password-file", str(file), stdin="hello\n")
    assert (done.returncode, done.stdout, without_slow_notice(done.stderr)) == (0, "", "")
    server.wait_for("Ann joined")
    assert any(line.startswith("Password") for line in server.printed)


def test_a_pipe_without_the_password(room: tuple[Program, int]) -> None:
    """Status 4 and what to do; a pipe is never asked."""
    done = run("chat", f"127.0.0.1:{room[1]}", "--name", "Ann", stdin="hello\n")
    assert done.returncode == 4
    assert "This room has a password." in done.stderr
    assert "--password-file" in done.stderr


def test_a_wrong_password_is_refused(room: tuple[Program, int], tmp_path: Path) -> None:
    """Status 4, and the host sees the attempt."""
    wrong = tmp_path / "wrong"
    wrong.write_text("sesame", encoding="utf-8")
    wrong.chmod(0o600)
    done = run(
        "chat", f"127.0.0.1:{room[1]}", "--name", "Eve", "--password-file", str(wrong), stdin="hello\n"
    )
    assert done.returncode == 4
    assert "not the password" in done.stderr
    room[0].wait_for("Eve: wrong password")


def test_a_password_that_the_room_does_not_ask_for(file: Path) -> None:
    """A room that asks for none has not proved that it is the wanted one: nothing is sent."""
    with open_room("Office") as (_, port):
        done = run(
            "chat", f"127.0.0.1:{port}", "--name", "Ann", "--password-file", str(file), stdin="hello\n"
        )
        assert done.returncode == 4
        assert "does not ask for one" in done.stderr
        history = run_here("history", "Office")
        assert "hello" not in history.stdout


@pytest.mark.skipif(shutil.which("ps") is None, reason="There is no ps.")
def test_the_password_is_shown_and_stored_nowhere(room: tuple[Program, int], file: Path) -> None:
    """Not on the screen, not in the process list, not in a file of Messango."""
    server, port = room
    with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json", "--password-file", str(file)) as ann:
        ann.wait_for('"entered"')
        processes = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True)
        ann.process.kill()
        ann.process.wait()
        assert SESAME not in processes.stdout
        assert not any(SESAME in line for line in ann.printed + server.printed)
    home = Path(os.environ["MESSANGO_HOME"])
    containing = [path for path in home.rglob("*") if path.is_file() and SESAME.encode() in path.read_bytes()]
    assert containing == [file]


def test_the_password_is_never_an_argument() -> None:
    """No option takes the password itself."""
    for name in ("server", "chat", "send"):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for option in command.params:
            assert option.name != "password" or option.type.name == "file"
    result = CliRunner().invoke(main, ["server", "--name", "Vault", "--password", SESAME])
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--password"], "--password-file"),
        (["--password", "--password-file", "{file}"], "can't be used together"),
        (["--password-file", "{file}", "--allow-plaintext"], "needs encryption"),
        (["--password", "--allow-plaintext"], "needs encryption"),
        (["--password-file", "{file}.none"], "can't be read"),
    ],
)
def test_options_that_exclude_each_other(options: list[str], reason: str, file: Path) -> None:
    """Status 2, before any room is open."""
    given = [option.format(file=file) for option in options]
    result = CliRunner().invoke(main, ["server", "--name", "Vault", *given])
    assert result.exit_code == 2
    assert reason in " ".join(result.output.split())


def test_a_host_types_it_twice_at_a_terminal() -> None:
    """The password is not echoed, and a mistyped one is asked for again."""
    pty = pytest.importorskip("pty", reason="This system has no pseudo-terminals.")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "messango", "server", "--name", "Vault", "--host", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--port", "0", "--password"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            for prompt, typed in (
                (b"The room's password: ", SESAME),
                (b"Repeat for confirmation: ", "sesame"),
                (b"do not match", ""),
                (b"The room's password: ", SESAME),
                (b"Repeat for confirmation: ", SESAME),
                (b"Ctrl-C closes the room", ""),
            ):
                at = len(shown)
                deadline_s = time.monotonic() + 60
                while prompt not in shown[max(0, at - 40) :] and time.monotonic() < deadline_s:
                    shown += os.read(ours, 4_096)
                if typed:
                    os.write(ours, typed.encode() + b"\n")
        finally:
            process.kill()
        assert b"Password     needed to join" in shown
        assert SESAME.encode() not in shown
    os.close(ours)
