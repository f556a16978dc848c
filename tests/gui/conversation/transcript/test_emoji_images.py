"""Emoji in a real transcript: one picture each, tagged as the text around it, and copied as it was sent."""

from __future__ import annotations

import pytest

from messango.gui.look.emoji_font import EmojiFont
from messango.gui.model.text.run_tags import MESSAGE_TEXT
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

TEXT = "*a* 👩🏽‍💻🇩🇪\n- 👨‍👩‍👧‍👦 b 🥭"


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def images(chat: ChatWindow) -> list[str]:
    """Return the indexes of the pictures in the transcript."""
    return [index for _, _, index in chat.view.transcript.text.dump("1.0", "end", image=True)]


def copy_all(chat: ChatWindow) -> str:
    """Return what is copied if everything is selected."""
    chat.view.transcript.text.tag_add("sel", "1.0", "end")
    return chat.view.bindings.selected_text()


@pytest.mark.parametrize("text", [TEXT, f"שלום {TEXT}"])
def test_pictures(chat: ChatWindow, driver: WindowDriver, text: str) -> None:
    """Also in lines from right to left; a line is not broken by them."""
    if EmojiFont.load() is None:
        pytest.skip("needs Pillow and a colour font")
    chat.client.events.put(received(1, "Ben", text))
    driver.until(lambda: len(images(chat)) == 4)
    widget = chat.view.transcript.text
    for index in images(chat):
        assert {"other", "body", MESSAGE_TEXT} <= {*widget.tag_names(index)}
        line = index.partition(".")[0]
        assert widget.count(f"{line}.0", f"{line}.end", "displaylines") in (None, 0, (0,))
    assert "\ufffc" not in chat.transcript()
    assert copy_all(chat) == text


def test_pictures_grow_with_the_text(chat: ChatWindow, driver: WindowDriver) -> None:
    """They are drawn again in another size, and copied as before."""
    chat.client.events.put(received(1, "Ben", TEXT))
    driver.until(lambda: "b" in chat.transcript())
    small = [chat.view.transcript.text.image_cget(index, "image") for index in images(chat)]
    chat.press("<Control-plus>", "<Control-plus>")
    driver.until(
        lambda: small != [chat.view.transcript.text.image_cget(index, "image") for index in images(chat)]
    )
    assert len(images(chat)) == len(small)
    assert copy_all(chat) == TEXT


def test_without_a_font(chat: ChatWindow, driver: WindowDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain signs, as soon as it is known; no letters of a flag, and no box for a skin tone."""
    monkeypatch.setattr(EmojiFont, "load", lambda: None)
    chat.client.events.put(received(1, "Ben 👩‍💻", TEXT))
    driver.until(lambda: "DE" in chat.transcript())
    assert images(chat) == []
    assert chat.transcript().splitlines()[-2:] == ["a 👩 DE ", "• 👪 b 🥭"]
    assert "Ben 👩 " in chat.transcript()
    assert copy_all(chat) == TEXT


def test_a_message_of_nothing_but_emoji(chat: ChatWindow) -> None:
    """Is shown and copied whole, and the window goes on."""
    flood = "👩🏽‍💻" * 1_500
    chat.client.events.put(received(1, "Ben", flood))
    chat.client.events.put(received(2, "Ben", "after it"))
    chat.until_shown("after it")
    assert len(images(chat)) <= 200
    assert flood in copy_all(chat)
