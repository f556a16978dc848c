"""Files in the chat at a terminal: the bar, what becomes of a transfer, and leaving meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import EndReason, FileFailed, FileProgress, FileSaved, SessionEnded
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.frames import FileInfo
from tests.terminal.conversation.messages import joined, shared
from tests.terminal.fake_client import FakeClient
from tests.terminal.terminals import CTRL_C, CTRL_D, TAB, Terminal

#: Without its blanks, which are on the screen already and are not drawn again.
BAR, EMPTY_BAR = "▕████░░░░░░▏", "▕░░░░░░░░░░▏"


class Moving(FakeClient):
    """A client whose transfers report that they have begun, and end when they are cancelled or it leaves."""

    def share_file(self, file: OutgoingFile, text: str = "", reply_to: int | None = None) -> str:
        """Begin."""
        transfer_id = super().share_file(file, text, reply_to)
        self.events.put(FileProgress(transfer_id, file.name, 100, 40, upload=True))
        return transfer_id

    def fetch_file(self, file: FileInfo, folder: Path | None = None, path: Path | None = None) -> str:
        """Begin."""
        transfer_id = super().fetch_file(file, folder, path)
        self.events.put(FileProgress(transfer_id, file.name, file.size, 0, upload=False))
        return transfer_id

    def leave(self) -> None:
        """End what is on its way, then the session."""
        if not self.left and self.shared:
            self.left = True
            self.events.put(
                FileFailed("t1", "plan.odt", True, "You left before “plan.odt” was sent.", "", cancelled=True)
            )
            self.events.put(SessionEnded(EndReason.LEFT, None))
        super().leave()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file, in which the person is."""
    (tmp_path / "plan.odt").write_bytes(b"plan")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm-256color")
    return tmp_path


def test_a_file_is_sent_and_its_bar_is_shown(terminal: Terminal, folder: Path) -> None:
    """The path is completed, and what will go is said before Enter."""
    client = Moving(joined())
    terminal.type_when("To everybody: “plan.odt” (4 bytes).", "-- the plan\r")
    terminal.do_when(BAR, lambda: client.events.put(shared(2, "ann", "plan.odt", 4)))
    # The message has our request's id: i2 is not t1, so the bar stays until it is cancelled.
    terminal.type_when("[file 2] plan.odt", "/quit\r/quit\r")
    assert terminal.chat(client, f"/send pl{TAB}") == 0
    assert client.shared == [(OutgoingFile("plan.odt", folder / "plan.odt"), "the plan", None)]
    assert "leaving gives it up" in terminal.shown
    assert "You left before “plan.odt” was sent." in terminal.shown


def test_leaving_asks_while_a_file_is_on_its_way(terminal: Terminal) -> None:
    """The second time it leaves; after another message it asks again."""
    client = Moving(joined())
    terminal.type_when(BAR, CTRL_C)
    terminal.type_when("“plan.odt” is still on its way", "hello\r")
    terminal.type_when("ann  hello", CTRL_C)
    terminal.type_when("To leave all the same, do", CTRL_C, times=2)
    assert terminal.chat(client, "/send plan.odt\r") == 0
    assert client.left


def test_a_file_is_saved_by_its_number(terminal: Terminal, folder: Path) -> None:
    """The row of its message changes, and the path is said."""
    client = Moving(joined(), shared(1, "bob", "sea.png", 2_100_000, "look"))
    saved = FileSaved("t1", "sea.png", 2_100_000, folder / "sea.png", "f1")
    terminal.type_when("/get 1", f"/get {TAB}\r")
    terminal.do_when(EMPTY_BAR, lambda: client.events.put(saved))
    terminal.type_when("Saved “sea.png” (2.1 MB) as", CTRL_D)
    assert terminal.chat(client) == 0
    assert [info.name for info, _ in client.fetched] == ["sea.png"]
    assert "[file 1] sea.png (2.1 MB)  saved" in terminal.shown


def test_a_failed_file_says_why_and_what_to_do(terminal: Terminal) -> None:
    """And its name, also if the reason does not have it."""
    client = Moving(joined(), shared(1, "bob", "sea.png", 2_100_000))
    failed = FileFailed("t1", "sea.png", False, "The disk is full.", "Make room on it.")
    terminal.type_when("/get 1", "/get 1\r")
    terminal.do_when(EMPTY_BAR, lambda: client.events.put(failed))
    terminal.type_when("! “sea.png” was not saved. The disk is full. Make room on it.", CTRL_D)
    assert terminal.chat(client) == 0


def test_the_files_are_listed(terminal: Terminal) -> None:
    """With their numbers."""
    client = FakeClient(joined(), shared(1, "bob", "sea.png", 2_100_000))
    terminal.chat(client, f"/files\r{CTRL_D}")
    assert "  1  “sea.png” (2.1 MB) from bob" in terminal.shown
