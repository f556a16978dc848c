"""A long message is shown in full on request, and less of it again."""

from __future__ import annotations

import tkinter as tk

import pytest

from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

ROWS = "\n".join(f"row {row}" for row in range(200))


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session with a long message, nearly the last one."""
    chat = ChatWindow(driver, fakes)
    for seq in range(60):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.client.events.put(received(60, "Ben", ROWS))
    for seq in range(61, 64):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.until_shown("line 63")
    driver.until(lambda: chat.view.transcript.text.yview()[1] == 1.0)
    return chat


def y_of(text: tk.Text, words: str) -> int:
    """Return how high in the widget a line is, in pixels from the top."""
    text.update_idletasks()
    line = text.dlineinfo(text.search(words, "1.0"))
    assert line is not None, f"{words} is out of sight"
    return line[1]


def test_show_all_stays_where_it_was_clicked(chat: ChatWindow, driver: WindowDriver) -> None:
    """The text goes on below the line that was clicked; nothing above it moves."""
    text = chat.view.transcript.text
    before, clicked = y_of(text, "row 5"), y_of(text, "Show all")
    chat.view.bindings.activate(text.search("Show all", "1.0"))
    chat.until_shown("row 199")
    driver.until(lambda: chat.view.jump_button.winfo_manager() != "")
    assert y_of(text, "row 5") == before
    assert abs(y_of(text, "row 10") - clicked) < 10


def test_show_less_brings_the_beginning_back(chat: ChatWindow, driver: WindowDriver) -> None:
    """And the line that shows all again is where the pointer is."""
    text = chat.view.transcript.text
    chat.view.bindings.activate(text.search("Show all", "1.0"))
    chat.until_shown("Show less")
    for seq in range(80):
        chat.client.events.put(received(100 + seq, "Ben", f"later {seq}"))
    chat.until_shown("later 79")
    text.yview(text.search("Show less", "1.0"))
    text.yview_scroll(-10, "units")
    clicked = y_of(text, "Show less")
    chat.view.bindings.activate(text.search("Show less", "1.0"))
    driver.until(lambda: "row 199" not in chat.transcript())
    assert abs(y_of(text, "Show all") - clicked) < 3
    assert "Show less" not in chat.transcript()


def test_both_are_reached_by_keyboard(chat: ChatWindow, driver: WindowDriver) -> None:
    """Tab goes to the words, Enter presses them."""
    text = chat.view.transcript.text
    driver.press(text, "<Tab>", "<Return>")
    chat.until_shown("Show less")
    text.see(text.search("Show less", "1.0"))
    driver.press(text, "<Tab>", "<Return>")
    driver.until(lambda: "Show less" not in chat.transcript())
