"""What is typed or pasted where nothing can be written goes to the message field."""

from __future__ import annotations

import pytest

from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben, who has said something."""
    chat = ChatWindow(driver, fakes)
    chat.client.events.put(received(1, "Ben", "take this"))
    chat.until_shown("take this")
    return chat


def test_typing_after_a_click_in_the_transcript(chat: ChatWindow, driver: WindowDriver) -> None:
    """The field gets the first letter, the focus, and so all the others."""
    text = chat.view.transcript.text
    driver.press(text, "<Key-h>")
    driver.until(lambda: chat.view.entry.get() == "h")
    assert chat.window.root.focus_get() == chat.view.entry.text


def test_the_selection_stays_and_can_be_copied(chat: ChatWindow, driver: WindowDriver) -> None:
    """Also from the field, which has no selection of its own."""
    text = chat.view.transcript.text
    start = text.search("take", "1.0")
    text.tag_add("sel", start, f"{start} lineend")
    driver.press(text, "<Key-h>")
    driver.until(lambda: chat.view.entry.get() == "h")
    assert text.get("sel.first", "sel.last") == "take this"
    chat.view.entry.text.event_generate("<<Copy>>")
    assert chat.window.root.clipboard_get() == "take this"


def test_pasting_in_the_transcript(chat: ChatWindow, driver: WindowDriver) -> None:
    """The clipboard's text goes to the field."""
    chat.window.root.clipboard_clear()
    chat.window.root.clipboard_append("pasted")
    driver.press(chat.view.transcript.text, "<<Paste>>")
    driver.until(lambda: chat.view.entry.get() == "pasted")


def test_typing_replaces_what_is_selected_in_the_field(chat: ChatWindow, driver: WindowDriver) -> None:
    """As it does when the field has the focus."""
    chat.view.entry.set("old")
    chat.view.entry.text.tag_add("sel", "1.0", "1.3")
    driver.press(chat.view.transcript.text, "<Key-n>")
    driver.until(lambda: chat.view.entry.get() == "n")


def test_typing_after_a_press_of_a_button(chat: ChatWindow, driver: WindowDriver) -> None:
    """Letters go to the field; a space presses the button, and Ctrl and a letter is a shortcut."""
    button = chat.view.header.leave_button
    button.configure(command=lambda: None)
    driver.press(button, "<space>", "<Control-Key-u>", "<Key-x>")
    driver.until(lambda: chat.view.entry.get() != "")
    assert chat.view.entry.get() == "x"


def test_a_field_keeps_what_is_typed_into_it(chat: ChatWindow, driver: WindowDriver) -> None:
    """The search's, for example."""
    chat.view.open_search()
    driver.press(chat.view.search_bar.entry, "<Key-q>")
    driver.until(lambda: chat.view.search_bar.entry.get() == "q")
    assert chat.view.entry.get() == ""


def test_a_page_above_the_conversation_keeps_what_is_typed(chat: ChatWindow, driver: WindowDriver) -> None:
    """Nothing is written behind the settings."""
    chat.press("<Control-comma>")
    driver.until(lambda: chat.window.side_page is not None)
    page = chat.window.side_page
    assert page is not None
    driver.press(page.close_button, "<Key-q>")
    chat.window.root.update()
    assert chat.view.entry.get() == ""
