"""A conversation on a full screen, and the small buttons below it."""

from __future__ import annotations

import tkinter as tk

import pytest

from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

WORDS = "Can we make it a quarter to one, because my build has just started and wants company? "


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def test_long_lines_are_in_a_column_in_the_middle(chat: ChatWindow, driver: WindowDriver) -> None:
    """Of 70 to 90 characters; the message field is below it."""
    chat.client.events.put(received(1, "Ben", WORDS * 6))
    chat.until_shown("a quarter to one")
    chat.window.root.geometry("1900x900")
    text = chat.view.transcript.text
    driver.until(lambda: text.winfo_width() > 1_500 and chat.view.composer.winfo_width() < 1_000)
    start = text.search("Can we", "1.0")
    driver.until(lambda: text.bbox(start) is not None)
    line = text.get(start, f"{start} display lineend")
    assert 70 <= len(line) <= 92
    left = text.dlineinfo(start)
    assert left
    right = text.winfo_width() - left[0] - left[2]
    assert abs(left[0] - right) < 0.2 * text.winfo_width()
    field = chat.view.entry
    assert abs(field.winfo_rootx() - text.winfo_rootx() - left[0]) < 40


def test_larger_text_has_as_many_characters_in_a_line(chat: ChatWindow, driver: WindowDriver) -> None:
    """The column grows with it."""
    chat.client.events.put(received(1, "Ben", WORDS * 6))
    chat.until_shown("a quarter to one")
    chat.window.root.geometry("1900x900")
    text = chat.view.transcript.text
    driver.until(lambda: text.winfo_width() > 1_500)
    chat.window._context.appearance.zoom(3)
    start = text.search("Can we", "1.0")
    driver.until(lambda: text.bbox(start) is not None and int(text.cget("padx")) < 350)
    assert 70 <= len(text.get(start, f"{start} display lineend")) <= 92


def test_the_count_of_new_messages_covers_no_text(chat: ChatWindow, driver: WindowDriver) -> None:
    """It is below the transcript, inside its card."""
    for seq in range(200):
        chat.client.events.put(received(seq, "Ben", f"line {seq} {WORDS}"))
    chat.until_shown("line 199")
    text = chat.view.transcript.text
    driver.until(lambda: text.yview()[1] == 1.0)
    text.yview_moveto(0.2)
    text.event_generate("<<MessangoScrolled>>")
    button: tk.Misc = chat.view.jump_button
    driver.until(lambda: bool(button.winfo_viewable()))
    chat.window.root.update()
    assert button.winfo_rooty() >= text.winfo_rooty() + text.winfo_height()
    card = chat.view.transcript
    assert button.winfo_rooty() + button.winfo_height() <= card.winfo_rooty() + card.winfo_height()
    text.yview_moveto(1.0)
    text.event_generate("<<MessangoScrolled>>")
    driver.until(lambda: not button.winfo_viewable())
    assert text.yview()[1] == 1.0


def test_a_low_window_shows_what_was_found(chat: ChatWindow, driver: WindowDriver) -> None:
    """A search takes the place of the message field; what is typed elsewhere brings that back."""
    chat.client.events.put(received(1, "Ben", WORDS))
    chat.until_shown("a quarter to one")
    chat.window._context.appearance.zoom(9)
    chat.window.root.geometry("360x480")
    driver.until(lambda: chat.window.root.winfo_width() == 360)
    chat.view.open_search()
    driver.until(lambda: not chat.view.composer.winfo_viewable())
    driver.until(lambda: chat.view.transcript.text.winfo_height() > 60)
    driver.press(chat.view.transcript.text, "<Key-h>")
    driver.until(lambda: bool(chat.view.composer.winfo_viewable()))
    assert chat.view.entry.get() == "h"
