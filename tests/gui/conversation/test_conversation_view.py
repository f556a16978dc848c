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
from messango.gui.model.banner import BannerAction
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A stay in a room with Ben."""
    return ChatWindow(driver, fakes)


def test_messages_are_shown_under_their_senders(chat: ChatWindow) -> None:
    """Name and time, then what was said, line by line."""
    chat.client.events.put(received(1, "Ben", "one\ntwo"))
    chat.client.events.put(received(2, "Ben", "three"))
    chat.until_shown("three")
    lines = [line for line in chat.transcript().splitlines() if line]
    assert lines[0].startswith("Ben   ")
    assert lines[1:] == ["one", "two", "three"]


def test_enter_sends_and_the_receipt_is_shown(chat: ChatWindow) -> None:
    """What was written waits in the transcript until the room has it, then bears a tick."""
    chat.type_text("hello", "<Return>")
    assert chat.client.sent == ["hello"]
    assert chat.view.entry.get() == ""
    assert "hello   sending…" in chat.transcript()
    chat.client.events.put(received(1, "Ann", "hello", own="own-1"))
    chat.until_shown("hello   ✓")
    assert "sending" not in chat.transcript()


def test_shift_enter_begins_a_line(chat: ChatWindow) -> None:
    """A message may have several lines, and is one message."""
    chat.type_text("one", "<Shift-Return>")
    chat.type_text("two", "<Return>")
    assert chat.client.sent == ["one\ntwo"]


def test_nothing_is_sent_of_nothing(chat: ChatWindow) -> None:
    """Blanks alone are no message."""
    chat.type_text("  ", "<Return>")
    chat.view.send_button.invoke()
    assert chat.client.sent == []


def test_a_text_that_is_too_long_stays(chat: ChatWindow) -> None:
    """The reason stands below the field, and nothing that was written is lost."""
    chat.type_text("x" * 8_001, "<Return>")
    assert chat.client.sent == []
    assert len(chat.view.entry.get()) == 8_001
    assert "too long" in chat.view.status_text()
    chat.view.refresh()
    assert "too long" in chat.view.status_text()
    chat.press("<BackSpace>")
    chat.press("<Return>")
    assert len(chat.client.sent) == 1


def test_a_message_that_failed_says_so(chat: ChatWindow) -> None:
    """The reason stands below the message."""
    chat.type_text("hello", "<Return>")
    chat.client.events.put(MessageFailed("own-1", "hello", "The room did not take it.", "Try again."))
    chat.until_shown("Not sent. The room did not take it. Try again.")


def test_writing_is_told(chat: ChatWindow, driver: WindowDriver) -> None:
    """The client hears of keys that leave something in the field."""
    chat.type_text("h")
    driver.until(lambda: "typing" in chat.client.calls)


def test_the_field_grows_and_shrinks(chat: ChatWindow, driver: WindowDriver) -> None:
    """It is as high as its text, six lines at most."""
    field = chat.view.entry.text
    chat.type_text("1\n2\n3")
    driver.until(lambda: int(field.cget("height")) == 3)
    chat.type_text("\n".join("456789"))
    driver.until(lambda: int(field.cget("height")) == 6)
    chat.press("<Return>")
    driver.until(lambda: int(field.cget("height")) == 1)


def test_members_and_who_is_typing_are_shown(chat: ChatWindow, driver: WindowDriver) -> None:
    """The list beside the conversation follows it."""
    assert chat.view.members.names() == ["Ann", "Ben"]
    chat.client.events.put(MemberJoined("Chiara"))
    chat.client.events.put(MemberTyping("Ben"))
    driver.until(lambda: chat.view.members.names() == ["Ann", "Ben", "Chiara"])
    driver.until(lambda: chat.view.status_text() == "Ben is typing…")


def test_a_reader_who_has_scrolled_up_stays_there(chat: ChatWindow, driver: WindowDriver) -> None:
    """New messages do not move the view; an own one brings it to the end."""
    text = chat.view.transcript.text
    for seq in range(200):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.until_shown("line 199")
    driver.until(lambda: text.yview()[1] == 1.0)
    text.yview_moveto(0.2)
    text.event_generate("<<MessangoScrolled>>")
    top = text.get("@0,0 linestart", "@0,0 lineend")
    chat.client.events.put(received(200, "Ben", "line 200"))
    chat.until_shown("line 200")
    assert text.get("@0,0 linestart", "@0,0 lineend") == top
    chat.type_text("mine", "<Return>")
    driver.until(lambda: text.yview()[1] == 1.0)


def test_the_transcript_can_be_copied_but_not_changed(chat: ChatWindow, driver: WindowDriver) -> None:
    """A selection reaches the clipboard; keys change nothing."""
    chat.client.events.put(received(1, "Ben", "take this"))
    chat.until_shown("take this")
    text = chat.view.transcript.text
    start = text.search("take", "1.0")
    text.tag_add("sel", start, f"{start} lineend")
    text.event_generate("<<Copy>>")
    assert chat.window.root.clipboard_get() == "take this"
    before = chat.transcript()
    driver.press(text, "<Key-x>")
    chat.window.root.update()
    assert chat.transcript() == before


def test_a_broken_connection_is_told_and_writing_goes_on(chat: ChatWindow, driver: WindowDriver) -> None:
    """The banner offers to try now; what is written meanwhile is handed over."""
    chat.client.events.put(Disconnected(ConnectionLost("The room has fallen silent."), 60))
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    assert "The room has fallen silent. Reconnecting in" in chat.view.banner.visible_text()
    chat.view.banner.button(BannerAction.RETRY_NOW).invoke()
    assert "retry_now" in chat.client.calls
    chat.type_text("still here", "<Return>")
    assert chat.client.sent == ["still here"]
    chat.client.events.put(joined("Ben", "Ann", back=True))
    driver.until(lambda: not chat.view.banner.winfo_ismapped())


def test_the_end_is_told_and_what_was_written_stays(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices
) -> None:
    """The reason, the hint and the way back; trying again takes what was written along."""
    chat.type_text("half a thou")
    chat.client.events.put(
        SessionEnded(EndReason.CLOSED, JoinRefused("closing", "The host has closed the room.", "Ask them."))
    )
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    assert chat.view.banner.visible_text() == "The host has closed the room. Ask them."
    chat.press("<Return>")
    assert chat.client.sent == []
    assert chat.view.entry.get() == "half a thou"
    chat.view.banner.button(BannerAction.TRY_AGAIN).invoke()
    assert len(fakes.clients) == 2
    assert chat.view.entry.get() == "half a thou"
    chat.view.header.leave_button.invoke()
    assert chat.window.conversation_view is None
    assert chat.window.rooms_view.winfo_manager()


def test_leaving_says_goodbye_and_shows_the_rooms(chat: ChatWindow, driver: WindowDriver) -> None:
    """The client is asked to leave, and the list is back."""
    chat.view.header.leave_button.invoke()
    assert chat.client.calls[-1] == "leave"
    driver.until(lambda: bool(chat.window.rooms_view.winfo_ismapped()))
    assert chat.window.root.title() == "Messango"


def test_a_narrow_window_belongs_to_the_conversation(chat: ChatWindow, driver: WindowDriver) -> None:
    """The members give way where there is no room for both, and come back."""
    chat.window.root.geometry("400x560")
    driver.until(lambda: not chat.view.members.winfo_ismapped())
    chat.window.root.geometry("960x680")
    driver.until(lambda: bool(chat.view.members.winfo_ismapped()))


def test_a_burst_is_shown_whole_and_bounded(chat: ChatWindow) -> None:
    """Ten thousand messages at once leave the last 5,000 lines."""
    for seq in range(10_000):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.until_shown("line 9999")
    assert int(chat.view.transcript.text.index("end-1c").split(".")[0]) <= 5_001


def test_hostile_text_is_only_text(chat: ChatWindow) -> None:
    """Controls, overrides, Tcl, endless words and stacks of emoji neither fail nor forge a line."""
    hostile = "\x1b[2J\u202egnorw [exit] {\\} $x " + "w" * 3_000 + "👩‍👩‍👧‍👦" * 50
    chat.client.events.put(received(1, "Eve\u202e", hostile))
    chat.client.events.put(MemberJoined("[exit]\nBen   12:00\nI agree"))
    chat.until_shown("[exit] Ben 12:00 I agree joined")
    assert "\u202e" not in chat.transcript()
    assert "\x1b" not in chat.transcript()


def test_a_fault_in_a_callback_is_admitted(chat: ChatWindow, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback and told in the window, which goes on."""

    def fail() -> None:
        raise ZeroDivisionError("a fault of the test")

    with caplog.at_level(logging.ERROR):
        tk.Button(chat.window.root, command=fail)
        chat.window.root.after(0, fail)
        chat.window.root.update()
    assert "a fault of the test" in caplog.text
    assert "ZeroDivisionError" in chat.window.error_text()
