"""The help topics agree with the program."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from messango.cli.main import EXIT_STATUSES, main
from messango.client.typed.commands import help_rows
from messango.client.typed.file_commands import KEEP_METADATA
from messango.gui.model.shortcuts import SHORTCUTS
from messango.help import TOPICS, nearest_topics, read_topic, title
from messango.room.host.host_command_parser import COMMANDS as HOST_COMMANDS
from tests.help.markdown_extract import command_options, commands, known_options, options, parse, unresolved

PACKAGE = Path(__file__).parents[2] / "messango"
FOLDER = PACKAGE / "help"


def _section(topic: str, heading: str) -> str:
    """Return the text below a second-level heading."""
    return read_topic(topic).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_each_file_is_a_topic() -> None:
    """TOPICS lists every file."""
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_opens_with_a_title_and_two_sentences(topic: str) -> None:
    """Many readers read no further."""
    heading, first = read_topic(topic).split("\n\n")[:2]
    assert heading == f"# {title(topic)}"
    assert len(title(topic)) <= 60
    assert len(re.findall(r"[.!?](?=\s|$)", first)) == 2, first


@pytest.mark.parametrize("topic", TOPICS)
def test_links_have_targets(topic: str) -> None:
    """Linked topics, pictures and files are in the repository."""
    assert unresolved(FOLDER / f"{topic}.md") == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_commands_are_valid(topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click accepts every `messango` command line: its options, their values, its arguments."""
    monkeypatch.chdir(tmp_path)
    for name in ("FILE", "room-password", "report.pdf"):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(0o600)
    for arguments in commands(read_topic(topic)):
        parse(arguments)


def test_a_wrong_command_is_found() -> None:
    """In blocks, in pipes and in sentences."""
    page = "Run `messango  gui\n--nane Ann`.\n\n```sh\nmake | messango serve\n$ messango help nothing\n```\n"
    found = commands(page)
    assert len(found) == 3
    for arguments in found:
        with pytest.raises(click.UsageError):
            parse(arguments)


def test_topics_show_commands() -> None:
    """The tests above are not empty."""
    assert sum(len(commands(read_topic(topic))) for topic in TOPICS) > 50


@pytest.mark.parametrize("topic", TOPICS)
def test_the_options_exist(topic: str) -> None:
    """No topic names an option that no command has, also none that is typed in a room."""
    assert options(read_topic(topic)) <= known_options() | {KEEP_METADATA}


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_each_command_has_its_section(name: str) -> None:
    """Every command has a heading."""
    assert _section("commands", f"`messango {name}`")


@pytest.mark.parametrize(("name", "option"), command_options())
def test_each_option_has_its_row(name: str, option: str) -> None:
    """In the table of its command."""
    rows = re.findall(r"^\| `(--[a-z-]+)", _section("commands", f"`messango {name}`"), re.MULTILINE)
    assert option in rows


def test_the_hosts_commands_are_listed() -> None:
    """All of them and no others, with their arguments."""
    section = _section("commands", "`messango server`").partition("### ")[2]
    rows = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    assert [row.replace("\\|", "|") for row in rows] == [row.usage for row in HOST_COMMANDS]


def test_the_chats_commands_are_listed() -> None:
    """All of them and no others."""
    rows = re.findall(r"^\| `([^`]+)`", _section("terminal", "What you can type"), re.MULTILINE)
    assert rows == [usage for usage, _ in help_rows()]


def test_all_keys_are_listed() -> None:
    """The same keys as on the window's page of shortcuts, in the same order."""
    listed = [
        re.split(r"\s*,\s(?!then)|(?<=,)\s*$", row.strip())
        for row in re.findall(r"^\| (.+?) \|", _section("window", "Keys"), re.MULTILINE)
        if row not in ("key", "---")
    ]
    shown = [re.split(r"\s{2,}", keys) for _, rows in SHORTCUTS for keys, _ in rows]
    flat = [" ".join(keys).replace(",", "").split() for keys in listed]
    assert flat == [" ".join(keys).replace(",", "").split() for keys in shown]


def test_the_exit_statuses_are_those_of_the_commands() -> None:
    """The same statuses as in `messango --help`, in the same order."""
    statuses = re.findall(r"^\| (\d+) \|", read_topic("exit-status"), re.MULTILINE)
    assert [int(status) for status in statuses] == list(EXIT_STATUSES)


def test_the_folders_are_listed() -> None:
    """Every folder of the program and no others."""
    named = re.findall(r"^\| `messango/(\w+)/`", read_topic("how-it-works"), re.MULTILINE)
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert sorted(named) == sorted(folders)


@pytest.mark.parametrize("name", re.findall(r"`(tests/\w+)/`", read_topic("how-it-works")))
def test_the_test_folders_exist(name: str) -> None:
    """Those that the topic names."""
    assert (PACKAGE.parent / name).is_dir()


def test_the_environment_variables_are_listed() -> None:
    """Every variable that the program reads, except those that the system sets."""
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    read = set(re.findall(r'"(MESSANGO_[A-Z]+|NO_COLOR)"', source))
    listed = re.findall(r"^\| `([A-Z_]+)`", _section("commands", "Environment"), re.MULTILINE)
    assert sorted(listed) == sorted(read)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("secure", "security"), ("getting", "getting-started"), ("jsno", "json"), ("Exit", "exit-status")],
)
def test_the_nearest_topic_is_found(typed: str, topic: str) -> None:
    """From a part of its name, or in spite of a typing error."""
    assert nearest_topics(typed)[0] == topic


def test_no_topic_is_near() -> None:
    """Then there is no suggestion."""
    assert nearest_topics("xyzzy") == []
    assert nearest_topics("") == []
