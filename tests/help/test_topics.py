"""What the help topics promise is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from messango import errors
from messango.cli.main import main
from messango.client.commands import help_rows
from messango.gui.model.shortcuts import SHORTCUTS
from messango.help import TOPICS, nearest_topics, read_topic, title
from messango.terminal.host_commands import COMMANDS as HOST_COMMANDS
from tests.help.shown import command_options, commands, known_options, options, parse, unresolved

PACKAGE = Path(__file__).parents[2] / "messango"
FOLDER = PACKAGE / "help"


def _section(topic: str, heading: str) -> str:
    """Return what stands below a heading of the second level."""
    return read_topic(topic).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_each_file_is_a_topic() -> None:
    """A topic that the list leaves out is found by nobody."""
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_opens_with_a_title_and_two_sentences(topic: str) -> None:
    """Most readers came for these, and read no further."""
    heading, first = read_topic(topic).split("\n\n")[:2]
    assert heading == f"# {title(topic)}"
    assert len(title(topic)) <= 60
    assert len(re.findall(r"[.!?](?=\s|$)", first)) == 2, first


@pytest.mark.parametrize("topic", TOPICS)
def test_links_lead_somewhere(topic: str) -> None:
    """Topics, pictures and files that a topic links to are in the repository."""
    assert unresolved(FOLDER / f"{topic}.md") == []


@pytest.mark.parametrize("topic", TOPICS)
def test_each_command_that_is_shown_can_be_typed(
    topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Click accepts every `messango` command line: its options, their values, its arguments."""
    monkeypatch.chdir(tmp_path)
    for name in ("FILE", "room-password"):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(0o600)
    for arguments in commands(read_topic(topic)):
        parse(arguments)


def test_a_wrong_command_would_be_seen() -> None:
    """The test above parses commands in blocks, pipes and sentences."""
    page = "Run `messango  gui\n--nane Ann`.\n\n```sh\nmake | messango serve\n$ messango help nothing\n```\n"
    found = commands(page)
    assert len(found) == 3
    for arguments in found:
        with pytest.raises(click.UsageError):
            parse(arguments)


def test_topics_show_commands() -> None:
    """The tests above have something to read."""
    assert sum(len(commands(read_topic(topic))) for topic in TOPICS) > 50


@pytest.mark.parametrize("topic", TOPICS)
def test_each_option_that_is_told_exists(topic: str) -> None:
    """No topic names an option that no command has."""
    assert options(read_topic(topic)) <= known_options()


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_has_its_section(name: str) -> None:
    """Every command stands under a heading of its own."""
    assert _section("commands", f"`messango {name}`")


@pytest.mark.parametrize(("name", "option"), command_options())
def test_each_option_is_told(name: str, option: str) -> None:
    """Each option has a row in its command's table."""
    rows = re.findall(r"^\| `(--[a-z-]+)", _section("commands", f"`messango {name}`"), re.MULTILINE)
    assert option in rows


def test_what_a_host_can_type_is_told() -> None:
    """The host's commands, and no others, with what stands behind each."""
    section = _section("commands", "`messango server`").partition("### ")[2]
    rows = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    assert [row.replace("\\|", "|") for row in rows] == [row.usage for row in HOST_COMMANDS]


def test_what_a_member_can_type_is_told() -> None:
    """The commands of a chat, and no others."""
    rows = re.findall(r"^\| `([^`]+)`", _section("terminal", "What you can type"), re.MULTILINE)
    assert rows == [usage for usage, _ in help_rows()]


def test_all_keys_are_told() -> None:
    """The window's page of shortcuts and the topic name the same keys, in the same order."""
    told = [
        re.split(r"\s*,\s(?!then)|(?<=,)\s*$", row.strip())
        for row in re.findall(r"^\| (.+?) \|", _section("window", "Keys"), re.MULTILINE)
        if row not in ("key", "---")
    ]
    shown = [re.split(r"\s{2,}", keys) for _, rows in SHORTCUTS for keys, _ in rows]
    flat = [" ".join(keys).replace(",", "").split() for keys in told]
    assert flat == [" ".join(keys).replace(",", "").split() for keys in shown]


def test_the_exit_statuses_are_those_of_the_errors() -> None:
    """Each status that an error ends with has its line, and there are no others but 0 and Ctrl-C."""
    statuses = {
        kind.exit_status
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.MessangoError)
    }
    told = {int(status) for status in re.findall(r"^\| (\d+) \|", read_topic("exit-status"), re.MULTILINE)}
    assert told == statuses | {0, 130}


def test_the_folders_are_there() -> None:
    """The table names each folder of the program, and no other."""
    named = re.findall(r"^\| `messango/(\w+)/`", read_topic("how-it-works"), re.MULTILINE)
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert sorted(named) == sorted(folders)


@pytest.mark.parametrize("name", re.findall(r"`(tests/\w+)/`", read_topic("how-it-works")))
def test_the_folders_of_tests_are_there(name: str) -> None:
    """Those that the topic names."""
    assert (PACKAGE.parent / name).is_dir()


def test_each_variable_of_the_environment_is_told() -> None:
    """What the program reads of the environment, beside what the system sets."""
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    read = set(re.findall(r'"(MESSANGO_[A-Z]+|NO_COLOR)"', source))
    told = re.findall(r"^\| `([A-Z_]+)`", _section("commands", "Environment"), re.MULTILINE)
    assert sorted(told) == sorted(read)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("secure", "security"), ("getting", "getting-started"), ("jsno", "json"), ("Exit", "exit-status")],
)
def test_the_nearest_topic_is_found(typed: str, topic: str) -> None:
    """A typing error or a part of a name will do."""
    assert nearest_topics(typed)[0] == topic


def test_nothing_is_near_to_what_is_far() -> None:
    """Better no advice than a wrong one."""
    assert nearest_topics("xyzzy") == []
    assert nearest_topics("") == []
