"""Answering, writing to one member only, and editing in a real window: never to others by accident."""

from __future__ import annotations

import pytest

from messango.client.events import (
    EndReason,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessageDeleted,
    MessageFailed,
    SessionEnded,
)
from messango.protocol import error_codes
from messango.protocol.frames import Edit, Say, Tell
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices, joined, received, told
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window

WHO_CAN_READ = "Only you two and the host can read this"


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def bar(chat: ChatWindow) -> str:
    """Return what the bar above the field says; empty if there is none."""
    chat.window.root.update()
    view = chat.view.composer.bar
    return view.visible_text() if view.winfo_manager() else ""


def click_ben(chat: ChatWindow) -> None:
    """Click on Ben in the list of members."""
    chat.view.members.member_view("Ben").event_generate("<Button-1>")
    chat.window.root.update()


def test_a_click_on_a_member_writes_to_them_only(chat: ChatWindow, driver: WindowDriver) -> None:
    """Once: the bar says so before, and the next message is for all."""
    click_ben(chat)
    assert bar(chat) == f"Only to Ben\n{WHO_CAN_READ}"
    assert chat.view.send_button.cget("text") == "Send to Ben"
    driver.until(lambda: chat.window.root.focus_get() == chat.view.entry.text)
    chat.type_text("psst", "<Return>")
    assert chat.client.requests == [Tell("r1", "member Ben", "psst", None)]
    assert bar(chat) == ""
    assert chat.view.send_button.cget("text") == "Send"
    chat.type_text("hello all", "<Return>")
    assert chat.client.sent == ["hello all"]


@pytest.mark.parametrize("way", ["escape", "button"])
def test_a_private_text_does_not_stay_in_the_public_field(chat: ChatWindow, way: str) -> None:
    """It waits for its recipient; what was written for all comes back."""
    chat.type_text("for all")
    click_ben(chat)
    chat.type_text(", no, only you")
    if way == "escape":
        chat.press("<Escape>")
    else:
        chat.view.composer.bar.close_button.invoke()
    assert (bar(chat), chat.view.entry.get()) == ("", "for all")
    assert "kept" in chat.view.status_text()
    click_ben(chat)
    assert chat.view.entry.get() == "for all, no, only you"


def test_escape_twice_goes_to_the_newest_message(chat: ChatWindow) -> None:
    """The first one ends the mode."""
    click_ben(chat)
    chat.press("<Escape>")
    assert bar(chat) == ""
    chat.press("<Escape>")
    assert chat.view.transcript.following


def test_an_answer_says_whom_and_what(chat: ChatWindow) -> None:
    """And quotes it."""
    chat.client.events.put(received(3, "Ben", "Are you\ncoming?"))
    chat.until_shown("coming")
    chat.view.composer.answer(3, "Ben", "Are you\ncoming?")
    assert bar(chat) == "Answering Ben\nAre you coming?"
    chat.type_text("yes", "<Return>")
    assert chat.client.requests == [Say("own-1", "yes", 3)]
    assert bar(chat) == ""


def test_an_answer_to_a_private_message_is_private(chat: ChatWindow) -> None:
    """And shown as such."""
    message = told(3, "Ben", "Ann", "psst")
    chat.client.events.put(message)
    chat.view.composer.answer_message(message)
    assert bar(chat) == f"Only to Ben, answering\npsst\n{WHO_CAN_READ}"
    chat.type_text("what?", "<Return>")
    assert chat.client.requests == [Tell("r1", "member Ben", "what?", 3)]
    chat.view.composer.answer_message(told(4, "Ann", "Ben", "mine", own="r1"))
    assert bar(chat).startswith("Only to Ben, answering")


@pytest.mark.parametrize("reason", [error_codes.LEFT, error_codes.KICKED])
def test_nothing_goes_to_all_when_the_recipient_is_gone(
    chat: ChatWindow, driver: WindowDriver, reason: str
) -> None:
    """The text stays in the field, with the reason, until the mode is closed."""
    click_ben(chat)
    chat.type_text("psst")
    chat.client.events.put(MemberLeft("Ben", reason, "member Ben"))
    driver.until(lambda: "not in the room any more" in bar(chat))
    chat.press("<Return>")
    assert chat.client.requests == []
    assert chat.client.sent == []
    assert chat.view.entry.get() == "psst"
    assert "can't be sent" in chat.view.status_text()
    chat.press("<Escape>")
    assert (bar(chat), chat.view.entry.get()) == ("", "")
    # Somebody else may have that name now.
    chat.client.events.put(MemberJoined("Ben", member="another"))
    driver.until(lambda: "Ben" in chat.view.members.names())
    click_ben(chat)
    assert chat.view.entry.get() == ""


def test_who_is_away_gets_it_later(chat: ChatWindow, driver: WindowDriver) -> None:
    """The bar says so before, and a quiet line afterwards; who lost the connection can be clicked too."""
    click_ben(chat)
    chat.client.events.put(MemberLeft("Ben", error_codes.CONNECTION_BROKE, "member Ben"))
    driver.until(lambda: "Ben is away and will get it when they are back" in bar(chat))
    chat.press("<Escape>")
    click_ben(chat)
    chat.type_text("psst", "<Return>")
    assert chat.client.requests == [Tell("r1", "member Ben", "psst", None)]
    chat.client.events.put(told(1, "Ann", "Ben", "psst", own="r1", away=True))
    chat.until_shown("Ben is away and will get it when they are back")


