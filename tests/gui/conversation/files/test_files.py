"""Files and pictures in the conversation of a real window."""

from __future__ import annotations

import os
import tkinter as tk
from pathlib import Path

import pytest

from messango.client.events import MessageDeleted
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.files.file_card import FILE_LINKS, FileAction
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.text.run_tags import FILE_CARD
from messango.gui.model.transcript.blocks import Block
from messango.gui.settings import SettingsStore
from messango.protocol.frames import Edit, FileInfo
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices, received
from tests.gui.files import file_info, png, received_file
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

REPORT = file_info("report.pdf", 2_100_000)
PICTURE = file_info("view.png", 9_000, width=120, height=80)


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def block_of(chat: ChatWindow, seq: int) -> Block:
    """Return the block of a message."""
    transcript = chat.view.transcript.transcript
    number = transcript.find(seq)
    assert number is not None
    return transcript.block(number)


def card_index(chat: ChatWindow, nth: int = 0) -> str:
    """Return where the nth card is in the text."""
    ranges = chat.view.transcript.text.tag_ranges(FILE_CARD)
    return str(ranges[2 * nth])


def card_texts(chat: ChatWindow, nth: int = 0) -> list[str]:
    """Return the texts on the nth card."""
    return chat.view.transcript.held.file_rows.visible_text(card_index(chat, nth))


def has_picture(chat: ChatWindow) -> bool:
    """Return whether the first card shows its picture."""
    return chat.view.transcript.held.file_rows.has_picture(card_index(chat))


def canvas_at(chat: ChatWindow, nth: int = 0) -> tk.Canvas:
    """Return the canvas of the nth card."""
    text = chat.view.transcript.text
    canvas: tk.Canvas = text.nametowidget(str(text.window_cget(card_index(chat, nth), "window")))
    return canvas


def offer(chat: ChatWindow, driver: WindowDriver, file: FileInfo = REPORT, caption: str = "") -> None:
    """Let Ben share a file, and wait until its card is drawn."""
    chat.client.events.put(received_file(2, "Ben", file, caption))
    driver.until(lambda: len(chat.view.transcript.held.file_rows) == 1)
    driver.until(lambda: bool(canvas_at(chat).find_all()))


def press_card(chat: ChatWindow, at_ms: int, nth: int = 0) -> None:
    """Click on a card, at a time of the display's clock."""
    canvas_at(chat, nth).event_generate("<ButtonRelease-1>", x=5, y=5, time=at_ms)


def press_link(chat: ChatWindow, action: FileAction) -> None:
    """Open a link below a card."""
    text = chat.view.transcript.text
    chat.view.bindings.activate(str(text.tag_ranges(action.value)[0]))


def test_click_downloads_and_the_next_opens(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices, tmp_path: Path
) -> None:
    """A double click only downloads; progress is drawn in place, without a redraw."""
    offer(chat, driver, caption="as promised")
    assert card_texts(chat) == ["report.pdf", "2.1 MB"]
    press_card(chat, 10_000)
    press_card(chat, 10_200)
    assert chat.client.fetched == [(REPORT, None)]
    driver.until(lambda: "Cancel" in chat.transcript())
    version = chat.view.transcript.held.version
    chat.client.events.put(FileProgress("t1", "report.pdf", 2_100_000, 1_000_000, upload=False))
    driver.until(lambda: card_texts(chat)[1:] == ["Downloading · 1.0 MB of 2.1 MB"])
    assert chat.view.transcript.held.version == version
    path = tmp_path / "Downloads" / "report.pdf"
    chat.client.events.put(FileSaved("t1", "report.pdf", 2_100_000, path, REPORT.id))
    driver.until(lambda: card_texts(chat)[1:] == ["2.1 MB · in Downloads"])
    press_card(chat, 20_000)
    driver.until(lambda: fakes.opened_files == [path])
    press_link(chat, FileAction.SHOW_IN_FOLDER)
    driver.until(lambda: fakes.shown_files == [path])


def test_program_is_never_opened(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices, tmp_path: Path
) -> None:
    """A click shows it in its folder, and says so."""
    program = file_info("setup.exe")
    offer(chat, driver, program)
    press_card(chat, 10_000)
    chat.client.events.put(FileSaved("t1", "setup.exe", 5, tmp_path / "setup.exe", program.id))
    driver.until(lambda: "Show in folder" in chat.transcript())
    press_card(chat, 20_000)
    driver.until(lambda: fakes.shown_files == [tmp_path / "setup.exe"])
    assert fakes.opened_files == []
    assert "does not open" in chat.view.status_text()


