"""A conversation in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messango.client.events import MessageReceived
from messango.errors import MessangoError
from messango.gui.model.save import format_of, save_conversation, suggested_name
from tests.gui.fakes import in_utc, received

MESSAGES = [received(2, "Ben", "two\nlines"), received(1, "Ann", "höllo 🥭")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "text"),
        ("a.md", "markdown"),
        ("A.MD", "markdown"),
        ("a.jsonl", "json"),
        ("a", "text"),
        ("v1.2", "text"),
    ],
)
def test_the_ending_is_the_format(name: str, expected: str) -> None:
    """An ending that says nothing is a text to read."""
    assert format_of(Path(name)) == expected


def test_a_text(tmp_path: Path) -> None:
    """In the room's order, in UTF-8."""
    with in_utc():
        save_conversation(tmp_path / "a.txt", "Office", MESSAGES)
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition("  ")[2].strip() for line in lines] == ["Ann: höllo 🥭", "Ben: two", "lines"]


def test_markdown_and_json_lines(tmp_path: Path) -> None:
    """The room is the title of the one; of the other each line is an object."""
    save_conversation(tmp_path / "a.md", "Office", MESSAGES)
    save_conversation(tmp_path / "a.jsonl", "Office", MESSAGES)
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# Office\n")
    objects = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [thing["text"] for thing in objects] == ["höllo 🥭", "two\nlines"]


def test_a_file_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    """With its name and the reason; what stood there is unharmed."""
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(MessangoError, match=r"folder\.txt") as told:
        save_conversation(tmp_path / "folder.txt", "Office", MESSAGES)
    assert told.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["folder.txt"]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_a_time_that_no_calendar_knows_is_kept_all_the_same(tmp_path: Path, name: str) -> None:
    """A host may send any number; what was said is worth keeping without it."""
    odd = MessageReceived(1, "1", "eve", 1e300, "Eve", "hello", own=False, history=False)
    save_conversation(tmp_path / name, "Office", [odd])
    assert "hello" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        ("Office", "Office"),
        ("Q3/Q4: who?", "Q3 Q4 who"),
        ("../../etc", "etc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("???", "Conversation"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_rooms_name_becomes_a_files(room: str, expected: str) -> None:
    """Whatever the host called the room, every system takes it, and it stays in its folder."""
    assert suggested_name(room) == expected
