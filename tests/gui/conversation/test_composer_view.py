"""The field for a message in a real window, and what is seen outside of it."""

from __future__ import annotations

import pytest

from messango.client.events import MemberJoined
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, heard
from tests.gui.sessions import Stay

pytestmark = pytest.mark.window


@pytest.fixture
def stay(desk: Desk, fakes: FakeServices) -> Stay:
    """A stay in a room with Ben."""
    return Stay(desk, fakes)


def test_what_was_sent_is_fetched_again(stay: Stay) -> None:
    """Up in an empty field, Down back; what is being written is left alone."""
    for text in ("one", "two"):
        stay.write(text, "<Return>")
    stay.press("<Up>")
    assert stay.view.entry.get() == "two"
    stay.press("<Up>", "<Up>")
    assert stay.view.entry.get() == "one"
    stay.press("<Down>", "<Down>")
    assert stay.view.entry.get() == ""
    stay.write("new")
    stay.press("<Up>")
    assert stay.view.entry.get() == "new"


def test_tab_completes_names_and_commands(stay: Stay, desk: Desk) -> None:
    """One after the other where several fit; with nothing to complete it goes on to the next control."""
    stay.client.events.put(MemberJoined("Benjamin"))
    desk.until(lambda: "Benjamin" in stay.view.members.names())
    stay.write("be", "<Tab>")
    assert stay.view.entry.get() == "Ben: "
    assert stay.view.note() == "Ben · Benjamin"
    stay.press("<Tab>")
    assert stay.view.entry.get() == "Benjamin: "
    stay.view.entry.set("")
    stay.write("/na", "<Tab>")
    assert stay.view.entry.get() == "/name "
    stay.view.entry.set("")
    stay.press("<Tab>")
    desk.until(lambda: stay.window.root.focus_get() != stay.view.entry.text)


def test_commands_are_the_same_as_in_the_terminal(stay: Stay) -> None:
    """Each does what it says; what is no command stays in the field with the reason."""
    stay.write("/name Anna", "<Return>")
    assert "rename Anna" in stay.client.calls
    stay.write("/who", "<Return>")
    stay.until_read("In the room: Ann (you), Ben")
    stay.write("/help", "<Return>")
    stay.until_read("/name NEW: change your name")
    stay.write("/me waves", "<Return>")
    assert stay.client.said == ["/me waves"]
    stay.until_read("Ann waves")
    stay.write("/nmae x", "<Return>")
    assert stay.view.entry.get() == "/nmae x"
    assert "There is no command /nmae." in stay.view.note()


def test_a_command_is_not_told_as_typing(stay: Stay) -> None:
    """The others would wait for words that never come."""
    stay.write("/who")
    assert "typing" not in stay.client.calls


def test_a_paste_of_many_lines_is_one_message(stay: Stay) -> None:
    """In place of what is selected; nothing is sent by it."""
    root, text = stay.window.root, stay.view.entry.text
    root.clipboard_clear()
    root.clipboard_append("one\r\ntwo\n\x1b[31mthree\u202e")
    stay.write("gone")
    text.tag_add("sel", "1.0", "end-1c")
    text.event_generate("<<Paste>>")
    assert stay.client.said == []
    stay.press("<Return>")
    assert stay.client.said == ["one\ntwo\n[31mthree"]


def test_far_too_much_is_not_pasted(stay: Stay) -> None:
    """The field says so, and keeps what is in it."""
    root = stay.window.root
    root.clipboard_clear()
    root.clipboard_append("x" * (11 * MAX_TEXT_CHARACTERS))
    stay.write("kept")
    stay.view.entry.text.event_generate("<<Paste>>")
    assert stay.view.entry.get() == "kept"
    assert "too many to paste" in stay.view.note()


def test_room_is_counted_near_its_end_alone(stay: Stay, desk: Desk) -> None:
    """How much is left, and how much is too much."""
    stay.write("hello")
    assert stay.view.writing.counted() == ""
    stay.view.entry.set("x" * (MAX_TEXT_CHARACTERS - 10))
    desk.until(lambda: stay.view.writing.counted() == "10 characters left")
    stay.view.entry.set("x" * (MAX_TEXT_CHARACTERS + 5))
    desk.until(lambda: stay.view.writing.counted() == "5 characters too many")


