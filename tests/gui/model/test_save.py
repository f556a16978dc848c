"""Saving a conversation to a file."""

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
def test_format_depends_on_the_ending(name: str, expected: str) -> None:
    """An unknown ending means text."""
    assert format_of(Path(name)) == expected


def test_text_is_in_order_and_utf8(tmp_path: Path) -> None:
    """Messages are sorted by their numbers."""
    with in_utc():
        save_conversation(tmp_path / "a.txt", "Office", MESSAGES)
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition("  ")[2].strip() for line in lines] == ["Ann: höllo 🥭", "Ben: two", "lines"]


def test_markdown_and_json_lines(tmp_path: Path) -> None:
    """Markdown has the room as title; in JSON Lines, each line is an object."""
    save_conversation(tmp_path / "a.md", "Office", MESSAGES)
    save_conversation(tmp_path / "a.jsonl", "Office", MESSAGES)
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# Office\n")
    objects = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [saved["text"] for saved in objects] == ["höllo 🥭", "two\nlines"]


def test_write_error_has_the_file_name_and_a_hint(tmp_path: Path) -> None:
    """The old file is unchanged, and no other is left behind."""
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(MessangoError, match=r"folder\.txt") as caught:
        save_conversation(tmp_path / "folder.txt", "Office", MESSAGES)
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["folder.txt"]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_message_with_an_invalid_time_is_saved(tmp_path: Path, name: str) -> None:
    """A host may send any number as the time."""
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
def test_suggested_name_is_valid_on_every_system(room: str, expected: str) -> None:
    """And it can't leave the folder, whatever the room is called."""
    assert suggested_name(room) == expected
