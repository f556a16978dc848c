"""Selecting several messages by mouse and by keyboard, and copying them."""

from __future__ import annotations

import pytest

from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, in_utc, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in which Ben and Cleo take turns."""
    with in_utc():
        chat = ChatWindow(driver, fakes)
        for seq in range(6):
            name = "Cleo" if seq % 2 else "Ben"
            chat.client.events.put(received(seq + 1, name, f"message {seq}\nand more", after_s=60 * seq))
        chat.until_shown("message 5")
    return chat


def test_shift_and_arrows_select_over_several_messages(chat: ChatWindow, driver: WindowDriver) -> None:
    """What is copied has the names and times, and nothing else of the layout."""
    text = chat.view.transcript.text
    driver.focus(text)
    text.mark_set("insert", text.search("message 2", "1.0"))
    driver.press(text, *["<Shift-Down>"] * 4)
    driver.until(lambda: bool(text.tag_ranges("sel")))
    text.event_generate("<<Copy>>")
    assert chat.window.root.clipboard_get() == "message 2\nand more"
    driver.press(text, "<Shift-Down>", "<Shift-End>")
    text.event_generate("<<Copy>>")
    expected = "[12:02] Ben: message 2\n    and more\n[12:03] Cleo: message 3\n    and more"
    assert chat.window.root.clipboard_get() == expected


def test_a_selection_begins_in_sight(chat: ChatWindow, driver: WindowDriver) -> None:
    """Not at the beginning of the conversation, which nobody sees."""
    for seq in range(200):
        chat.client.events.put(received(seq + 100, "Ben", f"line {seq}", after_s=1_000 + seq))
    chat.until_shown("line 199")
    text = chat.view.transcript.text
    driver.until(lambda: text.yview()[1] == 1.0)
    driver.press(text, "<Shift-Up>")
    driver.until(lambda: bool(text.tag_ranges("sel")))
    assert "line 19" in text.get("sel.first linestart", "sel.last lineend")


def test_dragging_selects_over_several_messages(chat: ChatWindow) -> None:
    """From the middle of one to the middle of another."""
    text = chat.view.transcript.text
    first, last = text.search("ssage 1", "1.0"), text.search("ge 3", "1.0")
    begin, end = text.bbox(first), text.bbox(last)
    assert begin
    assert end
    text.event_generate("<Button-1>", x=begin[0], y=begin[1] + 5)
    text.event_generate("<B1-Motion>", x=end[0] + 40, y=end[1] - 20)
    text.event_generate("<B1-Motion>", x=end[0], y=end[1] + 5)
    text.event_generate("<ButtonRelease-1>", x=end[0], y=end[1] + 5)
    text.event_generate("<<Copy>>")
    lines = chat.window.root.clipboard_get().splitlines()
    more = "    and more"
    assert lines == ["[12:01] Cleo: ssage 1", more, "[12:02] Ben: message 2", more, "[12:03] Cleo: messa"]
