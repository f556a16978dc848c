"""README and CHANGELOG agree with the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from messango.help import TOPICS, title
from tests.help.markdown_extract import commands, known_options, links, options, parse, unresolved

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_readme_fits_two_screens() -> None:
    """Everything else belongs in a help topic."""
    assert len(README.splitlines()) <= 120


def test_each_topic_is_linked_with_its_title() -> None:
    """In the order of `messango help`."""
    rows = re.findall(r"^\| \[([\w-]+)\]\(messango/help/([\w-]+)\.md\) \| (.+) \|$", README, re.MULTILINE)
    assert rows == [(topic, topic, title(topic)) for topic in TOPICS]


def test_links_and_pictures_have_targets() -> None:
    """Their targets are in the repository."""
    assert unresolved(ROOT / "README.md") == []
    assert any(link.endswith(".png") for link in links(README))


def test_the_commands_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click accepts every `messango` command line, in a folder with the files that they name."""
    (tmp_path / "report.pdf").touch()
    monkeypatch.chdir(tmp_path)
    shown = commands(README)
    assert len(shown) > 4
    for arguments in shown:
        parse(arguments)


def test_the_options_exist() -> None:
    """README names no option that no command has."""
    assert options(README) <= known_options()


def test_the_test_command_can_be_found() -> None:
    """The gate runs the block behind this marker."""
    [command] = re.findall(r"^<!-- test command -->\n```sh\n(.+?)^```", README, re.MULTILINE | re.DOTALL)
    assert "pytest" in command


def test_the_changelog_has_an_open_section_on_top() -> None:
    """A change is described in the section `Unreleased`."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", changelog, re.M)[0] == "Unreleased"
