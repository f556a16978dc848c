"""The page with a conversation, in a real window."""

from __future__ import annotations

import logging
import tkinter as tk

import pytest

from messango.client.events import (
    Disconnected,
    EndReason,
    MemberJoined,
    MemberTyping,
    MessageFailed,
    SessionEnded,
)
from messango.errors import ConnectionLost, JoinRefused
from messango.gui.model.banner import Step
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, entered, heard
from tests.gui.sessions import Stay

pytestmark = pytest.mark.window


@pytest.fixture
def stay(desk: Desk, fakes: FakeServices) -> Stay:
    """A stay in a room with Ben."""
    return Stay(desk, fakes)


def test_messages_are_shown_under_their_senders(stay: Stay) -> None:
    """Name and time, then what was said, line by line."""
    stay.client.events.put(heard(1, "Ben", "one\ntwo"))
    stay.client.events.put(heard(2, "Ben", "three"))
    stay.until_read("three")
    lines = [line for line in stay.transcript().splitlines() if line]
    assert lines[0].startswith("Ben   ")
    assert lines[1:] == ["one", "two", "three"]


def test_enter_sends_and_the_receipt_is_shown(stay: Stay) -> None:
    """What was written waits in the transcript until the room has it, then bears a tick."""
    stay.write("hello", "<Return>")
    assert stay.client.said == ["hello"]
    assert stay.view.entry.get() == ""
    assert "hello   sending…" in stay.transcript()
    stay.client.events.put(heard(1, "Ann", "hello", own="own-1"))
    stay.until_read("hello   ✓")
    assert "sending" not in stay.transcript()


def test_shift_enter_begins_a_line(stay: Stay) -> None:
    """A message may have several lines, and is one message."""
    stay.write("one", "<Shift-Return>")
    stay.write("two", "<Return>")
    assert stay.client.said == ["one\ntwo"]


def test_nothing_is_sent_of_nothing(stay: Stay) -> None:
    """Blanks alone are no message."""
    stay.write("  ", "<Return>")
    stay.view.send_button.invoke()
    assert stay.client.said == []


def test_a_text_that_is_too_long_stays(stay: Stay) -> None:
    """The reason stands below the field, and nothing that was written is lost."""
    stay.write("x" * 8_001, "<Return>")
    assert stay.client.said == []
    assert len(stay.view.entry.get()) == 8_001
    assert "too long" in stay.view.note()
    stay.view.refresh()
    assert "too long" in stay.view.note()
    stay.press("<BackSpace>")
    stay.press("<Return>")
    assert len(stay.client.said) == 1


def test_a_message_that_failed_says_so(stay: Stay) -> None:
    """The reason stands below the message."""
    stay.write("hello", "<Return>")
    stay.client.events.put(MessageFailed("own-1", "hello", "The room did not take it.", "Try again."))
    stay.until_read("Not sent. The room did not take it. Try again.")


def test_writing_is_told(stay: Stay, desk: Desk) -> None:
    """The client hears of keys that leave something in the field."""
    stay.write("h")
    desk.until(lambda: "typing" in stay.client.calls)


def test_the_field_grows_and_shrinks(stay: Stay, desk: Desk) -> None:
    """It is as high as its text, six lines at most."""
    field = stay.view.entry.text
    stay.write("1\n2\n3")
    desk.until(lambda: int(field.cget("height")) == 3)
    stay.write("\n".join("456789"))
    desk.until(lambda: int(field.cget("height")) == 6)
    stay.press("<Return>")
    desk.until(lambda: int(field.cget("height")) == 1)


def test_members_and_who_is_typing_are_shown(stay: Stay, desk: Desk) -> None:
    """The list beside the conversation follows it."""
    assert stay.view.members.names() == ["Ann", "Ben"]
    stay.client.events.put(MemberJoined("Chiara"))
    stay.client.events.put(MemberTyping("Ben"))
    desk.until(lambda: stay.view.members.names() == ["Ann", "Ben", "Chiara"])
    desk.until(lambda: stay.view.note() == "Ben is typing…")


def test_a_reader_who_has_scrolled_up_stays_there(stay: Stay, desk: Desk) -> None:
    """New messages do not move the view; an own one brings it to the end."""
    text = stay.view.transcript.text
    for seq in range(200):
        stay.client.events.put(heard(seq, "Ben", f"line {seq}"))
    stay.until_read("line 199")
    desk.until(lambda: text.yview()[1] == 1.0)
    text.yview_moveto(0.2)
    text.event_generate("<<MessangoScrolled>>")
    top = text.get("@0,0 linestart", "@0,0 lineend")
    stay.client.events.put(heard(200, "Ben", "line 200"))
    stay.until_read("line 200")
    assert text.get("@0,0 linestart", "@0,0 lineend") == top
    stay.write("mine", "<Return>")
    desk.until(lambda: text.yview()[1] == 1.0)


