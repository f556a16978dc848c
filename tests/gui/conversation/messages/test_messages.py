"""Answers, reactions, menus and the selected message in a real window."""

from __future__ import annotations

import dataclasses
import tkinter as tk

import pytest

from messango.client.events import MessageDeleted, ReactionChanged
from messango.gui.conversation.messages.messages import Messages
from messango.gui.conversation.transcript.text_tags import JUMPED
from messango.gui.model.composer.composer_mode import (
    PUBLIC,
    Answering,
    ComposerMode,
    Editing,
    OnlyTo,
    Recipient,
)
from messango.gui.model.text.run_tags import QUOTE
from messango.gui.model.transcript.blocks import Block
from messango.protocol.frames import Delete, Quote, React, Reaction
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices, received, told
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

THUMB = Reaction("👍", 2, mine=True, names=("Ann", "Ben"))
PARTY = Reaction("🎉", 1, mine=False, names=("Ben",))


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


@pytest.fixture
def messages(chat: ChatWindow) -> Messages:
    """Three messages: of Ben, with reactions; our own; and Ben's, which answers the first."""
    for event in (
        dataclasses.replace(received(1, "Ben", "lunch at https://mango.example/"), reactions=(THUMB, PARTY)),
        received(2, "Ann", "yes", own="own-9"),
        dataclasses.replace(received(3, "Ben", "at noon"), reply=Quote(1, "Ben", "lunch at noon?")),
    ):
        chat.client.events.put(event)
    chat.until_shown("at noon")
    return chat.view.messages


def block_of(chat: ChatWindow, seq: int) -> Block:
    """Return the block of a message."""
    transcript = chat.view.transcript.transcript
    number = transcript.find(seq)
    assert number is not None
    return transcript.block(number)


def mode_of(chat: ChatWindow) -> ComposerMode:
    """Return for whom and for what the message field is."""
    return chat.view.composer._state.mode


def rows(chat: ChatWindow) -> list[tk.Canvas]:
    """Return the canvases in the transcript."""
    return [child for child in chat.view.transcript.text.winfo_children() if isinstance(child, tk.Canvas)]


def labels(menu: tk.Menu) -> list[str]:
    """Return the labels of a menu."""
    last = menu.index("end")
    entries = range(last + 1) if last is not None else range(0)
    return [str(menu.entrycget(number, "label")) for number in entries if menu.type(number) != "separator"]


