"""Options that several commands share."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from messango.cli import options
from messango.cli.options import can_draw_codes, json_option, room_options, use_color
from messango.web.invite import qr_code


@click.command()
@room_options("your login name")
@json_option("Print JSON.")
def command(*, room: str | None, name: str | None, as_json: bool) -> None:
    """Print the parameters."""
    click.echo(f"{room} {name} {as_json}")


def test_room_and_name() -> None:
    """Both are optional; the name may come from the environment."""
    runner = CliRunner()
    assert runner.invoke(command, []).output == "None None False\n"
    assert runner.invoke(command, ["Tea", "--json"], env={"MESSANGO_NAME": "Ann"}).output == "Tea Ann True\n"
    assert "[default: your login name]" in runner.invoke(command, ["--help"]).output


def test_a_name_in_the_environment_that_is_not_valid() -> None:
    """The sentence says where the name is from."""
    result = CliRunner().invoke(command, [], env={"MESSANGO_NAME": "x" * 40})
    assert result.exit_code == 2
    assert "In MESSANGO_NAME: The name is too long: 40 characters." in result.output
    assert CliRunner().invoke(command, [], env={"MESSANGO_NAME": ""}).output == "None None False\n"


@pytest.mark.parametrize(
    ("is_terminal", "no_color", "expected"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_color(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, no_color: bool, expected: bool) -> None:
    """Only in a terminal and without NO_COLOR."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    assert use_color() is expected


@pytest.mark.parametrize(
    ("term", "encoding", "no_color", "expected"),
    [
        ("xterm-256color", "utf-8", False, True),
        ("tmux", "cp437", False, True),
        ("dumb", "utf-8", False, False),
        ("xterm", "iso8859-1", False, False),
        ("xterm", "utf-8", True, False),
    ],
)
def test_where_a_code_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch, term: str, encoding: str, *, no_color: bool, expected: bool
) -> None:
    """In a terminal with colours, whose encoding has half blocks."""
    output = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(output, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("WT_SESSION", "1")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    assert can_draw_codes() is expected


def test_no_code_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets no escape sequences."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert not can_draw_codes()


def test_no_code_in_an_old_console_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its Terminal is sure to understand the sequences."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(output, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setattr(options, "os", SimpleNamespace(name="nt", environ={}))
    assert not can_draw_codes()
    monkeypatch.setattr(options, "os", SimpleNamespace(name="nt", environ={"WT_SESSION": "1"}))
    assert can_draw_codes()


def test_the_half_block_is_what_codes_are_drawn_with() -> None:
    """It is named here so that nothing of the extra is imported for it."""
    assert options._HALF_BLOCK == qr_code.LOWER_HALF