def test_a_new_name_of_the_recipient_is_shown(chat: ChatWindow, driver: WindowDriver) -> None:
    """The message still goes to the same member."""
    click_ben(chat)
    chat.client.events.put(MemberRenamed("Ann Lee", "Ben", you=False, member="member Ben"))
    driver.until(lambda: bar(chat).startswith("Only to “Ann Lee”"))
    chat.type_text("psst", "<Return>")
    assert chat.client.requests == [Tell("r1", "member Ben", "psst", None)]


def test_a_failed_private_message_keeps_its_addressee(chat: ChatWindow) -> None:
    """Sent again, it is as private; so is one that the room accepts only after a break."""
    click_ben(chat)
    chat.type_text("psst", "<Return>")
    chat.client.events.put(MessageFailed("r1", "psst", "The room does not know this member.", ""))
    chat.until_shown("Send again")
    chat.view._send_again("r1")
    assert chat.client.sent == []
    assert chat.client.requests[1:] == [Tell("r2", "member Ben", "psst", None)]


def test_typing_is_told_to_that_member_only(chat: ChatWindow, driver: WindowDriver) -> None:
    """Not to the room; an edit is told to nobody."""
    click_ben(chat)
    chat.type_text("p")
    driver.until(lambda: chat.client.typed_to != [])
    chat.press("<Return>")
    chat.type_text("/msg Ben q")
    driver.until(lambda: len(chat.client.typed_to) > 1)
    assert set(chat.client.typed_to) == {"member Ben"}
    chat.view.entry.set("")
    count = len(chat.client.typed_to)
    chat.view.composer.edit_message(1, "mine")
    chat.type_text("!")
    chat.window.root.update()
    assert len(chat.client.typed_to) == count


def test_who_can_get_no_private_message_is_said_at_once(driver: WindowDriver, fakes: FakeServices) -> None:
    """Without an encrypted connection, or in a room of an earlier version."""
    chat = ChatWindow(driver, fakes)
    chat.client.events.put(joined("Ben", "Ann", back=True, unencrypted=("Ben",)))
    driver.until(lambda: not chat.view.members.member_view("Ben").member.encrypted)
    click_ben(chat)
    assert bar(chat) == ""
    assert "no encrypted connection" in chat.view.status_text()


def own_message(chat: ChatWindow, text: str = "tpyo") -> None:
    """Let an own message and an answer be in the room."""
    chat.client.events.put(received(7, "Ann", text, own="a"))
    chat.client.events.put(received(8, "Ben", "what?"))
    chat.until_shown("what?")


def test_up_edits_the_last_own_message(chat: ChatWindow) -> None:
    """Escape gives back the draft; saving the same text sends nothing."""
    own_message(chat)
    chat.press("<Up>")
    assert bar(chat) == "Editing your message\nPress R to answer Ben instead"
    assert chat.view.entry.get() == "tpyo"
    chat.press("<End>")
    assert bar(chat) == "Editing your message"
    assert chat.view.send_button.cget("text") == "Save"
    chat.press("<Return>")
    assert (bar(chat), chat.client.requests) == ("", [])
    chat.press("<Up>", "<End>")
    chat.type_text("!", "<Return>")
    assert chat.client.requests == [Edit("r1", 7, "tpyo!")]
    chat.type_text("a draft")
    chat.press("<Up>")
    assert (bar(chat), chat.view.entry.get()) == ("", "a draft")
    chat.view.composer.edit_message(7, "tpyo!")
    chat.press("<Escape>")
    assert (bar(chat), chat.view.entry.get()) == ("", "a draft")


def test_up_then_r_answers(chat: ChatWindow) -> None:
    """Directly after Up; later R is a letter."""
    own_message(chat)
    chat.press("<Up>", "<Key-r>")
    assert bar(chat) == "Answering Ben\nwhat?"
    chat.press("<Escape>", "<Up>", "<End>", "<Key-r>")
    assert chat.view.entry.get() == "tpyor"


def test_a_text_that_begins_as_a_command_can_be_edited(chat: ChatWindow) -> None:
    """It is typed as it has to be; an empty one and a command are refused."""
    own_message(chat, "/who")
    chat.press("<Up>", "<End>")
    assert chat.view.entry.get() == "//who"
    chat.type_text("?", "<Return>")
    assert chat.client.requests == [Edit("r1", 7, "/who?")]
    chat.press("<Up>", "<End>")
    chat.view.entry.set("")
    chat.press("<Return>")
    assert "can't be empty" in chat.view.status_text()
    chat.type_text("/help", "<Return>")
    assert "can't be the text" in chat.view.status_text()
    assert len(chat.client.requests) == 1