def test_the_transcript_can_be_copied_but_not_changed(stay: Stay, desk: Desk) -> None:
    """A selection reaches the clipboard; keys change nothing."""
    stay.client.events.put(heard(1, "Ben", "take this"))
    stay.until_read("take this")
    text = stay.view.transcript.text
    start = text.search("take", "1.0")
    text.tag_add("sel", start, f"{start} lineend")
    text.event_generate("<<Copy>>")
    assert stay.window.root.clipboard_get() == "take this"
    before = stay.transcript()
    desk.press(text, "<Key-x>")
    stay.window.root.update()
    assert stay.transcript() == before


def test_a_broken_connection_is_told_and_writing_goes_on(stay: Stay, desk: Desk) -> None:
    """The banner offers to try now; what is written meanwhile is handed over."""
    stay.client.events.put(Disconnected(ConnectionLost("The room has fallen silent."), 60))
    desk.until(lambda: bool(stay.view.banner.winfo_ismapped()))
    assert "The room has fallen silent. Reconnecting in" in stay.view.banner.words()
    stay.view.banner.button(Step.RETRY_NOW).invoke()
    assert "retry_now" in stay.client.calls
    stay.write("still here", "<Return>")
    assert stay.client.said == ["still here"]
    stay.client.events.put(entered("Ben", "Ann", back=True))
    desk.until(lambda: not stay.view.banner.winfo_ismapped())


def test_the_end_is_told_and_what_was_written_stays(stay: Stay, desk: Desk, fakes: FakeServices) -> None:
    """The reason, the hint and the way back; trying again takes what was written along."""
    stay.write("half a thou")
    stay.client.events.put(
        SessionEnded(EndReason.CLOSED, JoinRefused("closing", "The host has closed the room.", "Ask them."))
    )
    desk.until(lambda: bool(stay.view.banner.winfo_ismapped()))
    assert stay.view.banner.words() == "The host has closed the room. Ask them."
    stay.press("<Return>")
    assert stay.client.said == []
    assert stay.view.entry.get() == "half a thou"
    stay.view.banner.button(Step.TRY_AGAIN).invoke()
    assert len(fakes.clients) == 2
    assert stay.view.entry.get() == "half a thou"
    stay.view.leave_button.invoke()
    assert stay.window.conversation_view is None
    assert stay.window.rooms_view.winfo_manager()


def test_leaving_says_goodbye_and_shows_the_rooms(stay: Stay, desk: Desk) -> None:
    """The client is asked to leave, and the list is back."""
    stay.view.leave_button.invoke()
    assert stay.client.calls[-1] == "leave"
    desk.until(lambda: bool(stay.window.rooms_view.winfo_ismapped()))
    assert stay.window.root.title() == "Messango"


def test_a_narrow_window_belongs_to_the_conversation(stay: Stay, desk: Desk) -> None:
    """The members give way where there is no room for both, and come back."""
    stay.window.root.geometry("400x560")
    desk.until(lambda: not stay.view.members.winfo_ismapped())
    stay.window.root.geometry("960x680")
    desk.until(lambda: bool(stay.view.members.winfo_ismapped()))


def test_a_burst_is_shown_whole_and_bounded(stay: Stay) -> None:
    """Ten thousand messages at once leave the last 5,000 lines."""
    for seq in range(10_000):
        stay.client.events.put(heard(seq, "Ben", f"line {seq}"))
    stay.until_read("line 9999")
    assert int(stay.view.transcript.text.index("end-1c").split(".")[0]) <= 5_001


def test_hostile_text_is_only_text(stay: Stay) -> None:
    """Controls, overrides, Tcl, endless words and stacks of emoji neither fail nor forge a line."""
    hostile = "\x1b[2J\u202egnorw [exit] {\\} $x " + "w" * 3_000 + "👩‍👩‍👧‍👦" * 50
    stay.client.events.put(heard(1, "Eve\u202e", hostile))
    stay.client.events.put(MemberJoined("[exit]\nBen   12:00\nI agree"))
    stay.until_read("[exit] Ben 12:00 I agree joined")
    assert "\u202e" not in stay.transcript()
    assert "\x1b" not in stay.transcript()


def test_a_fault_in_a_callback_is_admitted(stay: Stay, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback and told in the window, which goes on."""

    def fail() -> None:
        raise ZeroDivisionError("a fault of the test")

    with caplog.at_level(logging.ERROR):
        tk.Button(stay.window.root, command=fail)
        stay.window.root.after(0, fail)
        stay.window.root.update()
    assert "a fault of the test" in caplog.text
    assert "ZeroDivisionError" in stay.window.trouble_words()
