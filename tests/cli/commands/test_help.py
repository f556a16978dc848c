"""`messango help`: the list of topics, one topic, the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from messango.cli.commands import help as help_module
from messango.cli.main import main
from messango.help import TOPICS, read_topic, title
from messango.help.render import render

ROOT = Path(__file__).parents[2]


def _help(*arguments: str, columns: int = 80) -> str:
    result = CliRunner(env={"COLUMNS": str(columns)}).invoke(main, ["help", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_topics_are_listed_with_a_line_each() -> None:
    """In reading order."""
    lines = _help().splitlines()[2:]
    assert [line.split()[0] for line in lines[: len(TOPICS)]] == list(TOPICS)
    assert all(line.endswith(title(topic)) for topic, line in zip(TOPICS, lines, strict=False))


def test_the_list_fits_a_narrow_terminal() -> None:
    """40 columns."""
    assert max(map(len, _help(columns=40).splitlines())) <= 40


def test_the_help_of_messango_names_the_topics() -> None:
    """`messango --help` refers to them."""
    assert "messango help" in CliRunner().invoke(main, ["--help"]).output


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_plain_text_for_a_pipe(topic: str) -> None:
    """Wrapped to COLUMNS, without escape sequences."""
    assert _help(topic, columns=50) == render(read_topic(topic), 50)


def test_a_topic_may_be_typed_in_capitals_or_as_its_file() -> None:
    """As copied from a code site."""
    assert _help("Trust.md") == _help("trust")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("securty", "Did you mean “security”?"),
        ("getting", "“getting-started”"),
        ("xyzzy", "`messango help` lists the topics"),
        ("server", "`messango server --help`"),
    ],
)
def test_an_unknown_topic_is_wrong_usage(typed: str, sentence: str) -> None:
    """Status 2, with the nearest topic or the command of that name."""
    result = CliRunner().invoke(main, ["help", typed])
    assert result.exit_code == 2
    assert sentence in result.output


def test_the_schema_is_json() -> None:
    """`--schema` works only with the topic json."""
    assert "$defs" in json.loads(_help("json", "--schema"))
    assert CliRunner().invoke(main, ["help", "--schema"]).exit_code == 2
    assert CliRunner().invoke(main, ["help", "trust", "--schema"]).exit_code == 2


@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_gets_a_pager_and_colour(monkeypatch: pytest.MonkeyPatch, *, no_color: bool) -> None:
    """Colour only without NO_COLOR."""
    paged: list[str] = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(click, "echo_via_pager", paged.append)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    help_module.help_command.main(["trust"], standalone_mode=False)
    [text] = paged
    assert text.lstrip("\x1b[1m").startswith("How to be sure")
    assert ("\x1b" in text) is not no_color


def test_a_pager_that_is_closed_early() -> None:
    """`messango help json | head -1` ends without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "messango", "help", "json"],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert "Traceback" not in done.stderr


def test_tab_completes_topics() -> None:
    """Each with its title."""
    found = help_module.TopicName().shell_complete(
        click.Context(help_module.help_command), help_module.help_command.params[0], "h"
    )
    assert [(item.value, item.help) for item in found] == [
        (topic, title(topic)) for topic in ("host", "history", "how-it-works")
    ]
