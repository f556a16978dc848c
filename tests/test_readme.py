"""What README and CHANGELOG promise is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from messango import errors
from messango.cli.main import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")

COMMANDS = [
    (name, each)
    for name, command in sorted(main.commands.items())
    for each in (command, *(command.commands.values() if isinstance(command, click.Group) else ()))
]
OPTIONS = [
    (name, option)
    for name, command in COMMANDS
    for parameter in command.params
    if isinstance(parameter, click.Option)
    for option in parameter.opts
]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_has_its_section(name: str) -> None:
    """A newcomer finds every command under a heading of its own."""
    assert re.search(rf"^### `messango {name}`: ", README, re.M)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_each_option_is_told(name: str, option: str) -> None:
    """An option that README does not name is found by nobody."""
    section = re.split(rf"^### `messango {name}`", README, flags=re.M)[1].split("\n### ")[0]
    assert option in section


def test_each_option_that_is_told_is_there() -> None:
    """README names no option that no command has."""
    known = {option for _, option in OPTIONS} | {"--help", "--version"}
    ours = re.sub(r"```sh\npython3 -m venv.*?```|sudo .*", "", README, flags=re.S | re.M)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= known


def test_the_exit_statuses_are_those_of_the_errors() -> None:
    """Each status that an error ends with has its line in the table."""
    statuses = {
        kind.exit_status
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.MessangoError)
    }
    assert statuses <= {int(status) for status in re.findall(r"^\| (\d+) \|", README, re.M)}


def test_the_pictures_are_there() -> None:
    """What README shows is in the repository."""
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_folders_are_there() -> None:
    """The table of the house names each folder, and no other."""
    named = set(re.findall(r"`messango/(\w+)/`", README))
    folders = {path.name for path in (ROOT / "messango").iterdir() if (path / "__init__.py").is_file()}
    assert named == folders


def test_the_changelog_has_an_open_section_on_top() -> None:
    """Whoever changes something finds where to say so."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", changelog, re.M)[0] == "Unreleased"
