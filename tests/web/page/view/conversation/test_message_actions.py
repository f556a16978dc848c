"""What one can do with a message: by its sheet, by keyboard, and in the message field."""

from __future__ import annotations

import pytest

from tests.support.browser.chromium import DESKTOP, PHONE, SMALL_PHONE, ChromiumPage, Screen
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser


def labels(page: ChromiumPage) -> list[str]:
    """Return the actions in the sheet."""
    page.wait_for("#dialog-buttons button")
    return page.texts("#dialog-buttons button")


def choose(page: ChromiumPage, label: str) -> None:
    """Choose an action in the sheet."""
    page.wait_for("#dialog-buttons button", label).click()


def sent(page: ChromiumPage, kind: str) -> dict[str, object]:
    """Wait for the last frame of a kind that was sent, and return it."""
    script = "return membership.sent.filter((frame) => frame.type === args[0]).pop();"
    frame: dict[str, object] = page.wait(script, kind)
    return frame


@pytest.mark.parametrize("screen", [SMALL_PHONE, PHONE, DESKTOP], ids=["small", "phone", "desktop"])
def test_the_sheet_offers_what_is_possible(open_conversation: OpenConversation, screen: Screen) -> None:
    """All of it within the screen; Escape closes it, and the focus is where it was."""
    page = open_conversation(screen=screen)
    page.run("room.says('Ben', 'Hello');")
    page.find(".more").click()
    page.wait_for("#dialog", "Ben")
    assert labels(page)[:2] == ["Reply", "Copy"]
    box = page.run(
        "return JSON.parse(JSON.stringify(document.querySelector('#dialog').getBoundingClientRect()));"
    )
    assert box["left"] >= 0
    assert box["top"] >= 0
    assert box["right"] <= screen.width
    assert box["bottom"] <= screen.height
    page.keys(Key.ESCAPE)
    page.wait_gone("#dialog")
    assert page.run("return document.activeElement.className;") == "more"


def test_own_messages_can_be_edited_and_deleted(open_conversation: OpenConversation) -> None:
    """Not without a question."""
    page = open_conversation()
    page.run("session.say('Helo');")
    page.wait_for(".own.sent .more").click()
    assert labels(page) == ["Reply", "Copy", "Edit", "Delete…"]
    choose(page, "Edit")
    page.wait_for("#composer-bar", "Editing your message")
    assert page.find("#send-button").text == "Save"
    field = page.find("#composer-text")
    field.clear()
    field.type("Hello")
    page.find("#send-button").click()
    page.wait_for(".own .text", "Hello")
    page.wait_gone("#composer-bar")
    page.find(".own .more").click()
    choose(page, "Delete…")
    page.wait_for("#dialog", "Delete this message?")
    assert labels(page) == ["Delete for everybody", "Keep it"]
    choose(page, "Delete for everybody")
    page.wait_for(".own .gone", "This message was deleted")


def test_an_answer(open_conversation: OpenConversation) -> None:
    """With what it answers above the field; the draft stays."""
    page = open_conversation(count=3)
    page.find("#composer-text").type("I ")
    page.run("app.actions.open(session.transcript.get(3), document.querySelector('.more'));")
    choose(page, "Reply")
    page.wait_for("#composer-bar", "Message 3")
    assert page.run("return document.activeElement.id;") == "composer-text"
    page.find("#composer-text").type("do")
    page.find("#send-button").click()
    assert sent(page, "say")["text"] == "I do"
    assert sent(page, "say")["reply_to"] == 3
    page.wait_for(".own .quote", "Message 3")
    page.wait_gone("#composer-bar")


