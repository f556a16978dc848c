"""Files before they go: chosen, looked at, and sent or given up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.errors import PasteFailed
from messango.gui.desktop import clipboard_image
from messango.gui.desktop.clipboard_image import ClipboardContent
from messango.gui.model.sending.dropped import Dropped
from messango.protocol.features import FEATURES, FILES
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, received
from tests.gui.pictures import take
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

LONG = "word " * MAX_TEXT_CHARACTERS


class SendingWindow(ChatWindow):
    """A conversation in a room that takes files."""

    def __init__(self, driver: WindowDriver, fakes: FakeServices) -> None:
        super().__init__(driver, fakes)
        self.driver, self.sending = driver, self.view.composer.sending
        assert "takes no files" in self.sending.refusal()
        self.client.events.put(joined("Ben", "Ann", back=True, features=(*FEATURES, FILES)))
        driver.until(lambda: self.sending.refusal() == "")

    def choose(self, *paths: Path) -> None:
        """Choose files in the dialog, and wait until they are read."""
        self.window.ask_files = lambda _parent: list(paths)
        self.press("<Control-o>")
        self.until_read()

    def until_read(self) -> None:
        """Wait until all is known about the chosen files."""
        files = self.sending.files
        self.driver.until(lambda: bool(files) and all(one.size is not None for one in files.files))

    @property
    def status(self) -> str:
        """The text below the message field."""
        return self.view.status_text()


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> SendingWindow:
    """A conversation in a room that takes files."""
    return SendingWindow(driver, fakes)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A file of 5 bytes."""
    path = tmp_path / "report.txt"
    path.write_bytes(b"12345")
    return path


def test_a_file_that_is_too_large_for_the_room_is_said_before_it_goes(
    chat: SendingWindow, report: Path
) -> None:
    """The room names its limit when one joins."""
    in_room = joined("Ben", "Ann", back=True, features=(*FEATURES, FILES), largest_file=4)
    chat.client.events.put(in_room)
    chat.driver.until(lambda: chat.sending._conversation.joined_event == in_room)
    chat.choose(report)
    (file,) = chat.sending.files.files
    assert file.problem == "This file is too large: the room takes files of up to 4 bytes."


def test_nothing_goes_before_the_person_has_seen_it(chat: SendingWindow, report: Path) -> None:
    """The draft goes along as the line about the file; Enter sends."""
    chat.type_text("Here it is")
    chat.choose(report)
    assert chat.client.shared == []
    assert chat.sending.panel.winfo_viewable()
    assert "report.txt 5 bytes" in chat.sending.panel.visible_text()
    assert chat.view.send_button.cget("text") == "Send file"
    chat.press("<Return>")
    assert chat.client.shared == [(OutgoingFile("report.txt", report), "Here it is", None)]
    assert chat.view.entry.get() == ""
    assert not chat.sending.is_open
    assert chat.view.send_button.cget("text") == "Send"


def test_escape_keeps_the_files_back_and_the_text_stays(chat: SendingWindow, report: Path) -> None:
    """As it was."""
    chat.type_text("Here it is")
    chat.choose(report)
    chat.press("<Escape>")
    assert not chat.sending.panel.winfo_viewable()
    assert chat.client.shared == []
    assert chat.view.entry.get() == "Here it is"
    chat.press("<Return>")
    assert chat.client.sent == ["Here it is"]


def test_one_of_several_is_taken_out(chat: SendingWindow, report: Path, tmp_path: Path) -> None:
    """And a folder is not sent."""
    other = tmp_path / "b.txt"
    other.touch()
    chat.choose(report, other, tmp_path)
    assert "Send 2 of 3 files" in chat.sending.panel.visible_text()
    assert "This is a folder" in chat.sending.panel.visible_text()
    first = chat.sending.files.files[0]
    chat.sending.panel.rows[first.key].remove_button.invoke()
    assert "Send 1 of 2 files" in chat.sending.panel.visible_text()
    chat.view.send_button.invoke()
    assert [file.name for file, _line, _reply in chat.client.shared] == ["b.txt"]


def test_an_answer_may_be_a_file(chat: SendingWindow, report: Path) -> None:
    """The line about it and the quote go with it."""
    chat.view.composer.answer(7, "Ben", "Do you have it?")
    chat.choose(report)
    chat.type_text("Yes", "<Return>")
    assert chat.client.shared == [(OutgoingFile("report.txt", report), "Yes", 7)]