def test_what_waits_for_its_receipt_is_not_edited(chat: ChatWindow) -> None:
    """Nor is the message before it, which was not meant."""
    own_message(chat)
    chat.type_text("newer", "<Return>")
    chat.press("<Up>")
    assert bar(chat) == ""
    assert "not sent yet" in chat.view.status_text()


def test_a_deleted_message_is_not_answered(chat: ChatWindow, driver: WindowDriver) -> None:
    """The text stays, and is not sent without the quote."""
    own_message(chat)
    chat.view.composer.answer(8, "Ben", "what?")
    chat.type_text("this")
    chat.client.events.put(MessageDeleted(9, "d", 8, "member Ben", "Ben", NOON, own=False, history=False))
    driver.until(lambda: "was deleted" in bar(chat))
    chat.press("<Return>")
    assert (chat.client.sent, chat.client.requests) == ([], [])
    chat.press("<Escape>", "<Return>")
    assert chat.client.sent == ["this"]


def test_another_session_answers_nothing_of_the_one_before(chat: ChatWindow, driver: WindowDriver) -> None:
    """Its numbers are those of other messages; who was written to alone is the same member or gone."""
    own_message(chat)
    chat.view.composer.answer(8, "Ben", "what?")
    chat.client.events.put(SessionEnded(EndReason.CLOSED, None))
    chat.client.events.put(joined("Ben", "Ann"))
    driver.until(lambda: "rejoined" in bar(chat))
    chat.type_text("this", "<Return>")
    assert chat.client.sent == []


def test_commands_name_their_addressee(chat: ChatWindow) -> None:
    """As in the terminal; without a text, they open the mode."""
    own_message(chat)
    chat.type_text("/edit typo", "<Return>")
    chat.type_text("/msg ben psst", "<Return>")
    chat.type_text("/reply yes", "<Return>")
    assert chat.client.requests == [
        Edit("r1", 7, "typo"),
        Tell("r2", "member Ben", "psst", None),
        Say("own-1", "yes", 8),
    ]
    chat.type_text("/msg Ben", "<Return>")
    assert bar(chat).startswith("Only to Ben")
    chat.press("<Escape>")
    chat.type_text("/reply Ben", "<Return>")
    assert bar(chat).startswith("Answering Ben")
    chat.press("<Escape>")
    chat.type_text("/msg Nobody hi", "<Return>")
    assert "Nobody here is called" in chat.view.status_text()
    assert chat.view.entry.get() == "/msg Nobody hi"


def test_a_command_is_for_the_member_whose_name_was_typed(chat: ChatWindow, driver: WindowDriver) -> None:
    """Not for another one who has the name when Enter is pressed; typed anew, it is for that one."""
    chat.type_text("/msg Ben psst")
    driver.until(lambda: chat.client.typed_to == ["member Ben"])
    chat.client.events.put(MemberRenamed("Benjamin", "Ben", you=False, member="member Ben"))
    chat.client.events.put(MemberJoined("Ben", member="another Ben"))
    driver.until(lambda: "Benjamin" in chat.view._conversation.names)
    chat.press("<Return>", "<Return>")
    assert chat.client.requests == []
    assert "another member" in chat.view.status_text()
    chat.view.entry.set("")
    driver.until(lambda: "another member" not in chat.view.status_text())
    chat.type_text("/msg Ben psst", "<Return>")
    assert chat.client.requests == [Tell("r1", "another Ben", "psst", None)]


def test_a_typed_edit_changes_no_message_before_the_last(chat: ChatWindow) -> None:
    """The last own message has no number as long as it is sent."""
    own_message(chat)
    chat.type_text("on its way", "<Return>")
    chat.type_text("/edit changed", "<Return>")
    assert not [request for request in chat.client.requests if isinstance(request, Edit)]
    assert "still being sent" in chat.view.status_text()


def test_tab_shows_whom_a_reply_answers(chat: ChatWindow) -> None:
    """A private message is answered by `/msg`."""
    chat.client.events.put(told(9, "Ben", "Ann", "psst"))
    chat.client.events.put(received(10, "Ann", "mine", own="a"))
    chat.until_shown("mine")
    chat.type_text("/reply ", "<Tab>")
    assert chat.view.entry.get() == "/msg Ben "
    assert chat.view.entry.text.index("insert") == "1.9"


def test_up_edits_nothing_after_the_session(chat: ChatWindow, driver: WindowDriver) -> None:
    """Then R is a letter, too."""
    own_message(chat)
    chat.client.events.put(SessionEnded(EndReason.CLOSED, None))
    driver.until(lambda: chat.view._conversation.ended)
    chat.press("<Up>", "<Key-r>")
    assert (bar(chat), chat.client.requests) == ("", [])


def test_a_long_message_is_answered(chat: ChatWindow) -> None:
    """The bar has its beginning, on one line that fits."""
    chat.view.composer.answer(8, "Ben", "long " * 1_600)
    assert bar(chat).startswith("Answering Ben\nlong long")
    assert "\n" not in bar(chat).removeprefix("Answering Ben\n")
    assert chat.view.composer.bar.winfo_reqwidth() <= chat.window.root.winfo_width()
