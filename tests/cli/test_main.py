"""The commands as a person types them."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from messango import __version__
from messango.cli.main import main
from tests.support.program import Program, open_room, run

pytestmark = pytest.mark.program


def test_version_is_the_package_s() -> None:
    """`--version` tells the one version there is."""
    assert CliRunner().invoke(main, ["--version"]).output == f"messango, version {__version__}\n"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_each_command_has_a_summary_and_an_example(command: str) -> None:
    """Whoever asks a command for help sees what it does and a line to copy."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.output
    assert main.commands[command].get_short_help_str()


@pytest.mark.parametrize("command", [[], ["trust"]], ids=["messango", "trust"])
def test_no_summary_is_cut_off(command: list[str]) -> None:
    """The list of commands fits a terminal of 80 columns without an ellipsis."""
    listed = (
        CliRunner().invoke(main, [*command, "--help"], terminal_width=80).output.partition("Commands:")[2]
    )
    assert listed
    assert "..." not in listed


def test_help_is_light() -> None:
    """`--help` loads neither Tk nor zeroconf nor TLS."""
    code = (
        "import sys; from messango.cli.main import main; main(['--help'], standalone_mode=False);"
        "print([name for name in ('tkinter', 'zeroconf', 'cryptography', 'ssl', 'msgspec', 'sqlite3',"
        " 'prompt_toolkit') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.endswith("[]\n")


def test_server_tells_what_a_host_passes_on() -> None:
    """The banner has the room, an address, the seats, the fingerprint and an invite link that fits them."""
    with open_room("Table 4 🥭", "--max-clients", "7") as (server, port):
        printed = "\n".join(server.printed)
        assert "Table 4 🥭" in printed
        assert re.search(r"^Seats +7$", printed, re.M)
        fingerprint = re.search(r"^Fingerprint +([0-9a-f ]+)$", printed, re.M)
        assert fingerprint is not None
        assert f"messango://127.0.0.1:{port}/?fingerprint={fingerprint[1].replace(' ', '')}" in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_server_stops_with_a_goodbye(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM close the room with status 0, and a member is told."""
    with (
        open_room() as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json") as ann,
    ):
        ann.wait_for('"entered"')
        server.process.send_signal(number)
        ann.wait_for('"ended".*closed')
        assert server.wait_for_exit() == 0
        server.wait_for("The room is closed")


def test_server_tells_connects_joins_leaves_and_refusals() -> None:
    """The host sees who comes, from where, who goes, and who did not get in."""
    with open_room("Office", "--max-clients", "1") as (server, port):
        with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json") as ann:
            server.wait_for(r"connect +127\.0\.0\.1:\d+ +Ann")
            server.wait_for(r"join +127\.0\.0\.1:\d+ +Ann joined \(1 of 1\)")
            ann.wait_for('"entered"')
            refused = run("chat", f"127.0.0.1:{port}", "--name", "Ben")
            assert refused.returncode == 4
            assert "full" in refused.stderr
            assert "Ann" in refused.stderr
            server.wait_for(r"refuse +127\.0\.0\.1:\d+ +Ben: .*full")
            assert ann.process.stdin is not None
            ann.process.stdin.close()
            server.wait_for(r"leave +Ann: left \(0 of 1\)")
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ben", stdin="hello\n").returncode == 0


def test_port_in_use() -> None:
    """A port that is asked for and taken is said so, with status 6."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("server", "--name", "x", "--host", "127.0.0.1", "--port", str(port))
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr.startswith(f"messango: Port {port} is in use")
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["server", "--name", "x", "--host", "198.51.100.7"], 1, "no address 198.51.100.7"),
        (["server", "--name", ""], 2, "The name is empty"),
        (["server", "--name", "x" * 33], 2, "too long"),
        (["server", "--name", "x", "--max-clients", "0"], 2, "--max-clients"),
        (["chat", "[::1"], 2, "not an IPv6 address"),
        (["chat", "messango://127.0.0.1/?fingerprint=12"], 2, "64 hexadecimal digits"),
        (["chat", "127.0.0.1:1", "--name", "Ann"], 5, "Nobody answers"),
        (["chat", "127.0.0.1:1", "--name", "\x1b[2J"], 2, "control characters"),
        (["discover", "--timeout", "0.3"], 3, "No room was found"),
        (["discover", "--interface", "nonsense"], 2, "nonsense"),
    ],
)
def test_what_a_person_can_do_wrong(arguments: list[str], status: int, words: str) -> None:
    """Each mistake ends with its status and a sentence that says what to do, never with a traceback."""
    result = run(*arguments)
    assert result.returncode == status
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_damaged_certificate_is_told_and_left_alone(tmp_path: Path) -> None:
    """A certificate that can't be read is not replaced behind the host's back."""
    damaged = tmp_path / "certificate.pem"
    damaged.write_text("no certificate")
    result = run("server", "--name", "x", "--host", "127.0.0.1", "--port", "0")
    assert result.returncode == 1
    assert str(damaged) in result.stderr
    assert damaged.read_text() == "no certificate"


