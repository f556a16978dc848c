"""The typed commands about files in the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.typed.requests import CancelTransfer, GetFiles
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.typed_files import TypedFiles
from messango.gui.model.files.file_card import CardStatus
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.protocol.frames import FileInfo
from tests.gui.fakes import FakeClient, joined
from tests.gui.files import file_info, received_file

REPORT, FILM = file_info("report.pdf"), file_info("film.mp4", 48_000_000)


class Room:
    """A conversation, and what was asked of its room."""

    def __init__(self) -> None:
        self.model = ConversationModel("10.0.0.2", now=lambda: 0.0, clock=lambda: 0.0)
        self.client = FakeClient()
        self.model.apply(joined("Ben", "Ann"))
        self.files = TypedFiles(self.model, lambda: self.client)

    def share(self, seq: int, file: FileInfo = REPORT) -> None:
        """Let Ben share a file."""
        self.model.apply(received_file(seq, "Ben", file))

    def lines(self) -> list[str]:
        """Return the lines of `/files`."""
        before = self.model.transcript.end
        self.files.show(None)
        return [block.text for block in self.model.transcript.blocks(before, self.model.transcript.end)]


@pytest.fixture
def room() -> Room:
    """A room without files."""
    return Room()


def test_files_are_listed_with_numbers(room: Room) -> None:
    """Those of the messages that are here."""
    assert room.lines() == ["Nobody has shared a file here yet"]
    room.share(2)
    room.share(3, FILM)
    assert room.lines() == ["1 “report.pdf” (2.1 MB) from Ben", "2 “film.mp4” (48 MB) from Ben"]


def test_the_last_one_is_meant_without_a_number(room: Room) -> None:
    """Its card says how far it is; the folder may be typed."""
    assert room.files.get(GetFiles()) == "Nobody has shared a file here yet."
    room.share(2)
    room.share(3, FILM)
    assert room.files.get(GetFiles(folder="~/films")) is None
    assert room.client.fetched == [(FILM, Path("~/films").expanduser())]
    assert room.model.transcript.files.cards.card(FILM).status is CardStatus.RECEIVING


def test_numbers_are_those_that_were_read(room: Room) -> None:
    """Also if another file has come since."""
    room.share(2)
    room.lines()
    room.share(3, FILM)
    assert room.files.get(GetFiles((1,))) is None
    assert room.client.fetched == [(REPORT, None)]
    assert room.files.get(GetFiles((2,))) == "There is no file 2. Type /files to see their numbers."
    room.lines()
    assert room.files.get(GetFiles(every=True)) is None
    assert [file for file, _ in room.client.fetched] == [REPORT, REPORT, FILM]


def test_cancel(room: Room) -> None:
    """The only one, that with a number, or all."""
    assert room.files.cancel(CancelTransfer()) == "No file is on its way."
    room.share(2)
    room.files.get(GetFiles())
    assert room.files.cancel(CancelTransfer((1,))) is None
    assert room.client.cancelled == ["t1"]
    room.share(3, FILM)
    room.lines()
    assert "not on its way" in (room.files.cancel(CancelTransfer((2,))) or "")
    room.model.add_pending_file("u1", OutgoingShare(OutgoingFile("a.pdf", Path("a.pdf")), 5))
    assert str(room.files.cancel(CancelTransfer())).startswith("2 files are on their way")
    assert room.files.cancel(CancelTransfer(every=True)) is None
    assert room.client.cancelled == ["t1", "u1", "t1"]
