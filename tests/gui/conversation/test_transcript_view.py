"""The transcript in a real window: what it holds, where the reader is, what can be done with it."""

from __future__ import annotations

import tkinter as tk

import pytest

from messango.client.events import MemberJoined, MessageFailed
from messango.gui.conversation.transcript_view import TranscriptView
from messango.gui.model import transcript as transcript_module
from messango.gui.model.block_window import FOLLOWED_BLOCKS, READ_BLOCKS, SLICE_BLOCKS
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, heard
from tests.gui.sessions import Stay

pytestmark = pytest.mark.window


@pytest.fixture
def stay(desk: Desk, fakes: FakeServices) -> Stay:
    """A stay in a room with Ben."""
    return Stay(desk, fakes)


def talk(stay: Stay, count: int) -> TranscriptView:
    """Let Ben say so many things, and wait until the last of them is read."""
    for seq in range(count):
        stay.client.events.put(heard(seq, "Ben", f"line {seq} of many"))
    stay.until_read(f"line {count - 1} of")
    return stay.view.transcript


def top_words(text: tk.Text) -> str:
    """Return the line at the top of what is seen."""
    index = text.index("@0,0")
    return text.get(f"{index} linestart", f"{index} lineend")


def is_consistent(view: TranscriptView) -> bool:
    """Tell whether the widget holds the lines that are counted, and no other."""
    held = int(view.text.index("end-1c").split(".")[0]) - 1
    return held == view.page.lines + sum(view.pending_lines)


def test_a_long_conversation_is_read_to_its_beginning(stay: Stay, desk: Desk) -> None:
    """Page after page is fetched, nothing jumps, and no more is held than has to be."""
    view = talk(stay, 3_000)
    assert len(view.page) <= FOLLOWED_BLOCKS + SLICE_BLOCKS
    view.text.focus_force()
    most, last = 0, 3_000

    def reached_beginning() -> bool:
        nonlocal most, last
        before = view.text.index("@0,0")
        view.turn(-1)
        most = max(most, len(view.page))
        words = top_words(view.text)
        if words.startswith("line "):
            number = int(words.split()[1])
            assert number <= last, f"the view jumped from {last} to {number} ({before})"
            last = number
        assert is_consistent(view)
        return view.page.top == 0 and view.text.yview()[0] == 0.0

    desk.until(reached_beginning)
    assert "line 0 of many" in view.text.get("1.0", "10.0")
    assert most <= READ_BLOCKS + SLICE_BLOCKS


def test_what_is_read_stays_while_others_talk(stay: Stay, desk: Desk) -> None:
    """A burst below does not move a single line above; the pill counts it and leads there."""
    view = talk(stay, 1_000)
    view.show(400)
    stay.window.root.update()
    desk.until(lambda: view.page.top < 340 and view.page.bottom > 460)
    words = top_words(view.text)
    for seq in range(1_000, 3_000):
        stay.client.events.put(heard(seq, "Ben", f"line {seq} of many"))
    desk.until(lambda: "2,000 new messages" in str(stay.view.pill.cget("text")))
    assert top_words(view.text) == words
    desk.until(lambda: bool(stay.view.pill.winfo_ismapped()))
    stay.view.pill.invoke()
    stay.until_read("line 2999 of")
    desk.until(lambda: not stay.view.pill.winfo_ismapped())
    assert view.following
    assert is_consistent(view)


def test_a_reader_at_rest_has_nothing_fetched(stay: Stay, desk: Desk) -> None:
    """Fetching has the text scrolled again, which is no reason to fetch once more."""
    view = talk(stay, 1_000)
    view.show(400)

    def rests() -> bool:
        stay.window.root.update_idletasks()
        return not view._fetching and view.page.top < 340 and view.page.bottom > 460

    desk.until(rests)


def test_the_scrollbar_leads_through_all_of_it(stay: Stay, desk: Desk) -> None:
    """Its middle is the middle of the whole conversation, not of what the widget holds."""
    view = talk(stay, 2_000)
    view._dragged("moveto", "0.5")
    desk.until(lambda: abs(view.page.block_at(int(view.text.index("@0,0").split(".")[0])) - 1_000) < 20)
    view._dragged("moveto", "1.0")
    desk.until(lambda: view.page.bottom == 2_000)


def test_what_changes_keeps_its_place(stay: Stay) -> None:
    """A folded text is opened where it stands, and the lines are counted right."""
    stay.client.events.put(heard(1, "Ben", "before"))
    stay.client.events.put(heard(2, "Ben", "\n".join(f"row {row}" for row in range(100))))
    stay.client.events.put(heard(3, "Ben", "behind"))
    stay.until_read("Show all 100 lines")
    view = stay.view.transcript
    assert "row 99" not in stay.transcript()
    stay.view.hands.follow(view.text.search("Show all", "1.0"))
    stay.until_read("row 99")
    assert is_consistent(view)
    assert stay.transcript().index("row 99") < stay.transcript().index("behind")


