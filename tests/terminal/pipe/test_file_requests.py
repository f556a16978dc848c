"""The requests of `chat --json` about files, and what answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from messango.client.events import (
    EarlierReceived,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    HistoryEnded,
    MessageDeleted,
    MessageReceived,
)
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo
from messango.terminal.pipe.known_files import MAX_FILES, KnownFiles
from tests.terminal.conversation.messages import joined, said, shared
from tests.terminal.fake_client import NOON, FakeClient
from tests.terminal.pipe.pipe_run import PipeRun


class Room(FakeClient):
    """A client whose transfers end at once, or with a `reason` by failing, or when they are cancelled."""

    def __init__(self, *events: Event, reason: str = "", goes_on: bool = False) -> None:
        super().__init__(joined(latest=9), *events, HistoryEnded())
        self._reason, self._goes_on = reason, goes_on

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Announce it."""
        transfer_id = super().share_file(file, text, reply_to)
        self.events.put(FileProgress(transfer_id, file.name, 5, 0, upload=True))
        info = FileInfo("f9", file.name, 5, "0" * 64)
        fields = (9, transfer_id, "m1", NOON, "ann", text_with_file(text, info), True, False)
        self._end(transfer_id, MessageReceived(*fields, file=info))
        return transfer_id

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Save it."""
        transfer_id = super().fetch_file(file, folder, path)
        self._end(transfer_id, FileSaved(transfer_id, file.name, file.size, Path("/there"), file.id))
        return transfer_id

    def _end(self, transfer_id: str, event: Event) -> None:
        if self._reason:
            self.events.put(FileFailed(transfer_id, "a.txt", True, self._reason, "Wait.", "store-full"))
        elif not self._goes_on:
            self.events.put(event)

    def cancel_transfer(self, transfer_id: str) -> None:
        """End it."""
        super().cancel_transfer(transfer_id)
        self.events.put(FileFailed(transfer_id, "a.txt", True, "You stopped it.", "", cancelled=True))


def run(client: FakeClient, *lines: str) -> tuple[PipeRun, list[dict[str, Any]]]:
    """Run a bot that writes these lines; return the run, and the events that answer a line."""
    pipe = PipeRun(client, "".join(f"{line}\n" for line in lines), as_json=True)
    return pipe, [event for event in pipe.objects if "line" in event]


def test_a_file_is_shared() -> None:
    """The message that announces it answers the line, and its progress has the number of the line too."""
    client = Room()
    pipe, answers = run(
        client,
        '{"share": "here/a.txt", "text": "new", "reply_to": 3}',
        '{"share": "b.jpg", "name": "sea.jpg", "keep_metadata": true}',
    )
    assert client.shared == [
        (OutgoingFile("a.txt", Path("here/a.txt")), "new", 3),
        (OutgoingFile("sea.jpg", Path("b.jpg"), keep_metadata=True), "", None),
    ]
    assert [(answer["event"], answer["line"]) for answer in answers] == [
        ("progress", 1),
        ("message", 1),
        ("progress", 2),
        ("message", 2),
    ]
    assert answers[1]["file"]["name"] == "a.txt"
    assert pipe.status == 0


def test_a_file_is_saved_by_its_number_or_its_id() -> None:
    """Also one that a question has found, and only once the history is complete."""
    client = Room(shared(1, "bob", "a.txt"), shared(2, "bob", "b.txt"))
    pipe, answers = run(client, '{"get": 1, "folder": "in"}', '{"get": "f2", "path": "b"}', '{"get": 2}')
    assert [(info.name, where) for info, where in client.fetched] == [
        ("a.txt", Path("in")),
        ("b.txt", Path("b")),
        ("b.txt", None),
    ]
    assert [(answer["event"], answer["line"]) for answer in answers] == [
        ("saved", 1),
        ("saved", 2),
        ("saved", 3),
    ]
    assert pipe.status == 0


def test_a_failed_file_fails_the_bot() -> None:
    """It waited for it."""
    pipe, answers = run(Room(reason="The room is full of files."), '{"share": "a.txt"}')
    assert [answer["event"] for answer in answers] == ["progress", "file-failed"]
    assert pipe.status == 1
    assert "line 1: The room is full of files. Wait." in pipe.err


def test_what_a_bot_has_cancelled_is_no_failure() -> None:
    """Its own line is answered."""
    client = Room(goes_on=True)
    pipe, answers = run(client, '{"share": "a.txt"}', '{"cancel": "t1"}')
    assert client.cancelled == ["t1"]
    assert [(answer["event"], answer["line"]) for answer in answers] == [("progress", 1), ("file-failed", 1)]
    assert pipe.status == 0


@pytest.mark.parametrize(
    ("line", "code", "wanted"),
    [
        ('{"get": 7}', "unknown-file", "7"),
        ('{"get": "f7"}', "unknown-file", "f7"),
        ('{"cancel": "t7"}', "unknown-file", "t7"),
        ('{"get": 1, "folder": "a", "path": "b"}', "bad-line", ""),
        ('{"get": true}', "bad-line", ""),
        ('{"share": ""}', "bad-line", ""),
        ('{"share": "a", "to": "bob"}', "bad-line", ""),
        ('{"share": "a", "get": 1}', "bad-line", ""),
    ],
)
def test_what_is_not_there_is_answered(line: str, code: str, wanted: str) -> None:
    """By a problem with its id."""
    client = Room(shared(1, "bob", "a.txt"))
    pipe, (answer,) = run(client, line)
    assert (answer["event"], answer["code"], answer["id"]) == ("problem", code, wanted)
    assert (client.shared, client.fetched, client.cancelled) == ([], [], [])
    assert pipe.status == 1


def test_a_program_knows_the_files_of_messages_and_answers() -> None:
    """By numbers that may begin again; not those that were deleted."""
    files = KnownFiles()
    files.handle(shared(1, "bob", "a.txt"))
    files.handle(EarlierReceived("r1", (shared(0, "bob", "old.txt"),), more=False, latest=1))
    found = [files.find(0), files.find("f1"), files.find(2), files.find("f2")]
    assert [info and info.name for info in found] == ["old.txt", "a.txt", None, None]
    files.handle(MessageDeleted(2, "i2", 1, "m2", "bob", NOON, own=False, history=False))
    files.handle(said(0, "bob", "another message now"))
    assert [files.find(0), files.find(1)] == [None, None]


def test_a_room_can_not_fill_the_memory_of_a_program() -> None:
    """The first files are forgotten."""
    files = KnownFiles()
    for seq in range(MAX_FILES + 1):
        files.handle(shared(seq, "bob", "a"))
    assert files.find(0) is None
    assert files.find("f0") is None
    assert files.find(MAX_FILES) is not None