def test_failed_download_says_why_and_is_tried_again(chat: ChatWindow, driver: WindowDriver) -> None:
    """It can be given up as well."""
    offer(chat, driver)
    press_link(chat, FileAction.DOWNLOAD)
    chat.client.events.put(
        FileFailed("t1", "report.pdf", upload=False, reason="The disk is full.", hint="Make room.")
    )
    chat.until_shown("The disk is full. Make room.   Try again   Save as…")
    press_link(chat, FileAction.TRY_AGAIN)
    chat.until_shown("Cancel")
    press_link(chat, FileAction.CANCEL)
    assert chat.client.cancelled == ["t2"]
    chat.client.events.put(FileFailed("t2", "report.pdf", upload=False, reason="", hint="", cancelled=True))
    chat.until_shown("Download")


def test_save_as_asks_for_the_place(chat: ChatWindow, driver: WindowDriver, tmp_path: Path) -> None:
    """Escape in the dialog downloads nothing."""
    offer(chat, driver)
    asked: list[str] = []
    chat.window.ask_file_path = lambda _parent, name: asked.append(name)
    press_link(chat, FileAction.SAVE_AS)
    assert (asked, chat.client.fetched) == (["report.pdf"], [])
    chat.window.ask_file_path = lambda _parent, name: tmp_path / name
    press_link(chat, FileAction.SAVE_AS)
    assert chat.client.fetched == [(REPORT, tmp_path / "report.pdf")]


def test_own_file_goes_and_fails_in_the_conversation(chat: ChatWindow, driver: WindowDriver) -> None:
    """It is there at once, says how far it is, and can be given up, tried again, or removed."""
    share = OutgoingShare(OutgoingFile("slides.odp", Path("slides.odp")), 5_000, "My slides")
    chat.view.composer.send_file(share)
    driver.until(lambda: len(chat.view.transcript.held.file_rows) == 1)
    driver.until(lambda: card_texts(chat) == ["slides.odp", "Waiting to send · 5.0 kB"])
    chat.client.events.put(FileProgress("t1", "slides.odp", 5_000, 2_000, upload=True))
    driver.until(lambda: card_texts(chat)[1:] == ["Sending · 2.0 kB of 5.0 kB"])
    press_link(chat, FileAction.CANCEL)
    assert chat.client.cancelled == ["t1"]
    chat.client.events.put(FileFailed("t1", "slides.odp", upload=True, reason="Too large.", hint="Zip it."))
    chat.until_shown("Not sent. Too large. Zip it.   Try again   Remove")
    text = chat.view.transcript.text
    chat.view.bindings.activate(str(text.tag_ranges("send-again")[0]))
    assert [entry[1] for entry in chat.client.shared] == ["My slides", "My slides"]
    sent = file_info("slides.odp", 5_000)
    chat.client.events.put(received_file(4, "Ann", sent, "My slides", own="t2"))
    chat.until_shown("Open   Show in folder   ✓")
    assert len(chat.view.transcript.held.file_rows) == 1


def test_picture_comes_by_itself_without_moving_anything(chat: ChatWindow, driver: WindowDriver) -> None:
    """The card has its size before; a large one, or with the setting off, comes on a click."""
    offer(chat, driver, PICTURE)
    driver.until(lambda: len(chat.client.fetched) == 1)
    size = (canvas_at(chat).winfo_reqwidth(), canvas_at(chat).winfo_reqheight())
    assert size == (120, 80)
    file, path = chat.client.fetched[0]
    assert path is not None
    assert (file, path.name) == (PICTURE, "view.png")
    png(path, 120, 80)
    chat.client.events.put(FileSaved("t1", "view.png", 9_000, path, PICTURE.id))
    driver.until(lambda: has_picture(chat))
    assert (canvas_at(chat).winfo_reqwidth(), canvas_at(chat).winfo_reqheight()) == size
    driver.close(chat.window)
    assert not path.parent.parent.exists()


def test_pictures_wait_for_a_click(driver: WindowDriver, fakes: FakeServices, tmp_path: Path) -> None:
    """With the setting off, and always where they are large."""
    settings = SettingsStore(tmp_path / "settings.json")
    settings.change(show_pictures=False)
    chat = ChatWindow(driver, fakes, settings)
    offer(chat, driver, file_info("view.png", 9_000, width=300, height=200))
    assert card_texts(chat) == ["Show picture · 9.0 kB"]
    assert chat.client.fetched == []
    press_card(chat, 10_000)
    assert chat.view.files.viewer is not None
    assert len(chat.client.fetched) == 1