def test_a_member_is_mentioned_by_a_click_or_a_key(stay: Stay, desk: Desk) -> None:
    """The field has the keyboard again, and what was written stays."""
    row = stay.view.members.row("Ben")
    desk.press(row, "<Return>")
    assert stay.view.entry.get() == "Ben: "
    stay.write("and")
    row.event_generate("<Button-1>")
    assert stay.view.entry.get() == "Ben: and Ben "
    desk.until(lambda: stay.window.root.focus_get() == stay.view.entry.text)


def test_who_may_remove_members_is_offered_it(stay: Stay) -> None:
    """In the menu of the others, not in one's own."""
    removed: list[str] = []
    members = stay.view.members
    assert members.menu_for(members.row("Ben").member).index("end") == 0
    stay.view.remove_member = removed.append
    menu = members.menu_for(members.row("Ben").member)
    assert menu.entrycget(1, "label") == "Remove from the room"
    menu.invoke(1)
    assert removed == ["Ben"]
    assert members.menu_for(members.row("Ann").member).index("end") is None


def test_words_are_found(stay: Stay, desk: Desk) -> None:
    """Ctrl+F, words, Enter upwards, Escape back to the field; a match out of sight is fetched."""
    for seq in range(1_500):
        stay.client.events.put(heard(seq, "Ben", "mango 🥭" if seq in (3, 1_400) else f"line {seq}"))
    stay.until_read("line 1499")
    stay.press("<Control-f>")
    bar = stay.view.search_bar
    desk.until(lambda: stay.window.root.focus_get() == bar.entry)
    bar.entry.insert(0, "Mango")
    desk.until(lambda: bar.told() == "2 of 2")
    desk.press(bar.entry, "<Return>")
    desk.until(lambda: bar.told() == "1 of 2")
    text = stay.view.transcript.text
    desk.until(lambda: bool(text.tag_ranges("current-match")))
    first, last, *_ = text.tag_ranges("current-match")
    assert text.get(first, last) == "mango"
    assert text.bbox(str(first)) is not None
    desk.press(bar.entry, "<Escape>")
    assert not text.tag_ranges("current-match")
    desk.until(lambda: stay.window.root.focus_get() == stay.view.entry.text)


def test_what_nobody_has_seen_is_counted_in_the_title(stay: Stay, desk: Desk) -> None:
    """While another window has the keyboard; a look ends it."""
    other = desk.root()
    desk.focus(other)
    desk.until(lambda: not stay.view._conversation.attention.seen)
    for seq in (1, 2):
        stay.client.events.put(heard(seq, "Ben", "Ann?"))
    desk.until(lambda: stay.window.root.title() == "(2) Office – Messango")
    desk.focus(stay.view.entry.text)
    desk.until(lambda: stay.window.root.title() == "Office – Messango")


def test_a_picture_on_a_button_is_put_in_words(stay: Stay, desk: Desk) -> None:
    """Below the field, while the pointer is on it; pressed, it does the same as its keys."""
    button = stay.view.find_button
    button.event_generate("<Enter>")
    assert stay.view.note() == "Find words in the conversation · Ctrl F"
    button.event_generate("<Leave>")
    assert stay.view.note() == ""
    button.invoke()
    desk.until(lambda: stay.window.root.focus_get() == stay.view.search_bar.entry)


def test_the_search_fits_a_narrow_window(stay: Stay, desk: Desk) -> None:
    """The field and all buttons are there, also where the window is as small as it gets."""
    stay.press("<Control-f>")
    bar = stay.view.search_bar
    for width in (360, 960, 360):
        stay.window.root.geometry(f"{width}x480")
        desk.until(lambda width=width: abs(bar.winfo_width() - width) < width // 5)  # type: ignore[misc]
        stay.window.root.update()
        shown = [child for child in bar.winfo_children() if child.winfo_ismapped()]
        assert all(child.winfo_x() + child.winfo_width() <= bar.winfo_width() for child in shown)
        assert bar.entry.winfo_width() > width // 4


def test_control_a_selects_all(stay: Stay) -> None:
    """As in other programs, in the field for messages and in those of one line."""
    stay.write("one two")
    stay.press("<Control-a>")
    assert stay.view.entry.text.get("sel.first", "sel.last").rstrip("\n") == "one two"
    stay.press("<Control-f>")
    entry = stay.view.search_bar.entry
    entry.insert(0, "mango")
    entry.selection_clear()
    entry.event_generate("<Control-a>")
    assert (entry.index("sel.first"), entry.index("sel.last")) == (0, 5)
