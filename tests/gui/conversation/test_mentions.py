"""Mentions and ignored members in a real window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from messango.client.events import Disconnected, HistoryEnded, MemberTyping, MessageDeleted, MessageEdited
from messango.errors import ConnectionLost
from messango.protocol.frames import Quote, Reaction
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import NOON, FakeServices, joined, received, told
from tests.gui.sessions import ChatWindow

pytestmark = pytest.mark.window


@pytest.fixture
def chat(driver: WindowDriver, fakes: FakeServices) -> ChatWindow:
    """A session in a room with Ben."""
    return ChatWindow(driver, fakes)


def talk(chat: ChatWindow, first: int, last: int) -> None:
    """Let Ben say much that is for nobody."""
    for seq in range(first, last):
        chat.client.events.put(received(seq, "Ben", f"line {seq}"))
    chat.until_shown(f"line {last - 1}")


def lose_focus(chat: ChatWindow, driver: WindowDriver) -> None:
    """Let another window have the focus."""
    driver.focus(driver.root())
    driver.until(lambda: not chat.view._conversation.unread.is_watching)


def in_sight(chat: ChatWindow, words: str) -> bool:
    """Return whether words are in the part of the transcript that is in sight."""
    text = chat.view.transcript.text
    chat.window.root.update()
    found = text.search(words, "1.0", "end")
    return bool(found) and text.bbox(found) is not None


def test_a_mention_is_set_apart(chat: ChatWindow) -> None:
    """By colour and by words."""
    chat.client.events.put(received(1, "Ben", "planned"))
    chat.client.events.put(received(2, "Ben", "@Ann, look"))
    chat.until_shown("look")
    text = chat.view.transcript.text
    assert "mention" in text.tag_names(text.search("look", "1.0"))
    assert "mention" not in text.tag_names(text.search("planned", "1.0"))
    assert "mentions you" in chat.transcript()


def test_mentions_while_nobody_looked_are_found(chat: ChatWindow, driver: WindowDriver) -> None:
    """The button goes to the oldest, then to the next, then is gone; Ctrl M goes through all again."""
    lose_focus(chat, driver)
    talk(chat, 1, 100)
    chat.client.events.put(received(100, "Ben", "@Ann first"))
    talk(chat, 101, 200)
    chat.client.events.put(received(200, "Ben", "ask ann second"))
    talk(chat, 201, 300)
    driver.until(lambda: chat.window.root.title() == "(99+, @2) Office – Messango")
    driver.focus(chat.view.entry.text)
    driver.until(lambda: chat.view.mention_button.cget("text") == "@ 2 mentions")
    chat.view.mention_button.invoke()
    assert in_sight(chat, "@Ann first")
    driver.until(lambda: chat.view.mention_button.cget("text") == "@ 1 mention")
    chat.press("<Control-m>")
    assert in_sight(chat, "ask ann second")
    driver.until(lambda: not chat.view.mention_button.winfo_ismapped())
    chat.press("<Control-m>")
    assert in_sight(chat, "@Ann first")
    chat.type_text("/mentions", "<Return>")
    driver.until(lambda: bool(chat.view.search_bar.winfo_manager()))


def test_mentions_while_the_connection_was_broken_are_found(chat: ChatWindow, driver: WindowDriver) -> None:
    """They come as history, and count all the same."""
    lose_focus(chat, driver)
    talk(chat, 1, 3)
    chat.client.events.put(Disconnected(ConnectionLost("Gone."), 1))
    chat.client.events.put(joined("Ben", "Ann", latest=5, back=True))
    for seq, words in ((3, "@Ann missed"), (4, "more"), (5, "more")):
        chat.client.events.put(received(seq, "Ben", words, history=True))
    chat.client.events.put(HistoryEnded())
    driver.until(lambda: chat.window.root.title() == "(5, @1) Office – Messango")


def test_an_answer_and_a_private_message_count_as_well(chat: ChatWindow, driver: WindowDriver) -> None:
    """The answer is found as a mention; what was there before we came does not count."""
    chat.client.events.put(received(1, "Ann", "mine", own="a"))
    chat.until_shown("mine")
    lose_focus(chat, driver)
    chat.client.events.put(replace(received(2, "Ben", "yes"), reply=Quote(1, "Ann", "mine")))
    chat.client.events.put(told(3, "Ben", "Ann", "psst"))
    driver.until(lambda: chat.window.root.title() == "(2, @2) Office – Messango")
    assert chat.view._conversation.mentions.log.seqs == (2,)


def test_an_edit_and_a_deletion_change_what_is_found(chat: ChatWindow, driver: WindowDriver) -> None:
    """The name may come and go with the text."""
    log = chat.view._conversation.mentions.log
    chat.client.events.put(received(1, "Ben", "@Ann"))
    chat.client.events.put(received(2, "Ben", "all"))
    chat.client.events.put(MessageEdited(3, "e", 2, "member Ben", "Ben", NOON, "@Ann too", False, False))
    driver.until(lambda: log.seqs == (1, 2))
    chat.client.events.put(MessageDeleted(4, "d", 1, "member Ben", "Ben", NOON, own=False, history=False))
    driver.until(lambda: log.seqs == (2,))


def test_whom_one_ignores_is_hidden(chat: ChatWindow, driver: WindowDriver) -> None:
    """What they wrote and write, also quoted; nothing of it counts or rings; and it all comes back."""
    chat.client.events.put(received(1, "Ben", "before"))
    chat.until_shown("before")
    menu = chat.view.members.menu_for(chat.view.members.member_view("Ben").member)
    menu.invoke("Ignore")
    driver.until(lambda: "before" not in chat.transcript())
    assert chat.view.commands is not None
    lose_focus(chat, driver)
    chat.client.events.put(MemberTyping("Ben", "member Ben"))
    chat.client.events.put(received(2, "Ben", "@Ann look"))
    chat.client.events.put(told(3, "Ben", "Ann", "psst"))
    chat.client.events.put(replace(received(4, "Chiara", "what?"), reply=Quote(2, "Ben", "@Ann look")))
    chat.until_shown("what?")
    assert chat.window.root.title() == "(1) Office – Messango"
    assert "look" not in chat.transcript()
    assert "psst" not in chat.transcript()
    assert "typing" not in chat.view.status_text()
    assert chat.view._conversation.mentions.log.seqs == ()
    menu = chat.view.members.menu_for(chat.view.members.member_view("Ben").member)
    menu.invoke("Stop ignoring")
    chat.until_shown("psst")
    assert "before" in chat.transcript()


def test_reactions_of_whom_one_ignores_are_not_counted(chat: ChatWindow) -> None:
    """Nor those of an emoji that nobody else has chosen; they come back with the member."""
    hearts, cake = Reaction("❤️", 2, False, ("Ben", "Chiara")), Reaction("🍰", 1, False, ("Ben",))
    chat.client.events.put(replace(received(1, "Chiara", "a joke"), reactions=(hearts, cake)))
    chat.until_shown("a joke")
    transcript = chat.view.transcript.transcript
    number = transcript.find(1)
    assert number is not None
    chat.view.commands.ignore("member Ben", "Ben", ignored=True)
    shown = transcript.as_shown(transcript.block(number))
    assert shown.reactions == (Reaction("❤️", 1, False, ("Chiara",)),)
    chat.view.commands.ignore("member Ben", "Ben", ignored=False)
    assert transcript.as_shown(transcript.block(number)).reactions == (hearts, cake)


def test_ignoring_by_commands(chat: ChatWindow) -> None:
    """With a list, and sentences for what can't be."""
    chat.client.events.put(received(1, "Ben", "before"))
    chat.until_shown("before")
    chat.type_text("/ignore", "<Return>")
    chat.until_shown("You ignore nobody")
    chat.type_text("/ignore ben", "<Return>")
    chat.until_shown("You ignore Ben: ")
    assert "before" not in chat.transcript()
    chat.type_text("/ignore Ben", "<Return>")
    assert "already" in chat.view.status_text()
    chat.view.entry.set("")
    chat.type_text("/unignore Ben", "<Return>")
    chat.until_shown("You do not ignore Ben any more")
    chat.until_shown("before")


def test_whom_one_ignores_is_remembered(driver: WindowDriver, fakes: FakeServices) -> None:
    """By room, for the next visit."""
    chat = ChatWindow(driver, fakes)
    chat.type_text("/ignore Ben", "<Return>")
    driver.until(lambda: bool(fakes.ignored))
    assert fakes.ignored["id"].names == ["Ben"]
    driver.close(chat.window)
    again = ChatWindow(driver, fakes)
    again.client.events.put(received(1, "Ben", "hidden"))
    again.client.events.put(received(2, "Cleo", "seen"))
    again.until_shown("seen")
    driver.until(lambda: "hidden" not in again.transcript())
    again.type_text("/ignore", "<Return>")
    again.until_shown("You ignore: Ben")