def test_wrong_fingerprint_stops_before_anything_is_said() -> None:
    """An invite whose fingerprint is not the room's ends with status 4, and the room hears of nobody."""
    with open_room() as (server, port):
        result = run("chat", f"messango://127.0.0.1:{port}/?fingerprint={'ab' * 32}", "--name", "Ann")
        assert result.returncode == 4
        assert "fingerprint" in result.stderr
        server.process.send_signal(signal.SIGTERM)
        assert server.wait_for_exit() == 0
        server.wait_for("closed")
        assert not any("Ann" in line for line in server.printed)


def test_a_pipe_is_told_of_a_text_that_is_too_long() -> None:
    """100 KB in one line is refused with its sentence; the lines around it arrive."""
    with open_room() as (_, port), Program("chat", f"127.0.0.1:{port}", "--name", "Ben", "--json") as ben:
        ben.wait_for('"entered"')
        result = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin=f"one\n{'x' * 100_000}\ntwo\n")
        assert result.returncode == 1
        assert "too long" in result.stderr
        heard = [json.loads(ben.wait_for('"message"').string) for _ in range(2)]
        assert [message["text"] for message in heard] == ["one", "two"]


def test_discover_finds_and_chat_joins_by_name() -> None:
    """A room is listed, and joined by its name in any case, with no address typed."""
    with open_room("Über Büro") as (_, port):
        found = run("discover", "--first", "--json", "--timeout", "20")
        assert found.returncode == 0
        (room,) = json.loads(found.stdout)
        assert (room["name"], room["port"], room["seats"], room["members"]) == ("Über Büro", port, 5, 0)
        assert isinstance(room["ping_ms"], float)
        fields = "id name host addresses port members seats locked fingerprint version ping_ms"
        assert " ".join(room) == fields
        assert run("chat", "ÜBER BÜRO", "--name", "Ann", stdin="hello\n").returncode == 0
        assert run("chat", "--name", "Ann", stdin="the only room needs no name\n").returncode == 0


def test_a_terminal_without_our_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the encoding lacks a character a question mark stands for it, and nothing breaks."""
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    monkeypatch.setenv("PYTHONUTF8", "0")
    result = run("chat", "[::1“")
    assert result.returncode == 2
    assert result.stderr.startswith("messango: ?[::1")


def test_nothing_is_lost_when_the_server_is_killed_and_started_again() -> None:
    """A pipe waits through `kill -9`; everybody has each line once, and the history too."""
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
            heard = [json.loads(line) for line in program.printed if '"message"' in line]
            assert [message["seq"] for message in heard] == [1, 2, 3]
            assert [message["text"] for message in heard] == ["one", "two", "three"]
        kept = run("history", "Office", "--format", "json")
        assert [json.loads(line)["text"] for line in kept.stdout.splitlines()] == ["one", "two", "three"]


def send_message(program: Program, text: str) -> None:
    """Have a `chat --json` say something."""
    assert program.process.stdin is not None
    program.process.stdin.write(json.dumps({"text": text}) + "\n")
    program.process.stdin.flush()


def test_history_of_a_room_that_does_not_keep_any() -> None:
    """`--no-history` leaves nothing on the disk, and says so to whoever looks."""
    with open_room("Office", "--no-history") as (_, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="hello\n").returncode == 0
    result = run("history", "Office")
    assert (result.returncode, result.stdout) == (3, "")
    assert "no history" in result.stderr


def test_one_history_file_has_one_room(tmp_path: Path) -> None:
    """A second server on the same file is told so, instead of writing between the first one's lines."""
    file = str(tmp_path / "ours.sqlite")
    with open_room("Office", "--history", file) as (_, port):
        second = run("server", "--name", "Other", "--host", "127.0.0.1", "--port", "0", "--history", file)
        assert second.returncode == 1
        assert "ours.sqlite" in second.stderr
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="hello\n").returncode == 0
    assert "hello" in run("history", file, "--search", "HEL").stdout
