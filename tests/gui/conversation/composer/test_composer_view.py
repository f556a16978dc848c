"""The message field in a real window, and what is beside it."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.client.events import MemberJoined
from messango.gui.model.conversation.roster import MemberRow
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


def menu_labels(menu: tk.Menu) -> list[str]:
    """Return the labels of a menu."""
    last = menu.index("end")
    rows = range(0 if last is None else last + 1)
    return [str(menu.entrycget(row, "label")) for row in rows if menu.type(row) == "command"]


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def test_up_and_down_recall_messages(chat: ChatWindow) -> None:
    """Ctrl Up in an empty field, Ctrl Down to go back; a draft is never replaced."""
    for text in ("one", "two"):
        chat.type_text(text, "<Return>")
    chat.press("<Control-Up>")
    assert chat.view.entry.get() == "two"
    chat.press("<Control-Up>", "<Control-Up>")
    assert chat.view.entry.get() == "one"
    chat.press("<Control-Down>", "<Control-Down>")
    assert chat.view.entry.get() == ""
    chat.type_text("new")
    chat.press("<Control-Up>")
    assert chat.view.entry.get() == "new"


def test_tab_completes_names_and_commands(chat: ChatWindow, driver: WindowDriver) -> None:
    """In turn, if several match; without a match, Tab goes to the next control."""
    chat.client.events.put(MemberJoined("Benjamin"))
    driver.until(lambda: "Benjamin" in chat.view.members.names())
    chat.type_text("be", "<Tab>")
    assert chat.view.entry.get() == "Ben: "
    assert chat.view.status_text() == "Ben · Benjamin"
    chat.press("<Tab>")
    assert chat.view.entry.get() == "Benjamin: "
    chat.view.entry.set("")
    chat.type_text("/na", "<Tab>")
    assert chat.view.entry.get() == "/name "
    chat.view.entry.set("")
    chat.press("<Tab>")
    driver.until(lambda: chat.window.root.focus_get() != chat.view.entry.text)


def test_commands_work_as_in_the_terminal(chat: ChatWindow) -> None:
    """An unknown command stays in the field, with the reason."""
    chat.type_text("/name Anna", "<Return>")
    assert "rename Anna" in chat.client.calls
    chat.type_text("/who", "<Return>")
    chat.until_shown("In the room: Ann (you), Ben")
    chat.type_text("/help", "<Return>")
    chat.until_shown("/name NEW: change your name")
    chat.type_text("/me waves", "<Return>")
    assert chat.client.sent == ["/me waves"]
    chat.until_shown("Ann waves")
    chat.type_text("/nmae x", "<Return>")
    assert chat.view.entry.get() == "/nmae x"
    assert "There is no command /nmae." in chat.view.status_text()


def test_command_is_not_sent_as_typing(chat: ChatWindow) -> None:
    """The others would wait for a message in vain."""
    chat.type_text("/who")
    assert "typing" not in chat.client.calls


def test_pasted_lines_are_one_message(chat: ChatWindow) -> None:
    """In place of the selection; pasting sends nothing."""
    root, text = chat.window.root, chat.view.entry.text
    root.clipboard_clear()
    root.clipboard_append("one\r\ntwo\n\x1b[31mthree\u202e")
    chat.type_text("gone")
    text.tag_add("sel", "1.0", "end-1c")
    text.event_generate("<<Paste>>")
    assert chat.client.sent == []
    chat.press("<Return>")
    assert chat.client.sent == ["one\ntwo\nthree"]


def test_far_too_long_text_is_not_pasted(chat: ChatWindow) -> None:
    """The reason is shown, and the draft stays."""
    root = chat.window.root
    root.clipboard_clear()
    root.clipboard_append("x" * (11 * MAX_TEXT_CHARACTERS))
    chat.type_text("kept")
    chat.view.entry.text.event_generate("<<Paste>>")
    assert chat.view.entry.get() == "kept"
    assert "too many for a message" in chat.view.status_text()


def test_counter_is_shown_near_the_limit(chat: ChatWindow, driver: WindowDriver) -> None:
    """How many characters are left or too many."""
    chat.type_text("hello")
    assert chat.view.composer.counter_text() == ""
    chat.view.entry.set("x" * (MAX_TEXT_CHARACTERS - 10))
    driver.until(lambda: chat.view.composer.counter_text() == "10 characters left")
    chat.view.entry.set("x" * (MAX_TEXT_CHARACTERS + 5))
    driver.until(lambda: chat.view.composer.counter_text() == "5 characters too many")


def test_shift_mentions_a_member(chat: ChatWindow, driver: WindowDriver) -> None:
    """With a click or Enter; the field has the focus again, and the draft stays."""
    row = chat.view.members.member_view("Ben")
    driver.press(row, "<Shift-Return>")
    assert chat.view.entry.get() == "Ben: "
    chat.type_text("and")
    row.event_generate("<Shift-Button-1>")
    assert chat.view.entry.get() == "Ben: and Ben "
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)


def test_host_can_remove_members_by_the_menu(chat: ChatWindow) -> None:
    """The others, not themselves."""
    removed: list[MemberRow] = []
    members = chat.view.members
    assert menu_labels(members.menu_for(members.member_view("Ben").member)) == [
        "Message privately",
        "Mention",
        "Ignore",
    ]
    chat.view.remove_member = removed.append
    menu = members.menu_for(members.member_view("Ben").member)
    assert menu_labels(menu)[-1] == "Remove from room"
    menu.invoke("Remove from room")
    assert [row.name for row in removed] == ["Ben"]
    assert members.menu_for(members.member_view("Ann").member).index("end") is None


def test_search_finds_messages(chat: ChatWindow, driver: WindowDriver) -> None:
    """Enter goes up, Escape goes back to the field; matches out of sight are fetched."""
    for seq in range(1_500):
        chat.client.events.put(received(seq, "Ben", "mango 🥭" if seq in (3, 1_400) else f"line {seq}"))
    chat.until_shown("line 1499")
    chat.press("<Control-f>")
    bar = chat.view.search_bar
    driver.until(lambda: chat.window.root.focus_get() == bar.entry)
    bar.entry.insert(0, "Mango")
    driver.until(lambda: bar.status_text() == "2 of 2")
    driver.press(bar.entry, "<Return>")
    driver.until(lambda: bar.status_text() == "1 of 2")
    text = chat.view.transcript.text
    driver.until(lambda: bool(text.tag_ranges("current-match")))
    first, last, *_ = text.tag_ranges("current-match")
    assert text.get(first, last) == "mango"
    assert text.bbox(str(first)) is not None
    driver.press(bar.entry, "<Escape>")
    assert not text.tag_ranges("current-match")
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)


def test_title_counts_unseen_messages(chat: ChatWindow, driver: WindowDriver) -> None:
    """While another window has the focus."""
    other = driver.root()
    driver.focus(other)
    driver.until(lambda: not chat.view._conversation.unread.is_watching)
    for seq in (1, 2):
        chat.client.events.put(received(seq, "Ben", "Ann?" if seq == 1 else "planned"))
    driver.until(lambda: chat.window.root.title() == "(2, @1) Office – Messango")
    driver.focus(chat.view.entry.text)
    driver.until(lambda: chat.window.root.title() == "Office – Messango")


def test_search_bar_fits_a_narrow_window(chat: ChatWindow, driver: WindowDriver) -> None:
    """The field and all buttons are visible in the smallest window."""
    chat.press("<Control-f>")
    bar = chat.view.search_bar
    for width in (360, 960, 360):
        chat.window.root.geometry(f"{width}x480")
        driver.until(lambda width=width: abs(bar.winfo_width() - width) < width // 5)  # type: ignore[misc]
        chat.window.root.update()
        shown = [child for child in bar.winfo_children() if child.winfo_ismapped()]
        assert all(child.winfo_x() + child.winfo_width() <= bar.winfo_width() for child in shown)
        assert bar.entry.winfo_width() > width // 4


def test_control_a_selects_all(chat: ChatWindow) -> None:
    """In the message field and in other fields, as in other programs."""
    chat.type_text("one two")
    chat.press("<Control-a>")
    assert chat.view.entry.text.get("sel.first", "sel.last").rstrip("\n") == "one two"
    chat.press("<Control-f>")
    entry = chat.view.search_bar.entry
    entry.insert(0, "mango")
    entry.selection_clear()
    entry.event_generate("<Control-a>")
    assert (entry.index("sel.first"), entry.index("sel.last")) == (0, 5)


def test_a_draft_from_right_to_left_is_previewed(chat: ChatWindow, driver: WindowDriver) -> None:
    """Tk's field shows it reversed; it is sent as it was typed."""
    if not chat.view.transcript.held.reorders:
        pytest.skip("Tk orders text here")
    chat.type_text("שלום")
    driver.until(lambda: chat.view.status_text() == "םולש")
    chat.press("<Return>")
    assert chat.client.sent == ["שלום"]
    driver.until(lambda: chat.view.status_text() == "")