def test_an_answer_to_a_private_message_is_private(open_conversation: OpenConversation) -> None:
    """It goes to the other of the two only."""
    page = open_conversation()
    page.run(
        "room.add({type: 'told', member: 'm-ben', name: 'Ben', to: 'm-zoe', to_name: 'Zoë', text: 'Psst'});"
    )
    page.find(".more").click()
    choose(page, "Reply")
    page.wait_for("#composer-bar.private", "Only to Ben, answering")
    page.find("#composer-text").type("What?")
    page.find("#send-button").click()
    assert sent(page, "tell")["to"] == "m-ben"
    assert sent(page, "tell")["reply_to"] == 1
    page.wait_for(".own.private", "What?")


def test_nothing_is_sent_about_a_message_that_is_gone(open_conversation: OpenConversation) -> None:
    """What was written stays, with the reason."""
    page = open_conversation()
    page.run("const seq = room.says('Ben', 'Hello'); app.answering.answer(session.transcript.get(seq));")
    page.find("#composer-text").type("Yes")
    page.run("room.add({type: 'deleted', member: 'm-ben', name: 'Ben', target: 1});")
    page.wait_for("#composer-bar .error", "That message was deleted.")
    page.find("#send-button").click()
    page.wait_for("#composer-error", "That message was deleted.")
    page.find("#composer-bar button").click()
    assert page.find("#composer-text").property("value") == "Yes"
    page.find("#send-button").click()
    assert sent(page, "say")["reply_to"] is None


def test_reactions(open_conversation: OpenConversation) -> None:
    """The usual ones by a tap, any other from the keyboard; a word is not one."""
    page = open_conversation(count=1)
    page.find(".more").click()
    page.find('#dialog .chip[aria-label="React with 😂"]').click()
    page.wait_for("#messages .chip", "😂 1")
    page.find(".more").click()
    assert page.find('#dialog .chip[aria-pressed="true"]').text == "😂"
    page.find(".emoji-form input").type("cake")
    page.keys(Key.ENTER)
    page.wait_for(".emoji-form .error", "A reaction is one emoji.")
    page.find(".emoji-form input").clear()
    page.run("document.querySelector('.emoji-form input').value = '👩‍🚀';")
    page.find(".emoji-form button").click()
    page.wait_for("#messages .chip", "👩‍🚀 1")


def test_the_keyboard_alone(open_conversation: OpenConversation) -> None:
    """Tab comes to the newest message, the arrow keys go on from there, letters do what the sheet offers."""
    page = open_conversation(screen=DESKTOP, count=5)
    page.find("#composer-text").click()
    page.run("document.querySelector('#conversation').focus();")
    page.keys(Key.TAB)
    assert page.run("return document.activeElement.closest('li').textContent.includes('Message 5');")
    page.keys(Key.UP, Key.UP)
    assert page.run("return document.activeElement.closest('li').textContent.includes('Message 3');")
    page.keys("r")
    page.wait_for("#composer-bar", "Message 3")
    page.keys(*"yes", Key.ENTER)
    assert sent(page, "say")["reply_to"] == 3
    page.keys(Key.UP)
    page.wait_for("#composer-bar", "Editing your message")
    assert page.find("#composer-text").property("value") == "yes"
    page.keys(Key.ESCAPE)
    page.wait_gone("#composer-bar")
    assert page.find("#composer-text").property("value") == ""


def test_copying_takes_the_text_as_it_was_typed(open_conversation: OpenConversation) -> None:
    """With its marks."""
    page = open_conversation()
    page.run(
        "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"
        "room.says('Ben', '*bold*');"
    )
    page.find(".more").click()
    choose(page, "Copy")
    page.wait("return globalThis.copied === '*bold*';")


def test_a_room_without_edits_and_reactions_offers_neither(open_conversation: OpenConversation) -> None:
    """Nor does a message that is not sent yet."""
    page = open_conversation(features=["earlier"])
    page.run("session.say('one');")
    page.wait_for(".own.sent")
    page.run("room.isSilent = true; session.say('two');")
    page.find(".sent .more").click()
    assert labels(page) == ["Reply", "Copy"]
    assert page.count("#dialog .chip") == 0
    page.keys(Key.ESCAPE)
    page.find(".waiting .more").click()
    assert labels(page) == ["Copy"]
