"""A picture as large as the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events import MessageDeleted
from messango.client.events.files import FileFailed, FileSaved
from messango.gui.conversation.files.picture_viewer import PictureViewer
from messango.protocol.frames import FileInfo
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices, received
from tests.gui.files import file_info, png, received_file
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in which Ben has shared two large pictures, with a message between them."""
    chat = ChatWindow(driver, fakes)
    for seq in (1, 3):
        picture = file_info(f"{seq}.png", 9_000_000, width=300, height=200)
        chat.client.events.put(received_file(seq, "Ben", picture))
        chat.client.events.put(received(seq + 1, "Ben", f"words {seq}"))
    chat.until_shown("words 3")
    return chat


def open_first(chat: ChatWindow) -> PictureViewer:
    """Show the first picture large."""
    transcript = chat.view.transcript.transcript
    number = transcript.find(1)
    assert number is not None
    chat.view.files.open_viewer(transcript.block(number))
    assert chat.view.files.viewer is not None
    return chat.view.files.viewer


def come(chat: ChatWindow, nth: int) -> tuple[FileInfo, Path]:
    """Let the nth picture that was asked for come."""
    file, path = chat.client.fetched[nth]
    assert path is not None
    png(path, 300, 200)
    chat.client.events.put(FileSaved(f"t{nth + 1}", file.name, file.size, path, file.id))
    return file, path


def test_picture_is_fetched_and_shown(chat: ChatWindow, driver: WindowDriver) -> None:
    """→ goes to the next one, and stays at the last; Escape goes back to the conversation."""
    viewer = open_first(chat)
    assert viewer.visible_text() == "Loading…"
    come(chat, 0)
    driver.until(lambda: viewer.has_picture)
    driver.press(viewer.canvas, "<Right>")
    assert viewer.title.full_text == "3.png · 9.0 MB"
    come(chat, 1)
    driver.until(lambda: viewer.has_picture)
    driver.press(viewer.canvas, "<Right>")
    assert viewer.title.full_text == "3.png · 9.0 MB"
    driver.press(viewer.canvas, "<Left>")
    assert viewer.title.full_text == "1.png · 9.0 MB"
    driver.until(lambda: viewer.has_picture)
    chat.window.root.geometry("700x600")
    driver.until(lambda: chat.window.root.winfo_width() == 700 and viewer.has_picture)
    driver.press(viewer.canvas, "<Escape>")
    assert chat.view.files.viewer is None
    assert chat.window.root.focus_get() == chat.view.transcript.text


def test_what_does_not_come_says_why(chat: ChatWindow, driver: WindowDriver) -> None:
    """And comes when it is asked for again."""
    viewer = open_first(chat)
    chat.client.events.put(FileFailed("t1", "1.png", upload=False, reason="The room is busy.", hint=""))
    driver.until(lambda: viewer.visible_text() == "The room is busy.")
    viewer.buttons["next"].invoke()
    viewer.buttons["previous"].invoke()
    come(chat, 2)
    driver.until(lambda: viewer.has_picture)


def test_buttons(chat: ChatWindow, driver: WindowDriver, fakes: FakeServices, tmp_path: Path) -> None:
    """Save as downloads the file; Open has the system show the one that is here; a click closes."""
    viewer = open_first(chat)
    viewer.buttons["open"].invoke()
    file, path = come(chat, 0)
    driver.until(lambda: viewer.has_picture)
    viewer.buttons["open"].invoke()
    driver.until(lambda: fakes.opened_files == [path])
    chat.window.ask_file_path = lambda _parent, name: tmp_path / name
    viewer.buttons["save"].invoke()
    assert chat.client.fetched[-1] == (file, tmp_path / "1.png")
    viewer.canvas.event_generate("<ButtonRelease-1>", x=5, y=5)
    assert chat.view.files.viewer is None


def test_deleted_picture_is_no_longer_shown(chat: ChatWindow, driver: WindowDriver) -> None:
    """Its file in this window's folder goes as well."""
    viewer = open_first(chat)
    _file, path = come(chat, 0)
    driver.until(lambda: viewer.has_picture)
    chat.client.events.put(MessageDeleted(9, "d", 1, "member Ben", "Ben", NOON, own=False, history=False))
    driver.until(lambda: chat.view.files.viewer is None)
    driver.until(lambda: not path.exists())


def test_no_image_is_left(chat: ChatWindow, driver: WindowDriver) -> None:
    """Nor after the window has left the room while a picture was shown."""
    viewer = open_first(chat)
    come(chat, 0)
    driver.until(lambda: viewer.has_picture)
    root = chat.window.root
    chat.window.back()
    names = map(str, root.tk.splitlist(root.tk.call("image", "names")))
    assert [name for name in names if "viewed" in name or "thumbnail" in name] == []
