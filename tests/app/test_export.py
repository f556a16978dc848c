"""A conversation as text, Markdown and JSON Lines, and saved in a file."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_fields

from messango.app.export import as_json, as_markdown, as_text, save_conversation, suggested_file_name
from messango.client.events import MessageReceived, PrivateMessageReceived
from messango.errors import SaveFailed
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo, Message, Quote, Reaction, Told

NOON_S = 1_700_000_000.0


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use one time zone, and the old one again afterwards."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", "UTC")
        if hasattr(time, "tzset"):
            time.tzset()
        yield
    if hasattr(time, "tzset"):
        time.tzset()


def make_message(text: str, name: str = "Ann", time_s: float = NOON_S) -> Message:
    """Return one message."""
    return Message(7, "id", "1f", time_s, name, text)


def test_a_name_ends_where_it_seems_to() -> None:
    """It can't contain what somebody else seems to say."""
    message = make_message("no", "Ann Lee: I vote yes. Signed")
    assert list(as_text("Office", [message])) == ["2023-11-14 22:13  “Ann Lee: I vote yes. Signed”: no"]
    assert "**“Ann Lee: I vote yes. Signed”** 22:13" in "".join(as_markdown("Office", [message]))


def test_text() -> None:
    """One line a message, further lines indented; control characters are escaped."""
    assert list(as_text("Office", [make_message("one\ntwo"), make_message("\x1b[2J", "B\nen")])) == [
        "2023-11-14 22:13  Ann: one\n                  two",
        "2023-11-14 22:13  “B en”: \\x1b[2J",
    ]


@pytest.mark.parametrize("time_s", [1e300, -1e300, float("nan"), float("inf")])
def test_a_time_outside_the_calendar(time_s: float) -> None:
    """A host may send any number as time; the message is exported all the same."""
    (line,) = as_text("Office", [make_message("hello", time_s=time_s)])
    assert line.endswith("Ann: hello")


def test_markdown() -> None:
    """The room as title, a heading a day, texts quoted; markup in names is escaped."""
    lines = list(
        as_markdown(
            "*Office*", [make_message("one\n# two", "a_b"), make_message("later", time_s=NOON_S + 86_400)]
        )
    )
    assert lines == [
        "# \\*Office\\*",
        "\n## 2023-11-14",
        "\n**a\\_b** 22:13\n\n> one\\\n> \\# two",
        "\n## 2023-11-15",
        "\n**Ann** 22:13\n\n> later",
    ]


def test_json_lines() -> None:
    """All fields of each message, on one line."""
    assert "\u202e" not in next(as_json("Office", [make_message("\u202eabc")]))
    (line,) = as_json("Office", [make_message("one\ntwo 🥭")])
    assert "\n" not in line
    assert json.loads(line) == {
        "seq": 7,
        "id": "id",
        "member": "1f",
        "time": NOON_S,
        "name": "Ann",
        "text": "one\ntwo 🥭",
    }


def test_actions() -> None:
    """`/me waves` reads as in the room; programs get the action beside the text."""
    messages = [make_message("/me waves\nand smiles"), make_message("/me"), make_message("/mean")]
    assert list(as_text("Office", messages)) == [
        "2023-11-14 22:13  * Ann waves\n                  and smiles",
        "2023-11-14 22:13  Ann: /me",
        "2023-11-14 22:13  Ann: /mean",
    ]
    assert list(as_markdown("Office", messages))[2] == "\n**Ann** 22:13\n\n> \\* Ann waves\\\n> and smiles"
    actions = [json.loads(line).get("action") for line in as_json("Office", messages)]
    assert actions == ["waves\nand smiles", None, None]
    assert json.loads(next(as_json("Office", messages)))["text"] == "/me waves\nand smiles"


def received(seq: int, name: str, text: str, time_s: float = NOON_S) -> MessageReceived:
    """Return a message as a client receives it."""
    return MessageReceived(seq, f"{seq}", name.lower(), time_s, name, text, own=False, history=False)


