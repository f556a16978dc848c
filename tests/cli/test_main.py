"""The `messango` command itself: its help, its errors, its exit statuses."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from messango import __version__, errors
from messango.cli.main import EXIT_STATUSES, main
from tests.support.program import run

pytestmark = pytest.mark.program


def test_version() -> None:
    """`--version` prints the package's version."""
    assert CliRunner().invoke(main, ["--version"]).output == f"messango, version {__version__}\n"


@pytest.mark.parametrize("command", main.list_commands(click.Context(main)))
def test_each_command_has_a_summary_and_an_example(command: str) -> None:
    """A command's help says what it does, with a line to copy."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.output
    found = main.get_command(click.Context(main), command)
    assert found is not None
    assert found.get_short_help_str()


@pytest.mark.parametrize("command", [[], ["trust"]], ids=["messango", "trust"])
def test_no_summary_is_truncated(command: list[str]) -> None:
    """The list of commands fits into 80 columns without an ellipsis."""
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


def test_help_lists_the_exit_statuses() -> None:
    """Those of the errors, 0, and those of the three signals; no others."""
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    statuses = {kind.exit_status for kind in classes if issubclass(kind, errors.MessangoError)}
    assert set(EXIT_STATUSES) == statuses | {0, 129, 130, 143}
    listed = CliRunner().invoke(main, ["--help"]).output.partition("Exit status:\n")[2].splitlines()
    assert [int(line.split()[0]) for line in listed] == list(EXIT_STATUSES)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["server", "--name", "x", "--host", "198.51.100.7"], 1, "does not have the address 198.51.100.7"),
        (["server", "--name", ""], 2, "The name is empty"),
        (["server", "--name", "x" * 33], 2, "too long"),
        (["server", "--name", "x", "--max-clients", "0"], 2, "--max-clients"),
        (["chat", "[::1"], 2, "not a valid IPv6 address"),
        (["chat", "messango://127.0.0.1/?fingerprint=12"], 2, "64 hexadecimal digits"),
        (["chat", "127.0.0.1:1", "--name", "Ann"], 5, "Nothing is listening at 127.0.0.1:1"),
        (["chat", "127.0.0.1:1", "--name", "\x1b[2J"], 2, "control characters"),
        (["discover", "--timeout", "0.3"], 3, "No room was found"),
        (["discover", "--interface", "nonsense"], 2, "nonsense"),
    ],
)
def test_mistakes(arguments: list[str], status: int, words: str) -> None:
    """Each mistake ends with its exit status and a sentence, never with a traceback."""
    result = run(*arguments)
    assert result.returncode == status
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_encoding_that_lacks_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question mark takes its place, and nothing fails."""
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    monkeypatch.setenv("PYTHONUTF8", "0")
    result = run("chat", "[::1“")
    assert result.returncode == 2
    assert result.stderr.startswith("messango: ?[::1")


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """As shells expect of an interrupted command."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("messango.cli.room_printer.RoomPrinter.run_once", interrupt)
    assert CliRunner().invoke(main, ["discover"]).exit_code == 130


_FORGED = "messango: The fingerprint of “Tea” has changed. Run `messango trust accept Tea`."


@pytest.mark.parametrize(
    "error",
    [
        errors.JoinRefused("full", f"Full.\n{_FORGED}", f"{_FORGED}\r\n{_FORGED}"),
        errors.RoomClosed("closing", f"Closed.\u2028{_FORGED}", f"\u2800\u3164\n{_FORGED}"),
    ],
)
def test_the_other_side_cannot_begin_a_line(
    monkeypatch: pytest.MonkeyPatch, error: errors.MessangoError
) -> None:
    """What a server says stands on one line, behind our name, and no blanks move it to the next."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("messango.cli.commands.help.read_topic", fail)
    result = CliRunner().invoke(main, ["help", "json"])
    assert result.exit_code == error.exit_status
    (line,) = result.stderr.splitlines()
    assert line.startswith("messango: ")
    assert "\u2800" not in line


def test_our_own_hint_is_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what to do next."""

    def fail(*_: object) -> None:
        raise errors.RoomNotFound("No room.", "Open one.")

    monkeypatch.setattr("messango.cli.commands.help.read_topic", fail)
    result = CliRunner().invoke(main, ["help", "json"])
    assert result.stderr.splitlines() == ["messango: No room.", "Open one."]