def test_a_private_message_takes_no_file(chat: SendingWindow, report: Path) -> None:
    """Whichever way it comes: everybody would get it."""
    chat.view.composer.write_to("member Ben", "Ben")
    chat.window.ask_files = lambda _parent: pytest.fail("the dialog was shown")
    chat.press("<Control-o>")
    assert "can't be sent to Ben only" in chat.status
    chat.sending.add_paths([report])
    chat.sending.add_picture(b"png")
    chat.window.root.update()
    assert not chat.sending.is_open
    assert chat.client.shared == []


def test_with_files_chosen_the_field_does_not_become_private(chat: SendingWindow, report: Path) -> None:
    """Neither by a click on a member, nor by a command, nor for an edit."""
    chat.choose(report)
    chat.view.composer.write_to("member Ben", "Ben")
    assert "about to send files" in chat.status
    chat.view.composer.edit_message(3, "Hello")
    assert chat.view.entry.get() == ""
    chat.type_text("/msg Ben a secret", "<Return>")
    assert "a command can't go with them" in chat.status
    assert chat.client.shared == []
    assert chat.client.requests == []
    assert chat.view.entry.get() == "/msg Ben a secret"


def test_a_text_that_is_too_long_is_offered_as_a_file(chat: SendingWindow) -> None:
    """It stays in the field until it is sent, and goes whole."""
    chat.type_text(LONG)
    chat.driver.until(lambda: "Enter shows it as a file" in chat.status)
    assert chat.view.composer._status.offer_button.winfo_viewable()
    chat.press("<Return>")
    assert "Send your text as a file to everybody · 40 kB" in chat.sending.panel.visible_text()
    assert chat.view.entry.get() == LONG
    assert chat.client.shared == []
    chat.press("<Return>")
    ((file, line, _reply),) = chat.client.shared
    assert file.data.decode().rstrip() == LONG.rstrip()
    assert file.name.startswith("text 20")
    assert (line, chat.view.entry.get()) == ("", "")


def test_a_text_that_was_shortened_is_a_message_again(chat: SendingWindow) -> None:
    """It is no file any more."""
    chat.type_text(LONG, "<Return>")
    assert chat.sending.is_open
    chat.view.entry.text.replace("1.0", "end-1c", "short")
    chat.driver.until(lambda: not chat.sending.is_open)
    chat.press("<Return>")
    assert chat.client.sent == ["short"]


def test_a_long_private_text_is_not_offered_as_a_file(chat: SendingWindow) -> None:
    """Everybody would get it."""
    chat.view.composer.write_to("member Ben", "Ben")
    chat.type_text(LONG, "<Return>")
    assert not chat.sending.is_open
    assert "would go to everybody" in chat.status
    assert chat.client.requests == []


def test_a_pasted_book_is_a_file(chat: SendingWindow) -> None:
    """The field could not hold it."""
    chat.window.root.clipboard_clear()
    chat.window.root.clipboard_append("word " * 20_000)
    chat.press("<<Paste>>")
    assert chat.view.entry.get() == ""
    chat.press("<Return>")
    assert len(chat.client.shared[0][0].data) >= 99_999


def test_copied_files_are_pasted(chat: SendingWindow, report: Path) -> None:
    """As file managers of X11 offer them, beside their names as text."""
    root = chat.window.root
    root.clipboard_clear()
    root.clipboard_append("report.txt")
    root.clipboard_append(report.as_uri(), type="text/uri-list")
    chat.press("<<Paste>>")
    chat.until_read()
    assert "report.txt 5 bytes" in chat.sending.panel.visible_text()
    assert chat.view.entry.get() == ""