CONVERSATION = [received(2, "Ben", "two\nlines"), received(1, "Ann", "höllo 🥭")]
TEXT, MARKDOWN, JSON = "2023-11-14 22:13  Ann: höllo 🥭\n", "# Office\n", '{"seq":1,'


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.txt", TEXT),
        ("a.md", MARKDOWN),
        ("A.MD", MARKDOWN),
        ("a.markdown", MARKDOWN),
        ("a.jsonl", JSON),
        ("a.json", JSON),
        ("a", TEXT),
        ("v1.2", TEXT),
    ],
)
def test_the_ending_chooses_the_format(tmp_path: Path, name: str, start: str) -> None:
    """An unknown ending gives plain text. Messages are in the room's order, in UTF-8."""
    save_conversation(tmp_path / name, "Office", CONVERSATION)
    saved = (tmp_path / name).read_text(encoding="utf-8")
    assert saved.startswith(start)
    assert saved.index("höllo 🥭") < saved.index("Ben")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no mode bits")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_it(tmp_path: Path, umask: int) -> None:
    """Others said these things too, so the mode is 0600 whatever the umask."""
    previous = os.umask(umask)
    try:
        save_conversation(tmp_path / "a.md", "Office", CONVERSATION)
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o600


def test_a_file_that_can_not_be_written(tmp_path: Path) -> None:
    """The error names the file and what to do, and nothing is left behind."""
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(SaveFailed, match=r"folder\.txt") as caught:
        save_conversation(tmp_path / "folder.txt", "Office", CONVERSATION)
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["folder.txt"]


def test_never_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full, the old file stays as it was."""

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.md"
    path.write_text("mine")
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(SaveFailed, match="No space left on device"):
        save_conversation(path, "Office", CONVERSATION)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.md", "mine")]


def test_an_existing_file_is_replaced_only_if_wanted(tmp_path: Path) -> None:
    """The window's dialog asks before it replaces a file; the terminal does not replace any."""
    path = tmp_path / "a.md"
    path.write_text("mine")
    with pytest.raises(SaveFailed, match="already exists"):
        save_conversation(path, "Office", CONVERSATION, overwrite=False)
    assert path.read_text() == "mine"
    save_conversation(path, "Office", CONVERSATION)
    assert path.read_text(encoding="utf-8").startswith(MARKDOWN)


