"""Options that several commands share."""

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from messango.cli.options import json_option, room_options, use_color


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
