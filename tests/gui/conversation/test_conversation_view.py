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
from messango.errors import ConnectionLost, JoinRefused, RoomClosed, Unreachable
from messango.gui.model.conversation.banner import BannerAction
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, joined, received
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def test_messages_are_below_their_header(chat: ChatWindow) -> None:
    """Name and time, then the text."""
    chat.client.events.put(received(1, "Ben", "one\ntwo"))
    chat.client.events.put(received(2, "Ben", "three"))
    chat.until_shown("three")
    lines = [line for line in chat.transcript().splitlines() if line]
    assert lines[0].startswith("Ben   ")
    assert lines[1:] == ["one", "two", "three"]


def test_enter_sends_and_the_receipt_is_shown(chat: ChatWindow) -> None:
    """The message is pending in the transcript, then gets a tick."""
    chat.type_text("hello", "<Return>")
    assert chat.client.sent == ["hello"]
    assert chat.view.entry.get() == ""
    assert "hello   sending…" in chat.transcript()
    chat.client.events.put(received(1, "Ann", "hello", own="own-1"))
    chat.until_shown("hello   ✓")
    assert "sending" not in chat.transcript()


def test_shift_enter_begins_a_line(chat: ChatWindow) -> None:
    """Several lines are one message."""
    chat.type_text("one", "<Shift-Return>")
    chat.type_text("two", "<Return>")
    assert chat.client.sent == ["one\ntwo"]


def test_blank_text_is_not_sent(chat: ChatWindow) -> None:
    """Neither by Enter nor by the button."""
    chat.type_text("  ", "<Return>")
    chat.view.send_button.invoke()
    assert chat.client.sent == []


def test_too_long_text_stays_in_the_field(chat: ChatWindow) -> None:
    """With the reason below."""
    chat.type_text("x" * 8_001, "<Return>")
    assert chat.client.sent == []
    assert len(chat.view.entry.get()) == 8_001
    assert "too long" in chat.view.status_text()
    chat.view.refresh()
    assert "too long" in chat.view.status_text()
    chat.press("<BackSpace>")
    chat.press("<Return>")
    assert len(chat.client.sent) == 1


def test_failed_message_shows_its_reason(chat: ChatWindow) -> None:
    """Below the message."""
    chat.type_text("hello", "<Return>")
    chat.client.events.put(MessageFailed("own-1", "hello", "The room did not take it.", "Try again."))
    chat.until_shown("Not sent. The room did not take it. Try again.")


def test_typing_is_sent(chat: ChatWindow, driver: WindowDriver) -> None:
    """When a key changes the field."""
    chat.type_text("h")
    driver.until(lambda: "typing" in chat.client.calls)


def test_field_grows_and_shrinks(chat: ChatWindow, driver: WindowDriver) -> None:
    """It is as high as its text, at most six lines."""
    field = chat.view.entry.text
    chat.type_text("1\n2\n3")
    driver.until(lambda: int(field.cget("height")) == 3)
    chat.type_text("\n".join("456789"))
    driver.until(lambda: int(field.cget("height")) == 6)
    chat.press("<Return>")
    driver.until(lambda: int(field.cget("height")) == 1)


def test_members_and_typing_are_shown(chat: ChatWindow, driver: WindowDriver) -> None:
    """In the list, and below the message field."""
    assert chat.view.members.names() == ["Ann", "Ben"]
    chat.client.events.put(MemberJoined("Chiara"))
    chat.client.events.put(MemberTyping("Ben"))
    driver.until(lambda: chat.view.members.names() == ["Ann", "Ben", "Chiara"])
    driver.until(lambda: chat.view.status_text() == "Ben is typing…")


def test_new_messages_do_not_scroll_a_reader(chat: ChatWindow, driver: WindowDriver) -> None:
    """An own message scrolls to the end."""
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


def test_transcript_is_read_only(chat: ChatWindow, driver: WindowDriver) -> None:
    """Its text can be copied; keys do not change it."""
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


def test_writing_goes_on_while_reconnecting(chat: ChatWindow, driver: WindowDriver) -> None:
    """The banner offers to retry now; messages are given to the client meanwhile."""
    chat.client.events.put(Disconnected(ConnectionLost("The room stopped responding."), 60))
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    assert "The room stopped responding. Reconnecting in" in chat.view.banner.visible_text()
    chat.view.banner.button(BannerAction.RETRY_NOW).invoke()
    assert "retry_now" in chat.client.calls
    chat.type_text("still here", "<Return>")
    assert chat.client.sent == ["still here"]
    chat.client.events.put(joined("Ben", "Ann", back=True))
    driver.until(lambda: not chat.view.banner.winfo_ismapped())