def test_a_new_file_is_written_completely_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal's file is for its owner only too, and a full disk leaves nothing behind."""
    path = tmp_path / "a.md"
    save_conversation(path, "Office", CONVERSATION, overwrite=False)
    assert path.read_text(encoding="utf-8").startswith(MARKDOWN)
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(SaveFailed, match="No space left on device"):
        save_conversation(path, "Office", CONVERSATION, overwrite=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SaveFailed, match="No such file or directory"):
        save_conversation(tmp_path / "no" / "a.md", "Office", CONVERSATION, overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_only_a_file_is_replaced(tmp_path: Path) -> None:
    """Not a device or a pipe that has the name."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SaveFailed, match="not a file"):
        save_conversation(tmp_path / "pipe", "Office", CONVERSATION)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_a_message_with_an_impossible_time_is_saved(tmp_path: Path, name: str) -> None:
    """In every format."""
    save_conversation(tmp_path / name, "Office", [received(1, "Eve", "hello", 1e300)])
    assert "hello" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        ("Office", "Office"),
        ("Q3/Q4: who?", "Q3 Q4 who"),
        ("../../etc", "etc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("???", "Conversation"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("Console", "Console"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_file_name_from_a_rooms_name(room: str, expected: str) -> None:
    """Every system accepts the name, and it never leaves its folder."""
    assert suggested_file_name(room) == expected


LIKED = (
    Reaction("👍", 5, mine=False, names=("Ann", "Ben: no")),
    Reaction("🎉", 1, mine=False, names=("Cleo",)),
)


def test_answers_edits_deletions_and_reactions() -> None:
    """Each format says what a message is besides its text; JSON has only the fields that say something."""
    answer = Message(
        2, "b", "m2", NOON_S, "Ben", "yes\nno", reply=Quote(1, "Ann", "lunch?"), edited=True, reactions=LIKED
    )
    deleted = Message(3, "c", "m1", NOON_S, "Ann", "", deleted=True)
    assert list(as_text("Office", [answer, deleted])) == [
        "2023-11-14 22:13  Ben (edited), answering Ann: yes\n                  no",
        "    👍 Ann, “Ben: no” and 3 others · 🎉 Cleo",
        "2023-11-14 22:13  Ann (deleted)",
    ]
    assert list(as_markdown("Office", [answer, deleted]))[2:] == [
        "\n**Ben (edited), answering Ann** 22:13\n\n> yes\\\n> no",
        "\n👍 Ann, “Ben: no” and 3 others · 🎉 Cleo",
        "\n**Ann (deleted)** 22:13",
    ]
    first, second = map(json.loads, as_json("Office", [answer, deleted]))
    assert first["reply"] == {"seq": 1, "name": "Ann", "text": "lunch?"}
    assert first["reactions"][1] == {"emoji": "🎉", "count": 1, "names": ["Cleo"]}
    assert (first["edited"], second["deleted"], "edited" in second) == (True, True, False)


def test_private_messages() -> None:
    """With both names, in every format; a name can't look like that."""
    told = Told(2, "b", "m2", NOON_S, "Ben", "psst", Quote(1, "Ann", "x"), to="m1", to_name="Ann Lee")
    action = Told(3, "c", "m2", NOON_S, "Ben", "/me winks", to="m1", to_name="Ann")
    fake = make_message("hello", "Ben → Ann (private)")
    assert list(as_text("Office", [told, action, fake])) == [
        "2023-11-14 22:13  Ben → “Ann Lee” (private), answering Ann: psst",
        "2023-11-14 22:13  * Ben → Ann (private) winks",
        "2023-11-14 22:13  “Ben → Ann (private)”: hello",
    ]
    assert "**Ben → “Ann Lee” (private), answering Ann** 22:13" in "".join(as_markdown("Office", [told]))
    (line,) = as_json("Office", [told])
    assert (json.loads(line)["to"], json.loads(line)["to_name"]) == ("m1", "Ann Lee")


def test_words_of_others_in_names_and_reactions() -> None:
    """They control no terminal, and are no markup."""
    reaction = Reaction("👍", 2, mine=False, names=("*a*\x1b[2J\n",))
    message = Message(2, "b", "m2", NOON_S, "Ben", "yes", Quote(1, "\x1b[2J", ""), reactions=(reaction,))
    for line in (*as_text("Office", [message]), *as_markdown("Office", [message])):
        assert "\x1b" not in line
    assert "\\*a\\*" in [*as_markdown("Office", [message])][-1]


def test_a_saved_conversation_has_the_present_form(tmp_path: Path) -> None:
    """All that a client has received, private messages too, in the room's order."""
    first = replace(received(1, "Ann", "better"), edited=True, reactions=LIKED[1:])
    told = PrivateMessageReceived(
        2, "2", "ann", NOON_S, "Ann", "psst", own=False, history=False, to="ben", to_name="Ben", away=True
    )
    save_conversation(tmp_path / "a.txt", "Office", [told, first])
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == (
        "2023-11-14 22:13  Ann (edited): better\n    🎉 Cleo\n2023-11-14 22:13  Ann → Ben (private): psst\n"
    )
    save_conversation(tmp_path / "a.jsonl", "Office", [told])
    assert "away" not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")


def test_the_order_of_numbers_that_began_again(tmp_path: Path) -> None:
    """By time, as nothing else tells what came first."""
    messages = [received(seq, "Ann", f"{day} {seq}", NOON_S + day) for day in (1, 0) for seq in (2, 1)]
    save_conversation(tmp_path / "a.txt", "Office", messages)
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(": ")[2] for line in lines] == ["0 1", "0 2", "1 1", "1 2"]


REPORT = FileInfo("f1", "report_*draft*.pdf", 2_100_000, "ab" * 32)


def test_a_file_is_named_in_every_format() -> None:
    """The line is in the text; programs get the file and what was written about it, too."""
    message = replace_fields(make_message(text_with_file("The *report*", REPORT)), file=REPORT)
    bare = replace_fields(make_message(text_with_file("", REPORT)), file=REPORT)
    assert list(as_text("Office", [message])) == [
        "2023-11-14 22:13  Ann: The *report*\n                  [file] report_*draft*.pdf (2.1 MB)"
    ]
    markdown = "\n".join(as_markdown("Office", [message]))
    assert "> The \\*report\\*\\\n> \\[file\\] report\\_\\*draft\\*.pdf (2.1 MB)" in markdown
    first, second = (json.loads(line) for line in as_json("Office", [message, bare]))
    assert first["file"] == {"id": "f1", "name": "report_*draft*.pdf", "size": 2_100_000, "sha256": "ab" * 32}
    assert (first["caption"], second["caption"]) == ("The *report*", "")
    assert first["text"].endswith("\n[file] report_*draft*.pdf (2.1 MB)")


def test_a_saved_conversation_names_its_files(tmp_path: Path) -> None:
    """Of what a member has received."""
    message = replace(received(1, "Ann", text_with_file("", REPORT)), file=REPORT)
    save_conversation(tmp_path / "a.json", "Office", [message])
    assert json.loads((tmp_path / "a.json").read_text())["file"]["name"] == "report_*draft*.pdf"