def test_damaged_picture_says_so_on_its_card(chat: ChatWindow, driver: WindowDriver) -> None:
    """The file can still be saved."""
    picture = file_info("view.png", 9_000, width=300, height=200)
    offer(chat, driver, picture)
    driver.until(lambda: len(chat.client.fetched) == 1)
    path = chat.client.fetched[0][1]
    assert path is not None
    path.write_bytes(b"no picture")
    chat.client.events.put(FileSaved("t1", "view.png", 9_000, path, picture.id))
    driver.until(lambda: "not a picture" in "".join(card_texts(chat)))
    actions = chat.view.files.commands.actions(block_of(chat, 2))
    assert FileAction.DOWNLOAD in actions


def test_picture_without_space_for_it_says_so(
    chat: ChatWindow, driver: WindowDriver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The window goes on; a click tries again."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    offer(chat, driver, file_info("large.png", 9_000, width=600, height=400))
    driver.until(lambda: any("no space" in text for text in card_texts(chat)))
    assert "Something went wrong" not in chat.window.error_text()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    press_card(chat, 0)
    driver.until(lambda: bool(chat.client.fetched))


def test_keyboard_reaches_everything(chat: ChatWindow, driver: WindowDriver) -> None:
    """Tab goes to the card and its links; Enter on a selected message does what a click does."""
    offer(chat, driver)
    text = chat.view.transcript.text
    driver.press(text, "<Tab>", "<Return>")
    assert len(chat.client.fetched) == 1
    chat.client.events.put(FileFailed("t1", "report.pdf", upload=False, reason="", hint="", cancelled=True))
    chat.until_shown("Download")
    chat.view.messages.selection.select_newest()
    driver.press(text, "<Return>")
    assert len(chat.client.fetched) == 2
    menu = chat.view.messages.menu.menu_for(block_of(chat, 2), 0, 0)
    labels = [menu.entrycget(index, "label") for index in range(3) if menu.type(index) == "command"]
    assert labels[0] == "Cancel"


def test_copied_quoted_and_edited_as_text(chat: ChatWindow) -> None:
    """The line of the file stands for it everywhere but in an edit, which may be empty."""
    chat.client.events.put(received_file(2, "Ann", REPORT, "look", own="x"))
    chat.until_shown("Download")
    text = chat.view.transcript.text
    text.tag_add("sel", "1.0", "end")
    assert chat.view.bindings.selected_text() == "look\n[file] report.pdf (2.1 MB)"
    text.tag_remove("sel", "1.0", "end")
    commands = chat.view.messages.commands
    assert commands.reply(block_of(chat, 2))
    assert "look [file] report" in chat.view.composer.bar.visible_text()
    chat.view.composer.close_mode()
    commands.edit(block_of(chat, 2))
    assert chat.view.entry.get() == "look"
    chat.view.entry.set("")
    chat.press("<Return>")
    assert chat.client.requests == [Edit("r1", 2, "")]


def test_search_finds_the_name_of_a_file(chat: ChatWindow, driver: WindowDriver) -> None:
    """Its card gets a border."""
    offer(chat, driver)
    rows = chat.view.transcript.held.file_rows
    chat.view.open_search()
    chat.view.search_bar.entry.insert(0, "report")
    driver.until(lambda: any(row.mark for row in rows._rows.values()))


def test_deleted_message_takes_its_card_along(chat: ChatWindow, driver: WindowDriver) -> None:
    """Nothing of it is left in the window."""
    offer(chat, driver, PICTURE)
    chat.client.events.put(MessageDeleted(3, "d", 2, "member Ben", "Ben", NOON, own=False, history=False))
    chat.until_shown("This message was deleted")
    assert len(chat.view.transcript.held.file_rows) == 0


def test_cards_follow_text_size_colors_and_width(chat: ChatWindow, driver: WindowDriver) -> None:
    """Nothing is wider than its line; each is drawn in the palette that is shown."""
    name = "\u05d3\u05d5\u05d7 \u05e1\u05d5\u05e4\u05d9 \u05e9\u05dc \u05d4\u05de\u05d7\u05dc\u05e7\u05d4.pdf"
    for seq, file in enumerate((file_info(name), file_info("wide.png", 9_000_000, width=5_000, height=400))):
        chat.client.events.put(received_file(2 + seq, "Ben", file))
    driver.until(lambda: len(chat.view.transcript.held.file_rows) == 2)
    chat.window.root.geometry("360x480")
    driver.until(lambda: chat.window.root.winfo_width() == 360)
    for _ in range(6):
        chat.window.root.event_generate("<Control-plus>")
    chat.view.header.color_scheme_button.invoke()
    text = chat.view.transcript.text

    def fits() -> bool:
        return all(canvas_at(chat, nth).winfo_reqwidth() <= text.winfo_width() - 20 for nth in range(2))

    driver.until(fits)
    background = str(text.cget("background"))
    assert all(str(canvas_at(chat, nth).cget("background")) == background for nth in range(2))


def test_thousand_pictures_are_scrolled_with_bounded_memory(chat: ChatWindow, driver: WindowDriver) -> None:
    """Only those in sight are loaded; a message without a file costs nothing."""
    for seq in range(1, 1_001):
        picture = file_info(f"{seq}.png", 9_000, width=40, height=30)
        chat.client.events.put(received_file(seq, "Ben", picture))
    driver.until(lambda: chat.view.transcript.transcript.end >= 1_000)
    view = chat.view.transcript
    driver.until(lambda: view.held.window.bottom == view.transcript.end)
    assert len(view.held.file_rows) < 800
    driver.until(lambda: len(chat.client.fetched) == 2)


def test_plain_conversation_creates_nothing(chat: ChatWindow) -> None:
    """No bindings, no thread, no folder."""
    chat.client.events.put(received(2, "Ben", "words only"))
    chat.until_shown("words only")
    assert str(chat.view.transcript.text.tk.call("bind", "MessangoFileCards")) == ""
    assert len(chat.view.transcript.held.file_rows) == 0
    assert set(FILE_LINKS) <= set(chat.view.transcript.text.tag_names())


def test_leaving_asks_while_a_file_is_on_its_way(chat: ChatWindow, driver: WindowDriver) -> None:
    """One can stay; what is confirmed is what was wanted."""
    chat.view.composer.send_file(OutgoingShare(OutgoingFile("slides.odp", Path("slides.odp")), 5_000))
    chat.view.header.leave_button.invoke()
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    assert "“slides.odp” is still being sent." in chat.view.banner.visible_text()
    chat.view.banner.button(BannerAction.STAY).invoke()
    driver.until(lambda: not chat.view.banner.winfo_ismapped())
    chat.window.quit()
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    chat.view.banner.button(BannerAction.LEAVE_ANYWAY).invoke()
    driver.until_closed(chat.window)
    assert "leave" in chat.client.calls


def test_own_picture_is_the_one_that_was_sent(chat: ChatWindow, driver: WindowDriver, tmp_path: Path) -> None:
    """A file that was overwritten, or is gone, is not shown instead: the room has the right one."""
    plot = png(tmp_path / "plot.png", 300, 200)
    modified_ns = plot.stat().st_mtime_ns
    share = OutgoingShare(OutgoingFile("plot.png", plot), 9_000, modified_ns=modified_ns)
    chat.view.composer.send_file(share)
    png(plot, 30, 20)
    os.utime(plot, ns=(0, modified_ns + 5_000_000_000))
    sent = file_info("plot.png", 9_000, width=300, height=200)
    chat.client.events.put(received_file(2, "Ann", sent, own="t1"))
    driver.until(lambda: [file for file, _ in chat.client.fetched] == [sent])
    path = chat.client.fetched[0][1]
    assert path is not None
    chat.client.events.put(FileSaved("t2", "plot.png", 9_000, png(path, 300, 200), sent.id))
    driver.until(lambda: has_picture(chat))
    assert chat.view.files.commands.actions(block_of(chat, 2))[1:] == (
        FileAction.OPEN,
        FileAction.SHOW_IN_FOLDER,
    )


def test_picture_that_does_not_fill_its_frame_has_one(chat: ChatWindow, driver: WindowDriver) -> None:
    """A room may be wrong about the proportions, and without Pillow pictures are shrunk in whole steps."""

    def items() -> int:
        return len(canvas_at(chat).find_all())

    offer(chat, driver, file_info("view.png", 9_000, width=300, height=200))
    driver.until(lambda: len(chat.client.fetched) == 1)
    path = chat.client.fetched[0][1]
    assert path is not None
    chat.client.events.put(FileSaved("t1", "view.png", 9_000, png(path, 300, 200), "file view.png"))
    driver.until(lambda: has_picture(chat))
    whole = items()
    chat.client.events.put(MessageDeleted(4, "d", 2, "member Ben", "Ben", NOON, own=False, history=False))
    driver.until(lambda: len(chat.view.transcript.held.file_rows) == 0)
    chat.client.events.put(received_file(3, "Ben", file_info("flat.png", 9_000, width=300, height=200)))
    driver.until(lambda: len(chat.client.fetched) == 2)
    path = chat.client.fetched[1][1]
    assert path is not None
    chat.client.events.put(FileSaved("t2", "flat.png", 9_000, png(path, 300, 50), "file flat.png"))
    driver.until(lambda: has_picture(chat))
    assert items() == whole + 1