def test_a_picture_is_pasted(chat: SendingWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in a thread, and is called by the time."""
    monkeypatch.setattr("messango.gui.session_files.clipboard_kind", lambda _: _picture())
    may_end = threading.Event()

    def read_clipboard() -> ClipboardContent:
        assert may_end.wait(10)
        return ClipboardContent(b"\x89PNG")

    monkeypatch.setattr(clipboard_image, "read_clipboard", read_clipboard)
    chat.press("<<Paste>>")
    assert chat.status == "Reading the clipboard…"
    may_end.set()
    chat.driver.until(lambda: chat.sending.is_open)
    assert chat.status == ""
    chat.press("<Return>")
    assert chat.client.shared[0][0].data == b"\x89PNG"
    assert chat.client.shared[0][0].name.startswith("Picture 20")


def test_a_clipboard_that_can_not_be_read_says_so(
    chat: SendingWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do instead."""

    def fail() -> ClipboardContent:
        raise PasteFailed("It can't be read.", "Save it.")

    monkeypatch.setattr("messango.gui.session_files.clipboard_kind", lambda _: _picture())
    monkeypatch.setattr(clipboard_image, "read_clipboard", fail)
    chat.press("<<Paste>>")
    chat.driver.until(lambda: chat.status == "It can't be read. Save it.")


def test_dropped_files_and_texts_arrive(chat: SendingWindow, tmp_path: Path) -> None:
    """Names with spaces, braces and letters of any script; a text goes into the field."""
    odd = tmp_path / "a {b} é ש.txt"
    odd.write_bytes(b"1")
    assert chat.window._session is not None
    files = chat.window._session.files
    dropped = files.drops.files_in(f"{{{odd}}} https://example.org")  # a list as Tcl writes it
    assert dropped == Dropped((odd,), "https://example.org")
    files.drop(dropped)
    chat.until_read()
    assert chat.sending.files.files[0].path == odd
    assert chat.view.entry.get() == "https://example.org"


def test_while_something_is_dragged_the_conversation_says_what_a_drop_does(chat: SendingWindow) -> None:
    """Or why there can be none."""
    assert chat.window._session is not None
    files, hint = chat.window._session.files, chat.view.drop_hint
    assert files._hover(True)
    assert hint.is_shown
    assert "to send them to everybody" in hint.visible_text()
    files._hover(False)
    assert hint.winfo_manager() == ""
    chat.view.composer.write_to("member Ben", "Ben")
    files._hover(True)
    assert "can't be sent to Ben only" in hint.visible_text()


def test_a_typed_path_is_shown_first(chat: SendingWindow, report: Path) -> None:
    """With the line behind it."""
    chat.type_text(f"/send {report} -- Here it is", "<Return>")
    chat.until_read()
    assert chat.view.entry.get() == "Here it is"
    chat.press("<Return>")
    assert chat.client.shared == [(OutgoingFile("report.txt", report), "Here it is", None)]


def test_a_typed_path_may_answer(chat: SendingWindow, report: Path) -> None:
    """The command is not sent as a text, and the file answers the message that was meant."""
    chat.client.events.put(received(8, "Ben", "where is it?"))
    chat.until_shown("where is it?")
    chat.type_text(f"/reply Ben /send {report} -- Here it is", "<Return>")
    chat.until_read()
    chat.press("<Return>")
    assert chat.client.sent == []
    assert chat.client.shared == [(OutgoingFile("report.txt", report), "Here it is", 8)]


def test_place_and_camera_data_are_kept_on_request(chat: SendingWindow, tmp_path: Path) -> None:
    """A button below the pictures says so."""
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"no picture")
    chat.choose(picture)
    assert "data in pictures are removed" in chat.sending.panel.visible_text()
    chat.sending.panel.metadata_button.invoke()
    assert "Pictures keep the place" in chat.sending.panel.visible_text()
    chat.press("<Return>")
    assert chat.client.shared[0][0].keep_metadata


@pytest.mark.parametrize("geometry", ["960x720", "380x560", "360x480"])
def test_the_preview_fits_into_every_window(chat: SendingWindow, report: Path, geometry: str) -> None:
    """Some of the conversation, the field and its button stay in sight; the layout comes to rest."""
    names = ("what: a very long name that others get under another one?.txt", "b.jpg", "c.txt", "d.txt")
    paths = [report.with_name(name) for name in names]
    for path in paths:
        path.touch()
    chat.choose(*paths, report.parent)
    chat.window.root.geometry(geometry)
    width = int(geometry.partition("x")[0])
    chat.driver.until(lambda: chat.window.root.winfo_width() == width)
    chat.window.root.update()
    bottom = chat.view.send_button.winfo_rooty() + chat.view.send_button.winfo_height()
    assert bottom <= chat.window.root.winfo_rooty() + chat.window.root.winfo_height()
    assert chat.view.transcript.winfo_height() > 20


def test_the_preview_is_drawn(chat: SendingWindow, report: Path, folder: Path) -> None:
    """For people to look at."""
    chat.choose(report, report.parent)
    take(chat.window, folder / "sending.png")
    assert (folder / "sending.png").stat().st_size > 5_000


def _picture() -> object:
    from messango.gui.model.sending.pasted import PasteKind

    return PasteKind.PICTURE