def test_the_name_that_was_chosen_last_is_kept(
    chat: ChatWindow, driver: WindowDriver, fakes: FakeServices
) -> None:
    """Joining again after a kick is under the name of /name, not under the one from the list of rooms."""
    chat.type_text("/name Annie", "<Return>")
    chat.client.events.put(SessionEnded(EndReason.CLOSED, RoomClosed("kicked", "The host removed you.")))
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    chat.view.banner.button(BannerAction.REJOIN).invoke()
    assert fakes.join_calls[-1][1] == "Annie"


def test_a_long_hint_leaves_the_buttons_visible(chat: ChatWindow, driver: WindowDriver) -> None:
    """In the smallest window it scrolls; the message field keeps its place, too."""
    root, hint = chat.window.root, "Connect both computers to the same Wi-Fi or router. " * 8
    root.geometry("360x480")
    driver.until(lambda: root.winfo_width() == 360)
    chat.client.events.put(SessionEnded(EndReason.FAILED, Unreachable("No room answers there. " * 4, hint)))
    driver.until(lambda: bool(chat.view.banner.winfo_ismapped()))
    bottom = root.winfo_rooty() + 480
    for widget in (chat.view.banner.button(BannerAction.TRY_AGAIN), chat.view.send_button):
        driver.until(
            lambda widget=widget: (
                widget.winfo_ismapped()  # type: ignore[misc]
                and widget.winfo_rooty() + widget.winfo_height() <= bottom
            )
        )
    assert hint.strip() in chat.view.banner.visible_text()


def test_draft_stays_after_the_end(chat: ChatWindow, driver: WindowDriver, fakes: FakeServices) -> None:
    """The banner shows reason and hint; the draft stays after a new attempt, too."""
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


def test_leaving_shows_the_rooms(chat: ChatWindow, driver: WindowDriver) -> None:
    """And the client leaves."""
    chat.view.header.leave_button.invoke()
    assert chat.client.calls[-1] == "leave"
    driver.until(lambda: bool(chat.window.rooms_view.winfo_ismapped()))
    assert chat.window.root.title() == "Messango"


def test_narrow_window_hides_the_members(chat: ChatWindow, driver: WindowDriver) -> None:
    """They are back when the window is wide again."""
    chat.window.root.geometry("400x560")
    driver.until(lambda: not chat.view.members.winfo_ismapped())
    chat.window.root.geometry("960x680")
    driver.until(lambda: bool(chat.view.members.winfo_ismapped()))


def test_burst_leaves_a_bounded_text(chat: ChatWindow) -> None:
    """After ten thousand messages, the widget has at most 5,000 lines."""
    for seq in range(10_000):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.until_shown("line 9999")
    assert int(chat.view.transcript.text.index("end-1c").split(".")[0]) <= 5_001


def test_hostile_text_is_harmless(chat: ChatWindow) -> None:
    """Controls, overrides, Tcl, long words and emoji sequences neither fail nor forge a line."""
    hostile = "\x1b[2J\u202egnorw [exit] {\\} $x " + "w" * 3_000 + "👩‍👩‍👧‍👦" * 50
    chat.client.events.put(received(1, "Eve\u202e", hostile))
    chat.client.events.put(MemberJoined("[exit]\nBen   12:00\nI agree"))
    chat.until_shown("“[exit] Ben 12:00 I agree” joined")
    assert "\u202e" not in chat.transcript()
    assert "\x1b" not in chat.transcript()


def test_bug_in_a_callback_is_logged_and_shown(chat: ChatWindow, caplog: pytest.LogCaptureFixture) -> None:
    """The window works on."""

    def fail() -> None:
        raise ZeroDivisionError("raised by the test")

    with caplog.at_level(logging.ERROR):
        tk.Button(chat.window.root, command=fail)
        chat.window.root.after(0, fail)
        chat.window.root.update()
    assert "raised by the test" in caplog.text
    assert "ZeroDivisionError" in chat.window.error_text()
