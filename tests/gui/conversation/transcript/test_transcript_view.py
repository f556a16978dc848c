"""The transcript in a real window: its blocks, scrolling, links and copying."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.client.events import MemberJoined, MessageFailed
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.model.transcript import parts as parts_module
from messango.gui.model.transcript.block_range import BATCH_BLOCKS, MAX_BLOCKS_FOLLOWING, MAX_BLOCKS_READING
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def talk(chat: ChatWindow, count: int) -> TranscriptView:
    """Let Ben send `count` messages, and wait until the last one is shown."""
    for seq in range(count):
        chat.client.events.put(received(seq, "Ben", f"line {seq} of many"))
    chat.until_shown(f"line {count - 1} of")
    return chat.view.transcript


def top_line(text: tk.Text) -> str:
    """Return the first visible line."""
    index = text.index("@0,0")
    return text.get(f"{index} linestart", f"{index} lineend")


def is_consistent(view: TranscriptView) -> bool:
    """Return whether the widget has exactly the lines that were counted."""
    held = int(view.text.index("end-1c").split(".")[0]) - 1
    return held == view.held.window.total_lines + sum(view.held.pending_lines)


def test_long_conversation_can_be_scrolled_to_its_beginning(chat: ChatWindow, driver: WindowDriver) -> None:
    """Blocks are fetched without a jump, and the widget stays bounded."""
    view = talk(chat, 3_000)
    assert len(view.held.window) <= MAX_BLOCKS_FOLLOWING + BATCH_BLOCKS
    view.text.focus_force()
    most, last = 0, 3_000

    def reached_beginning() -> bool:
        nonlocal most, last
        before = view.text.index("@0,0")
        view.page_scroll(-1)
        most = max(most, len(view.held.window))
        words = top_line(view.text)
        if words.startswith("line "):
            number = int(words.split()[1])
            assert number <= last, f"the view jumped from {last} to {number} ({before})"
            last = number
        assert is_consistent(view)
        return view.held.window.top == 0 and view.text.yview()[0] == 0.0

    driver.until(reached_beginning)
    assert "line 0 of many" in view.text.get("1.0", "10.0")
    assert most <= MAX_BLOCKS_READING + BATCH_BLOCKS


def test_burst_does_not_move_the_visible_lines(chat: ChatWindow, driver: WindowDriver) -> None:
    """The jump button counts the new messages, and scrolls to them."""
    view = talk(chat, 1_000)
    view.scroll_to(400)
    chat.window.root.update()
    driver.until(lambda: view.held.window.top < 340 and view.held.window.bottom > 460)
    words = top_line(view.text)
    for seq in range(1_000, 3_000):
        chat.client.events.put(received(seq, "Ben", f"line {seq} of many"))
    driver.until(lambda: "2,000 new messages" in str(chat.view.jump_button.cget("text")))
    assert top_line(view.text) == words
    driver.until(lambda: bool(chat.view.jump_button.winfo_ismapped()))
    chat.view.jump_button.invoke()
    chat.until_shown("line 2999 of")
    driver.until(lambda: not chat.view.jump_button.winfo_ismapped())
    assert view.following
    assert is_consistent(view)


def test_fetching_ends(chat: ChatWindow, driver: WindowDriver) -> None:
    """It scrolls the text, which must not start another fetch."""
    view = talk(chat, 1_000)
    view.scroll_to(400)

    def rests() -> bool:
        chat.window.root.update_idletasks()
        return not view._fetching and view.held.window.top < 340 and view.held.window.bottom > 460

    driver.until(rests)


def test_scrollbar_covers_the_whole_conversation(chat: ChatWindow, driver: WindowDriver) -> None:
    """Not only the blocks in the widget."""
    view = talk(chat, 2_000)
    view._on_scrollbar("moveto", "0.5")
    driver.until(
        lambda: abs(view.held.window.block_at(int(view.text.index("@0,0").split(".")[0])) - 1_000) < 20
    )
    view._on_scrollbar("moveto", "1.0")
    driver.until(lambda: view.held.window.bottom == 2_000)


def test_expanded_block_stays_in_place(chat: ChatWindow) -> None:
    """And lines are still counted correctly."""
    chat.client.events.put(received(1, "Ben", "before"))
    chat.client.events.put(received(2, "Ben", "\n".join(f"row {row}" for row in range(100))))
    chat.client.events.put(received(3, "Ben", "after"))
    chat.until_shown("Show all 100 lines")
    view = chat.view.transcript
    assert "row 99" not in chat.transcript()
    chat.view.bindings.activate(view.text.search("Show all", "1.0"))
    chat.until_shown("row 99")
    assert is_consistent(view)
    assert chat.transcript().index("row 99") < chat.transcript().index("after")


def test_newest_block_can_change(chat: ChatWindow, driver: WindowDriver) -> None:
    """A line of joins grows, and the unread line is removed, without any other change."""
    chat.client.events.put(received(1, "Ben", "read"))
    chat.client.events.put(MemberJoined("Chiara"))
    chat.until_shown("Chiara joined")
    chat.client.events.put(MemberJoined("Deniz"))
    chat.until_shown("Chiara and Deniz joined")
    chat.view.transcript.transcript.mark_unread_from_here()
    chat.client.events.put(received(2, "Ben", "unread"))
    chat.until_shown("New messages")
    chat.type_text("mine", "<Return>")
    driver.until(lambda: "New messages" not in chat.transcript())
    assert "unread" in chat.transcript()
    assert "mine   sending…" in chat.transcript()
    assert is_consistent(chat.view.transcript)


def test_failed_message_is_sent_again_or_discarded(chat: ChatWindow, driver: WindowDriver) -> None:
    """By the links after the reason."""
    for number in (1, 2):
        chat.type_text(f"mine {number}", "<Return>")
        chat.client.events.put(MessageFailed(f"own-{number}", f"mine {number}", "It was not taken.", ""))
    driver.until(lambda: chat.transcript().count("Send again") == 2)
    text = chat.view.transcript.text
    chat.view.bindings.activate(text.search("Send again", "1.0"))
    assert chat.client.sent == ["mine 1", "mine 2", "mine 1"]
    driver.until(lambda: "mine 1   sending…" in chat.transcript())
    chat.view.bindings.activate(text.search("Discard", "1.0"))
    driver.until(lambda: "mine 2" not in chat.transcript())
    assert is_consistent(chat.view.transcript)


def test_link_shows_its_address_and_is_opened(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices
) -> None:
    """By keyboard: Tab shows the real address, Enter opens it in a browser."""
    chat.client.events.put(received(1, "Ben", "see https://раураl.com/🥭 and https://example.org/a."))
    chat.until_shown("see https")
    text = chat.view.transcript.text
    driver.press(text, "<Tab>")
    assert chat.view.status_text() == "Opens https://xn--l-7sba6dbr.com/%F0%9F%A5%AD"
    driver.press(text, "<Tab>")
    assert chat.view.status_text() == "Opens https://example.org/a"
    driver.press(text, "<Return>")
    driver.until(lambda: fakes.opened_links == ["https://example.org/a"])


def test_copy_has_names_and_times(chat: ChatWindow) -> None:
    """If more than one message is selected."""
    chat.client.events.put(received(1, "Ben", "one 🥭\n`two`"))
    chat.client.events.put(received(2, "Chiara", "/me waves"))
    chat.client.events.put(received(3, "Ann", "three", own="x"))
    chat.until_shown("three   ✓")
    text = chat.view.transcript.text
    clock = text.get(text.search("Ben", "1.0"), "end").split()[1]
    text.tag_add("sel", "1.0", "end")
    text.event_generate("<<Copy>>")
    assert chat.window.root.clipboard_get() == (
        f"[{clock}] Ben: one 🥭\n    `two`\n[{clock}] * Chiara waves\n[{clock}] Ann: three"
    )
    text.tag_remove("sel", "1.0", "end")
    text.tag_add("sel", text.search("two", "1.0"), text.search("waves", "1.0") + "+3c")
    assert chat.view.bindings.selected_text() == f"[{clock}] Ben: `two`\n[{clock}] * Chiara wav"


def test_trimmed_blocks_can_still_be_clicked(chat: ChatWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the next sync their lines are visible: a click does nothing, a copy leaves them out."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 100)
    view = talk(chat, 95)
    for seq in range(95, 130):
        view.transcript.message_received(received(seq, "Ben", f"line {seq} of many"))
    assert view.held.window.top < view.transcript.first
    chat.view.bindings.activate("2.0")
    view.text.tag_add("sel", "1.0", "end")
    copied = chat.view.bindings.selected_text().splitlines()
    assert copied[0].endswith(f"Ben: line {view.transcript.first} of many")
    assert copied[-1].endswith("Ben: line 94 of many")


def test_hostile_texts_do_not_change_the_layout(chat: ChatWindow, driver: WindowDriver) -> None:
    """Long words, a thousand lines, direction overrides: the window keeps its size."""
    root = chat.window.root
    driver.until(lambda: bool(chat.view.members.winfo_ismapped()))
    size = (root.winfo_width(), chat.view.transcript.winfo_width(), chat.view.entry.winfo_width())
    for seq, text in enumerate(
        ("W" * 8_000, "\n" * 1_000, "\u202e\u2066x" * 2_000, "\u0300" * 500, "`" * 999)
    ):
        chat.client.events.put(received(seq, "Eve" + "\u0300" * 20, text))
    chat.client.events.put(received(99, "Ben", "the last"))
    chat.until_shown("the last")
    root.update()
    assert size == (root.winfo_width(), chat.view.transcript.winfo_width(), chat.view.entry.winfo_width())
    assert is_consistent(chat.view.transcript)


def test_earlier_is_typed(chat: ChatWindow, driver: WindowDriver) -> None:
    """And the view stays there."""
    view = talk(chat, 300)
    chat.type_text("/earlier", "<Return>")
    driver.until(lambda: not view.following)
    chat.view.refresh()
    assert not view.following
    assert chat.view.entry.get() == ""


def test_search_is_typed(chat: ChatWindow, driver: WindowDriver) -> None:
    """The bar opens with the words, and has the focus."""
    view = talk(chat, 300)
    chat.type_text("/search line 7", "<Return>")
    driver.until(lambda: chat.view.search_bar.status_text().endswith("of 57"))
    assert chat.view.search_bar.entry.get() == "line 7"
    assert chat.window.root.focus_get() == chat.view.search_bar.entry
    assert not view.following