def test_click_on_a_reaction_toggles_it(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """Ours is removed, and another one becomes ours, too."""
    (row,) = rows(chat)
    driver.until(lambda: bool(row.winfo_ismapped()))
    first, second = chat.view.transcript.held.reaction_rows.row_at(f"{row_line(chat, row)}.0")
    for chip in (first, second):
        row.event_generate("<ButtonRelease-1>", x=chip.x + 3, y=chip.y + 3)
    requests = [reaction_in(request) for request in chat.client.requests]
    assert requests == [(1, "👍", False), (1, "🎉", True)]
    row.event_generate("<ButtonRelease-1>", x=second.x + second.width + 30, y=3)
    assert len(chat.client.requests) == 2
    assert messages.selection.block is None


def row_line(chat: ChatWindow, row: tk.Canvas) -> int:
    """Return the line of a row of reactions."""
    return int(chat.view.transcript.text.index(str(row)).split(".")[0])


def reaction_in(request: object) -> tuple[int, str, bool]:
    """Return what a request to react says."""
    assert isinstance(request, React)
    return request.seq, request.emoji, request.on


def test_who_reacted_is_shown_on_hover(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """And gone when the pointer leaves."""
    (row,) = rows(chat)
    driver.until(lambda: bool(row.winfo_ismapped()))
    row.event_generate("<Motion>", x=5, y=5)
    driver.until(lambda: messages.hover.text() == "You and Ben reacted with 👍")
    row.event_generate("<Leave>")
    assert messages.hover.text() == ""


def test_rows_come_and_go_with_their_messages(
    chat: ChatWindow, driver: WindowDriver, messages: Messages
) -> None:
    """No widget is left over of a message whose reactions are gone, or that is out of the widget."""
    assert len(rows(chat)) == 1
    chat.client.events.put(
        ReactionChanged(4, "r", 3, "member Ben", "Ben", NOON, "❤️", on=True, own=False, history=False)
    )
    driver.until(lambda: len(rows(chat)) == 2)
    chat.client.events.put(MessageDeleted(5, "d", 1, "member Ben", "Ben", NOON, own=False, history=False))
    chat.until_shown("This message was deleted")
    assert len(rows(chat)) == 1
    for seq in range(6, 2_000):
        chat.client.events.put(dataclasses.replace(received(seq, "Ben", f"n{seq}"), reactions=(PARTY,)))
    chat.until_shown("n1999")
    held = chat.view.transcript.held
    assert len(rows(chat)) <= len(held.window)
    assert len(held.reaction_rows) == len(rows(chat))
    known = chat.view.transcript.text.children.values()  # tkinter's own references
    assert sum(isinstance(child, tk.Canvas) for child in known) == len(rows(chat))
    assert messages.selection.block is None


def test_wheel_over_a_reaction_scrolls(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """The pointer is over a row sooner or later."""
    for seq in range(4, 200):
        chat.client.events.put(dataclasses.replace(received(seq, "Ben", f"n{seq}"), reactions=(PARTY,)))
    chat.until_shown("n199")
    text = chat.view.transcript.text
    driver.until(lambda: any(row.winfo_viewable() for row in rows(chat)))
    before = text.yview()[0]
    visible = next(row for row in rows(chat) if row.winfo_viewable())
    if text.tk.call("tk", "windowingsystem") == "x11":
        visible.event_generate("<Button-4>")
    else:
        visible.event_generate("<MouseWheel>", delta=120)
    driver.until(lambda: text.yview()[0] < before)
    assert not chat.view.transcript.following
    assert messages.selection.block is None


def test_click_on_a_quote_goes_to_the_message(
    chat: ChatWindow, driver: WindowDriver, messages: Messages
) -> None:
    """However far above it is, and highlights it for a moment."""
    for seq in range(4, 1_000):
        chat.client.events.put(received(seq, "Ben", f"line {seq} of many"))
    chat.client.events.put(
        dataclasses.replace(received(1_000, "Ben", "done"), reply=Quote(1, "Ben", "lunch"))
    )
    chat.until_shown("done")
    text = chat.view.transcript.text
    chat.view.bindings.activate(str(next(iter(text.tag_prevrange(QUOTE, "end")))))
    driver.until(lambda: bool(text.tag_ranges(JUMPED)))
    highlighted = text.get(*text.tag_ranges(JUMPED))
    assert "lunch at" in highlighted
    assert text.bbox(str(text.tag_ranges(JUMPED)[0])) is not None
    driver.until(lambda: not text.tag_ranges(JUMPED))
    assert messages.selection.block is None


def test_quote_of_a_message_that_is_not_loaded(chat: ChatWindow, messages: Messages) -> None:
    """Whoever loads older messages gets its number."""
    wanted: list[int] = []
    messages.load_around = wanted.append
    messages.jump_to(77)
    assert wanted == [77]
    assert chat.view.status_text() == ""


def test_up_then_r_answers(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """The message above the newest one; the field has the focus then."""
    assert messages.selection.select_newest()
    text = chat.view.transcript.text
    driver.press(text, "<Up>", "<Up>")
    assert messages.selection.block == block_of(chat, 1)
    driver.press(text, "r")
    mode = mode_of(chat)
    assert isinstance(mode, Answering)
    assert (mode.seq, mode.name, mode.to) == (1, "Ben", None)
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)


def test_keys_of_the_selected_message(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """E edits, Ctrl C copies, Escape goes back to the field."""
    messages.selection.select_newest()
    text = chat.view.transcript.text
    driver.press(text, "<Up>")
    driver.press(text, "<Control-c>")
    assert chat.window.root.clipboard_get() == "yes"
    driver.press(text, "e")
    mode = mode_of(chat)
    assert isinstance(mode, Editing)
    assert (mode.seq, chat.view.entry.get()) == (2, "yes")
    driver.press(text, "<Escape>")
    assert messages.selection.block is None
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)


def test_down_from_the_newest_message_goes_to_the_field(
    chat: ChatWindow, driver: WindowDriver, messages: Messages
) -> None:
    """As Up from the field goes to it."""
    messages.selection.select_newest()
    driver.press(chat.view.transcript.text, "<Down>")
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)
    assert messages.selection.block is None


def test_shift_with_arrows_selects_text(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """As in every other text."""
    text = chat.view.transcript.text
    driver.press(text, "<Shift-Up>", "<Shift-Up>")
    assert text.tag_ranges("sel")
    assert messages.selection.block is None


def test_selection_has_a_ring(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """While the transcript has the focus; a click removes it."""
    text = chat.view.transcript.text
    messages.selection.select_newest()
    driver.focus(text)
    driver.until(lambda: len(ring_of(text)) == 4)
    text.event_generate("<Button-1>", x=5, y=5)
    driver.until(lambda: not ring_of(text))


def test_no_ring_while_keys_go_elsewhere(chat: ChatWindow, driver: WindowDriver, messages: Messages) -> None:
    """Not either when the transcript is drawn again; a menu of the message leaves it."""
    text = chat.view.transcript.text
    messages.selection.select_newest()
    driver.focus(text)
    driver.until(lambda: len(ring_of(text)) == 4)
    driver.press(text, "e")  # the answer of Ben can't be edited, so the ring stays
    assert len(ring_of(text)) == 4
    messages.commands.reply(block_of(chat, 3))
    driver.until(lambda: not ring_of(text))
    chat.client.events.put(received(4, "Ben", "and you?"))
    chat.until_shown("and you?")
    assert not ring_of(text)
    assert messages.selection.block is not None


def ring_of(text: tk.Text) -> list[tk.Misc]:
    """Return the visible sides of the ring."""
    sides = [child for child in text.winfo_children() if child.winfo_class() == "Frame"]
    return [side for side in sides if side.winfo_ismapped()]


def test_menu_of_a_message(chat: ChatWindow, messages: Messages) -> None:
    """By whose it is; a deleted one has none."""
    bens = messages.menu.menu_for(block_of(chat, 1), 0, 0)
    assert labels(bens) == ["Reply", "React", "Copy", "Copy link text", "Reply privately"]
    own = messages.menu.menu_for(block_of(chat, 2), 0, 0)
    assert labels(own) == ["Reply", "React", "Copy", "Edit", "Delete…"]
    bens.invoke(3)
    assert chat.window.root.clipboard_get() == "https://mango.example/"
    bens.invoke(2)
    assert chat.window.root.clipboard_get() == "lunch at https://mango.example/"
    bens.invoke(4)
    assert mode_of(chat) == OnlyTo(Recipient("member Ben", "Ben"))


def test_answer_to_a_private_message_is_private(chat: ChatWindow, messages: Messages) -> None:
    """Whoever of the two wrote it."""
    chat.client.events.put(told(4, "Ben", "Ann", "psst"))
    chat.client.events.put(told(5, "Ann", "Ben", "yes?", own="own-8"))
    chat.until_shown("yes?")
    for seq in (4, 5):
        messages.commands.reply(block_of(chat, seq))
        mode = mode_of(chat)
        assert isinstance(mode, Answering)
        assert mode.to == Recipient("member Ben", "Ben")
        chat.view.composer.close_mode()


def test_delete_asks_once(chat: ChatWindow, messages: Messages) -> None:
    """In a menu, whose other entry keeps the message."""
    question = messages.menu.question_for(block_of(chat, 2))
    assert labels(question) == ["Delete for everybody", "Keep it"]
    question.invoke(1)
    assert chat.client.requests == []
    question.invoke(0)
    assert [type(request) for request in chat.client.requests] == [Delete]


def test_react_by_menu(chat: ChatWindow, messages: Messages) -> None:
    """The first entry is what we used last."""
    messages.menu.reactions_for(block_of(chat, 3), 0, 0).invoke(1)
    (request,) = chat.client.requests
    assert reaction_in(request) == (3, "❤️", True)
    messages.menu.reactions_for(block_of(chat, 3), 0, 0).invoke(0)
    assert reaction_in(chat.client.requests[-1]) == (3, "❤️", True)
    messages.menu.reactions_for(block_of(chat, 1), 0, 0).invoke(1)
    assert reaction_in(chat.client.requests[-1]) == (1, "👍", False)


def test_right_click_selects_the_message(
    chat: ChatWindow, driver: WindowDriver, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And opens its menu there; so does the menu key."""
    opened: list[int] = []
    monkeypatch.setattr(messages.menu, "open", lambda block, *_args, **_more: opened.append(block.seq))
    text = chat.view.transcript.text
    held = chat.view.transcript.held
    number = chat.view.transcript.transcript.find(2)
    assert number is not None
    line = held.window.start_line(number) + held.window.line_count(number) - 1
    box = text.bbox(f"{line}.0")
    assert box is not None
    text.event_generate("<Button-3>", x=box[0] + 2, y=box[1] + 2)
    assert opened == [2]
    assert messages.selection.block == block_of(chat, 2)
    driver.press(text, "<Shift-F10>")
    assert opened == [2, 2]


def test_only_what_is_possible_is_sent(chat: ChatWindow, messages: Messages) -> None:
    """Whichever way it was asked for."""
    messages.commands.delete(block_of(chat, 1))
    messages.commands.edit(block_of(chat, 1))
    assert chat.client.requests == []
    assert mode_of(chat) == PUBLIC


def test_answer_to_the_newest_message_of_somebody_else(chat: ChatWindow, messages: Messages) -> None:
    """What R does directly after Up."""
    chat.client.events.put(received(4, "Ann", "fine", own="own-7"))
    chat.until_shown("fine")
    assert messages.commands.answer_newest()
    mode = mode_of(chat)
    assert isinstance(mode, Answering)
    assert mode.seq == 3
