"""The chat as plain lines: what is read and what is printed, with a client that has no network."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from messango.client.events import (
    Disconnected,
    EarlierReceived,
    EndReason,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    HistoryEnded,
    MemberJoined,
    PasswordRequired,
    PrivateMessageReceived,
    RequestFailed,
    SessionEnded,
)
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.errors import ConnectionLost, JoinRefused, PasswordNeeded, WrongPassword
from messango.protocol.frames import Delete, Earlier, FileInfo, Quote, React, Say, Tell
from messango.terminal.local_time import date_text
from messango.terminal.plain.plain_chat import run_plain
from tests.terminal.conversation.messages import deleted, edited, joined, reacted, said, shared, told
from tests.terminal.fake_client import NOON, FakeClient


class Room(FakeClient):
    """A client whose room accepts everything at once, and answers private messages and reactions too."""

    def __init__(self, *events: Event, accepts: Callable[[str], bool] | None = None) -> None:
        super().__init__(joined(), *events, HistoryEnded(), accepts=accepts)

    def tell(self, member: str, text: str, reply_to: int | None = None) -> str:
        """Record it and send the receipt."""
        request_id = super().tell(member, text, reply_to)
        fields = (70, request_id, "m1", NOON, "ann", text, True, False)
        self.events.put(PrivateMessageReceived(*fields, to=member, to_name="cy", away=True))
        return request_id

    def react(self, seq: int, emoji: str, on: bool) -> str:  # noqa: FBT001 (the client's own signature)
        """Record it and send the receipt."""
        request_id = super().react(seq, emoji, on)
        self.events.put(RequestFailed("This message was deleted.", "", "unknown-entry", request_id))
        return request_id

    def request_earlier(self, before: int, count: int) -> str:
        """Record it and send the answer."""
        request_id = super().request_earlier(before, count)
        self.events.put(EarlierReceived(request_id, (said(1, "bob", "first"),), more=False, latest=80))
        return request_id


def chat(client: FakeClient, typed: str = "") -> tuple[int, list[str]]:
    """Type lines; return the exit status and the printed lines, without the greeting and the goodbye."""
    out = io.StringIO()
    status = run_plain(client, io.StringIO(typed), out)
    lines = out.getvalue().splitlines()
    return status, [
        line for line in lines if not line.startswith(("-- Sunday", "* You are in", "* You left"))
    ]


def test_every_line_says_who_and_to_whom() -> None:
    """Also aloud: names first, nothing that stands for colour or place."""
    status, lines = chat(
        Room(
            said(1, "bob", "lunch?"),
            said(2, "cy", "at noon\nor later", Quote(1, "bob", "lunch?")),
            told(3, "cy", "ann", "psst"),
            edited(4, 2, "cy", "at one"),
            reacted(5, 1, "cy", "♥️"),
            deleted(6, 1, "bob"),
            said(7, "bob", "/me waves"),
            MemberJoined("dan", member="m4"),
        )
    )
    assert status == 0
    assert lines == [
        "bob: lunch?",
        "cy, answering bob: at noon",
        "    or later",
        "cy → you (private): psst",
        "* cy edited: at one",
        "* cy reacted with ♥️ to bob: “lunch?”",
        "* bob deleted a message",
        "* bob waves",
        "* dan joined",
    ]


def test_what_was_missed_is_told_once() -> None:
    """A missed message has its last text or was deleted: the changes that follow say no more."""
    status, lines = chat(
        Room(
            said(1, "bob", "lunch?"),
            replace(joined(), latest=20, since=1, resumed=True),
            replace(said(2, "cy", "at two", history=True), edited=True),
            replace(said(3, "cy", "", history=True), deleted=True),
            *(
                replace(change, history=True)
                for change in (
                    edited(4, 2, "cy", "at one"),
                    edited(5, 2, "cy", "at two"),
                    reacted(6, 3, "bob"),
                    deleted(7, 3, "cy"),
                    edited(8, 1, "bob", "dinner?"),
                    reacted(9, 2, "bob"),
                )
            ),
        )
    )
    assert status == 0
    assert [line for line in lines if "econnected" not in line] == [
        "bob: lunch?",
        "cy (edited): at two",
        "* A message by cy was deleted",
        "* bob edited: dinner?",
        "* bob reacted with 👍 to cy: “at two”",
    ]


def test_a_pause_shows_the_time() -> None:
    """Not each line has one: a screen reader reads all of it."""
    moments = (0, 599, 1_200, 86_400)
    messages = [replace(said(seq, "bob", "hi"), time=NOON + moments[seq]) for seq in range(4)]
    out = io.StringIO()
    run_plain(Room(*messages), io.StringIO(), out)
    shown = [line for line in out.getvalue().splitlines() if line.startswith(("--", "bob"))]
    day, pause, next_day = (
        datetime.datetime.fromtimestamp(NOON + seconds).astimezone() for seconds in (0, 1_200, 86_400)
    )
    assert shown == [
        f"-- {date_text(day)}, {day:%H:%M} --",
        "bob: hi",
        "bob: hi",
        f"-- {pause:%H:%M} --",
        "bob: hi",
        f"-- {date_text(next_day)}, {next_day:%H:%M} --",
        "bob: hi",
    ]


def test_commands_and_messages_are_sent_in_order() -> None:
    """Each waits until the one before is accepted, so that it may be about it."""
    client = Room(said(50, "bob", "lunch?"))
    status, lines = chat(client, "hello\n\n/reply yes\n/msg cy a secret\n/earlier\n//help\n")
    assert status == 0
    assert client.sent == ["hello", "yes", "/help"]
    assert [type(request) for request in client.requests] == [Say, Tell, Earlier]
    assert lines[1:] == [
        "ann: hello",
        "ann: yes",
        "ann → cy (private): a secret",
        "* cy is away and will get it when they are back.",
        "-- the beginning of the room --",
        next(line for line in lines if line.startswith("#1 ")),
        "-- now --",
        "ann: /help",
    ]


def test_what_fails_is_said_and_counts() -> None:
    """A line that is no command, and a request that the room does not accept."""
    client = Room(said(1, "bob", "lunch?"))
    status, lines = chat(client, "/bogus\n/react 👍\n/delete\n")
    assert status == 1
    assert lines[1].startswith("! There is no command /bogus.")
    assert lines[2] == "! The reaction was not accepted. This message was deleted."
    assert [type(request) for request in client.requests] == [React]
    assert Delete not in map(type, client.requests)


def test_a_private_answer_is_not_sent_unseen() -> None:
    """There is no Tab: the line to type is shown."""
    client = Room(told(1, "cy", "ann", "psst"))
    _, lines = chat(client, "/reply I know\n/reply\n")
    assert client.requests == []
    assert client.sent == []
    assert lines[1].startswith("! cy: “psst” is private, so nothing was sent.")
    assert lines[2].endswith("Type: /msg cy")


def test_terminal_sequences_are_not_printed() -> None:
    """In names and texts of others."""
    evil = "\x1b[2J\x07\x9b31m\u202e"
    out = io.StringIO()
    run_plain(Room(said(1, "bob", evil), said(2, "cy", "x", Quote(1, evil, evil))), io.StringIO(), out)
    assert not set(out.getvalue()) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_an_end_with_an_error_raises_it() -> None:
    """The command prints it; what was not confirmed is printed here."""
    full = SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full."))
    with pytest.raises(JoinRefused):
        chat(FakeClient(full))


def test_what_is_typed_without_a_connection_waits() -> None:
    """And one is told so."""
    client = Room(Disconnected(ConnectionLost("The connection broke."), 1.0), accepts=lambda _: False)
    events = client.events

    class Leaving(io.StringIO):
        """Prints; leaves when the notice is there."""

        def write(self, text: str) -> int:
            if "when the connection is back" in text and "You are not connected" in text:
                events.put(SessionEnded(EndReason.LEFT, None))
            return super().write(text)

    out = Leaving()
    assert run_plain(client, io.StringIO("hello\n"), out) == 1
    assert "! 1 message was not confirmed:" in out.getvalue()


def test_a_password_is_asked_for_three_times() -> None:
    """The next lines are passwords, and are not said in the room."""
    client = FakeClient(PasswordRequired(PasswordNeeded()))
    again: list[Event] = [PasswordRequired(WrongPassword())]
    client.reply_to_passwords(again, again, again)
    out = io.StringIO()
    with pytest.raises(WrongPassword):
        run_plain(client, io.StringIO("one two\nthree four\nfive six\nseven eight\n"), out)
    assert client.passwords == ["one two", "three four", "five six"]
    assert client.sent == []
    assert "one two" not in out.getvalue()


class Transfers(Room):
    """A room whose transfers go on for a while, and then end well, or not."""

    reason = ""

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Send it."""
        transfer_id = super().share_file(file, text, reply_to)
        self.events.put(FileProgress(transfer_id, file.name, 4, 2, upload=True))
        if self.reason:
            self.events.put(FileFailed(transfer_id, file.name, True, self.reason, "Wait."))
        else:
            self.events.put(replace(shared(60, "ann", file.name, 4, text), id=transfer_id))
        return transfer_id

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Save it."""
        transfer_id = super().fetch_file(file, folder, path)
        self.events.put(FileSaved(transfer_id, file.name, file.size, Path("/there", file.name), file.id))
        return transfer_id


def test_files_are_plain_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When they begin and when they end; the next line waits for that."""
    (tmp_path / "plan.odt").write_bytes(b"plan")
    monkeypatch.chdir(tmp_path)
    room = Transfers(shared(1, "bob", "sea.png", 2_100_000, "look"))
    status, lines = chat(room, "/send plan.odt -- the plan\n/get 1\n/files\n")
    saved = Path("/there/sea.png")
    assert status == 0
    assert lines == [
        "bob: look",
        "    [file 1] sea.png (2.1 MB) /get 1",
        "* To everybody: “plan.odt” (4 bytes).",
        "ann: the plan",
        "    [file 2] plan.odt (4 bytes)",
        "* Saves “sea.png” (2.1 MB) from bob in your folder for downloads.",
        f"* Saved “sea.png” (2.1 MB) as {saved}",
        f"  1  “sea.png” (2.1 MB) from bob, saved as {saved}",
        "  2  “plan.odt” (4 bytes) from you",
    ]


def test_a_file_that_is_not_sent_fails_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the exit status, and with the reason."""
    (tmp_path / "plan.odt").write_bytes(b"plan")
    monkeypatch.chdir(tmp_path)
    room = Transfers()
    room.reason = "The room is full of files."
    status, lines = chat(room, "/send plan.odt\n")
    assert status == 1
    assert "! “plan.odt” was not sent. The room is full of files. Wait." in lines