def test_the_newest_block_may_change_too(stay: Stay, desk: Desk) -> None:
    """The line of those who came grows, and the line where somebody left off goes, and nothing with them."""
    stay.client.events.put(heard(1, "Ben", "read"))
    stay.client.events.put(MemberJoined("Chiara"))
    stay.until_read("Chiara joined")
    stay.client.events.put(MemberJoined("Deniz"))
    stay.until_read("Chiara and Deniz joined")
    stay.view.transcript.transcript.leave_off()
    stay.client.events.put(heard(2, "Ben", "unread"))
    stay.until_read("New messages")
    stay.write("mine", "<Return>")
    desk.until(lambda: "New messages" not in stay.transcript())
    assert "unread" in stay.transcript()
    assert "mine   sending…" in stay.transcript()
    assert is_consistent(stay.view.transcript)


def test_a_message_that_failed_is_sent_again_or_forgotten(stay: Stay, desk: Desk) -> None:
    """By the words behind the reason."""
    for number in (1, 2):
        stay.write(f"mine {number}", "<Return>")
        stay.client.events.put(MessageFailed(f"own-{number}", f"mine {number}", "It was not taken.", ""))
    desk.until(lambda: stay.transcript().count("Send again") == 2)
    text = stay.view.transcript.text
    stay.view.hands.follow(text.search("Send again", "1.0"))
    assert stay.client.said == ["mine 1", "mine 2", "mine 1"]
    desk.until(lambda: "mine 1   sending…" in stay.transcript())
    stay.view.hands.follow(text.search("Discard", "1.0"))
    desk.until(lambda: "mine 2" not in stay.transcript())
    assert is_consistent(stay.view.transcript)


def test_a_link_tells_where_it_leads_and_is_opened(stay: Stay, desk: Desk, fakes: FakeServices) -> None:
    """By keyboard: Tab shows its real address, Enter opens that, in a browser."""
    stay.client.events.put(heard(1, "Ben", "see https://раураl.com/🥭 and https://example.org/a."))
    stay.until_read("see https")
    text = stay.view.transcript.text
    desk.press(text, "<Tab>")
    assert stay.view.note() == "Opens https://xn--l-7sba6dbr.com/%F0%9F%A5%AD"
    desk.press(text, "<Tab>")
    assert stay.view.note() == "Opens https://example.org/a"
    desk.press(text, "<Return>")
    desk.until(lambda: fakes.opened == ["https://example.org/a"])


def test_a_copy_bears_names_and_times(stay: Stay) -> None:
    """Where more than one message is selected; parts of messages are parts."""
    stay.client.events.put(heard(1, "Ben", "one 🥭\n`two`"))
    stay.client.events.put(heard(2, "Chiara", "/me waves"))
    stay.client.events.put(heard(3, "Ann", "three", own="x"))
    stay.until_read("three   ✓")
    text = stay.view.transcript.text
    clock = text.get(text.search("Ben", "1.0"), "end").split()[1]
    text.tag_add("sel", "1.0", "end")
    text.event_generate("<<Copy>>")
    assert stay.window.root.clipboard_get() == (
        f"[{clock}] Ben: one 🥭\n    `two`\n[{clock}] * Chiara waves\n[{clock}] Ann: three"
    )
    text.tag_remove("sel", "1.0", "end")
    text.tag_add("sel", text.search("two", "1.0"), text.search("waves", "1.0") + "+3c")
    assert stay.view.hands.copied() == f"[{clock}] Ben: two\n[{clock}] * Chiara wav"


def test_what_was_let_go_can_still_be_pointed_at(stay: Stay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the next moment its lines are on the screen: nothing happens, and a copy has what is held."""
    monkeypatch.setattr(transcript_module, "MAX_BLOCKS", 100)
    view = talk(stay, 95)
    for seq in range(95, 130):
        view.transcript.heard(heard(seq, "Ben", f"line {seq} of many"))
    assert view.page.top < view.transcript.first
    stay.view.hands.follow("2.0")
    view.text.tag_add("sel", "1.0", "end")
    copied = stay.view.hands.copied().splitlines()
    assert copied[0].endswith(f"Ben: line {view.transcript.first} of many")
    assert copied[-1].endswith("Ben: line 94 of many")


def test_hostile_texts_leave_the_layout_as_it_is(stay: Stay, desk: Desk) -> None:
    """Endless words, a thousand lines, marks that turn text round: the window keeps its size."""
    root = stay.window.root
    desk.until(lambda: bool(stay.view.members.winfo_ismapped()))
    size = (root.winfo_width(), stay.view.transcript.winfo_width(), stay.view.entry.winfo_width())
    for seq, text in enumerate(
        ("W" * 8_000, "\n" * 1_000, "\u202e\u2066x" * 2_000, "\u0300" * 500, "`" * 999)
    ):
        stay.client.events.put(heard(seq, "Eve" + "\u0300" * 20, text))
    stay.client.events.put(heard(99, "Ben", "the last"))
    stay.until_read("the last")
    root.update()
    assert size == (root.winfo_width(), stay.view.transcript.winfo_width(), stay.view.entry.winfo_width())
    assert is_consistent(stay.view.transcript)
