"""Emoji in the message field: one picture each, and the text behind them stays what is sent."""

from __future__ import annotations

import pytest

from messango.gui.look.emoji_font import EmojiFont
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    if EmojiFont.load() is None:
        pytest.skip("needs Pillow and a colour font")
    return ChatWindow(driver, fakes)


def pictures(chat: ChatWindow) -> int:
    """Return how many pictures are in the field."""
    chat.window.root.update()
    return len(chat.view.entry.text.dump("1.0", "end", image=True))


def test_pictures_come_and_go_with_the_text(chat: ChatWindow) -> None:
    """Typed, pasted, picked or recalled; the text is read as if there were none."""
    chat.type_text("a 👩🏽‍💻🇩🇪 b")
    assert pictures(chat) == 2
    assert chat.view.entry.get() == "a 👩🏽‍💻🇩🇪 b"
    chat.type_text("🥭")
    assert pictures(chat) == 3
    chat.view.entry.set("plain")
    assert pictures(chat) == 0
    chat.view.entry.set("👨‍👩‍👧")
    chat.press("<Return>")
    assert chat.client.sent == ["👨‍👩‍👧"]


def test_one_key_deletes_all_of_an_emoji(chat: ChatWindow) -> None:
    """Backspace behind it, Delete before it; what is around it stays."""
    chat.type_text("a👩🏽‍💻🇩🇪b")
    chat.press("<Left>", "<BackSpace>")
    assert chat.view.entry.get() == "a👩🏽‍💻b"
    chat.press("<Left>", "<Delete>")
    assert chat.view.entry.get() == "ab"
    assert pictures(chat) == 0


def test_the_cursor_goes_over_an_emoji(chat: ChatWindow) -> None:
    """What is typed goes before it or behind it, never into it."""
    chat.type_text("👩🏽‍💻🇩🇪")
    assert pictures(chat) == 2
    text = chat.view.entry.text
    for keys, typed, after in (
        (("<Left>",), "x", "👩🏽‍💻x🇩🇪"),
        (("<Home>",), "y", "y👩🏽‍💻x🇩🇪"),
        (("<Right>",), "z", "y👩🏽‍💻zx🇩🇪"),
        (("<End>",), "!", "y👩🏽‍💻zx🇩🇪!"),
    ):
        chat.press(*keys)
        text.event_generate(f"<KeyRelease-{keys[0].strip('<>')}>")
        text.insert("insert", typed)
        chat.window.root.update()
        assert chat.view.entry.get() == after
    assert pictures(chat) == 2


def test_many_emoji_are_text(chat: ChatWindow) -> None:
    """The field stays quick."""
    chat.type_text("🥭" * 1_000)
    assert pictures(chat) == 0
    assert chat.view.entry.get() == "🥭" * 1_000
