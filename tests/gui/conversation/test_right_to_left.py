"""Text from right to left in a real window on X11, where Tk can't draw it."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.client.events import MemberJoined, MemberTyping
from messango.gui.conversation.transcript.text_tags import CURRENT_MATCH
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.model.conversation.banner import Banner, BannerSeverity
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.visual_text import visual_text
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

LONG = "אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר " * 8


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch) -> ChatWindow:
    """A session in a room with Ben, drawn as on X11 on every system."""
    monkeypatch.setattr(
        "messango.gui.pages.context.text_sanitizer_for",
        lambda _root: TextSanitizer(astral=True, reorders=True),
    )
    return ChatWindow(driver, fakes)


def say(chat: ChatWindow, seq: int, text: str, drawn: str, name: str = "Ben") -> TranscriptView:
    """Let somebody say a text, and wait until it is drawn."""
    chat.client.events.put(received(seq, name, text))
    chat.until_shown(drawn)
    return chat.view.transcript


def lines_of(text: tk.Text) -> list[str]:
    """Return the lines that contain Hebrew, without what is beside them."""
    return [line for line in text.get("1.0", "end-1c").split("\n") if "א" in line or "ש" in line]


def is_consistent(view: TranscriptView) -> bool:
    """Return whether the widget has exactly the lines that were counted."""
    held = int(view.text.index("end-1c").split(".")[0]) - 1
    return held == view.held.window.total_lines + sum(view.held.pending_lines)


def test_lines_are_broken_anew_when_the_window_changes(chat: ChatWindow, driver: WindowDriver) -> None:
    """The text begins in the first line, no line is too wide, and copying gives the text as it was sent."""
    view = say(chat, 1, LONG.strip(), "תחא")
    wide = lines_of(view.text)
    root = chat.window.root
    root.geometry("420x700")
    driver.until(lambda: root.winfo_width() == 420)
    driver.until(lambda: len(lines_of(view.text)) > len(wide))
    narrow = lines_of(view.text)
    assert narrow[0].endswith("תחא")
    assert is_consistent(view)
    root.update()
    for number in range(1, view.held.window.total_lines + 1):
        box = view.text.dlineinfo(f"{number}.0")
        assert box is None or box[0] + box[2] <= view.text.winfo_width()
    root.geometry("960x720")
    driver.until(lambda: lines_of(view.text) == wide)
    chat.window._context.appearance.zoom(3)
    driver.until(lambda: len(lines_of(view.text)) > len(wide))
    assert is_consistent(view)
    view.text.tag_add("sel", "1.0", "end")
    assert chat.view.bindings.selected_text() == LONG.strip()


def test_a_line_from_right_to_left_ends_at_the_right(chat: ChatWindow) -> None:
    """And one from left to right begins at the left."""
    view = say(chat, 1, "שלום\nhello שלום", "hello םולש")
    chat.window.root.update()
    boxes = [view.text.bbox(view.text.search(word, "1.0")) for word in ("םולש", "hello")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0][0] > boxes[1][0] + 200


def test_links_and_search_lead_to_the_right_place(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices
) -> None:
    """A link that is broken into two lines opens as a whole; what is found is marked where it is drawn."""
    link = "https://example.org/" + "a" * 150
    view = say(chat, 1, f"קרא את {link} מהר", "https://example")
    index = view.text.search("aaaa", "end", backwards=True)
    assert index.split(".")[0] != view.text.search("https", "1.0").split(".")[0]
    chat.view.bindings.activate(index)
    driver.until(lambda: fakes.opened_links == [link])
    chat.view.open_search()
    chat.view.search_bar.entry.insert(0, "מהר")
    driver.until(lambda: bool(view.text.tag_ranges(CURRENT_MATCH)))
    assert view.text.get(*map(str, view.text.tag_ranges(CURRENT_MATCH))) == "רהמ"


def test_a_part_is_copied_as_it_was_sent(chat: ChatWindow) -> None:
    """Also own messages on their way, and together with messages from left to right."""
    view = say(chat, 1, "السلام عليكم", "ﻢﻜﻴﻠﻋ")
    begin = view.text.search("ﻢﻜﻴﻠﻋ", "1.0")
    view.text.tag_add("sel", begin, f"{begin} + 5 chars")
    assert chat.view.bindings.selected_text() == "عليكم"
    chat.type_text("שלי לא", "<Return>")
    chat.until_shown("ילש")
    begin = view.text.search("ילש", "1.0")
    view.text.tag_remove("sel", "1.0", "end")
    view.text.tag_add("sel", begin, f"{begin} + 3 chars")
    assert chat.view.bindings.selected_text() == "שלי"
    say(chat, 2, "hello", "hello")
    view.text.tag_add("sel", "1.0", "end")
    copied = chat.view.bindings.selected_text().splitlines()
    assert [line.split(": ")[1] for line in copied] == ["السلام عليكم", "hello", "שלי לא"]


def test_names_are_ordered_everywhere(chat: ChatWindow, driver: WindowDriver) -> None:
    """In the list, above messages and while they type."""
    chat.client.events.put(MemberJoined("דנה (QA)"))
    say(chat, 1, "hi", "(QA) הנד", name="דנה (QA)")
    driver.until(lambda: "דנה (QA)" in chat.view.members.names())
    row = chat.view.members.member_view("דנה (QA)")
    assert "(QA) הנד" in [str(child.cget("text")) for child in row.winfo_children()]
    chat.client.events.put(MemberTyping("דנה (QA)"))
    driver.until(lambda: chat.view.status_text() == "“הנד (QA)” is typing…")


def test_folded_texts_unfold_at_what_was_found(chat: ChatWindow, driver: WindowDriver) -> None:
    """However long they are, the word is in sight."""
    text = "\n".join(f"line {number}" for number in range(400)) + "\nneedle here\n" + "\n".join("tail" * 200)
    view = say(chat, 1, text, "line 0")
    chat.view.open_search()
    chat.view.search_bar.entry.insert(0, "needle")
    driver.until(lambda: bool(view.text.tag_ranges(CURRENT_MATCH)))
    driver.until(lambda: view.text.bbox(str(view.text.tag_ranges(CURRENT_MATCH)[0])) is not None)
    assert chat.view.search_bar.status_text() == "1 of 1"


def test_a_name_in_a_banner_reads_down(chat: ChatWindow) -> None:
    """The lines of a sentence with a long name begin at the top, at every width."""
    name = "אחת שתיים שלוש ארבע חמש שש שבע"
    banner = chat.view.banner
    banner.show(Banner(BannerSeverity.DANGER, f"The host removed you from “{name}”.", "", ()))
    banner._arrange(2_000)
    assert banner.visible_text().strip() == visual_text(f"The host removed you from “{name}”.", 0)
    banner._arrange(360)
    first, *_, last = banner.visible_text().strip().split("\n")
    assert first.startswith("The host removed you from “")
    assert first.endswith("תחא")
    assert last.startswith("עבש")
    assert last.endswith("”.")


def test_a_warning_about_a_name_is_in_visual_order(chat: ChatWindow, driver: WindowDriver) -> None:
    """In the list of members."""
    chat.client.events.put(MemberJoined("Dan", resembles="דן"))
    driver.until(lambda: len(chat.view.members.names()) == 3)
    warning = chat.view.members.member_view("Dan")._warning_label
    driver.until(lambda: str(warning.cget("text")) == "looks like “ןד”")
