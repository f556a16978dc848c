"""Searching the room, and completing names in the message field."""

from __future__ import annotations

import pytest

from tests.support.browser.chromium import DESKTOP
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser


def test_results_lead_to_messages_far_above(open_conversation: OpenConversation) -> None:
    """The newest first, with the words marked; the panel has them again when one comes back."""
    page = open_conversation(count=400)
    page.find("#search-button").click()
    assert page.run("return document.activeElement.type;") == "search"
    page.keys(*"message 39")
    page.wait_for("#search-panel [role=status]", "11 messages in the whole room")
    texts = page.texts(".found")
    assert "Message 399" in texts[0]
    assert "Message 39" in texts[-1]
    assert page.find(".found mark").text == "Message"
    page.find(".found", -1).click()
    page.wait_for(".message:focus", "Message 39")
    page.wait_gone("#search-panel")
    page.find("#search-button").click()
    page.wait_for(".found[aria-current]", "Message 39")


def test_more_results_and_private_ones(open_conversation: OpenConversation) -> None:
    """On a large screen the panel stays. Escape closes it, and the focus is where it was."""
    page = open_conversation(screen=DESKTOP, count=70)
    page.run(
        "const ben = {type: 'told', member: 'm-ben', name: 'Ben', to: 'm-zoe', to_name: 'Zoë'};"
        "room.add({...ben, text: 'Message!'});"
    )
    page.find("#search-button").click()
    page.keys(*"MESSAGE", Key.ENTER)
    page.wait_for("#search-panel [role=status]", "30+ messages in the whole room")
    assert page.find(".found.private b").text == "Ben → you"
    page.find("#search-panel > button").click()
    page.wait_for("#search-panel [role=status]", "60+ messages")
    page.find("#search-panel > button").click()
    page.wait_for("#search-panel [role=status]", "71 messages in the whole room")
    page.wait_gone("#search-panel > button")
    page.find(".found", 5).click()
    page.wait_for(".message:focus", "Message 66")
    assert page.find("#search-panel").is_shown
    page.find("#search-panel input").click()
    page.keys(Key.ESCAPE)
    page.wait_gone("#search-panel")
    assert page.run("return document.activeElement.id;") == "search-button"


def test_a_search_that_finds_nothing_or_fails(open_conversation: OpenConversation) -> None:
    """Says so."""
    page = open_conversation(count=3)
    page.find("#search-button").click()
    page.keys(*"nothing")
    page.wait_for("#search-panel [role=status]", "Nothing found in the whole room")
    page.run("session.search = () => Promise.reject({reason: 'Too many searches.'});")
    page.keys("x")
    page.wait_for("#search-panel [role=status]", "Too many searches.")


def test_a_room_without_search_has_no_button(open_conversation: OpenConversation) -> None:
    """It is not offered."""
    page = open_conversation(features=["earlier"])
    assert not page.find("#search-button").is_shown


def test_names_behind_an_at_sign(open_conversation: OpenConversation) -> None:
    """By arrow keys and Enter, or by a tap; Escape closes the list, and the message is not sent."""
    page = open_conversation(screen=DESKTOP)
    field = page.find("#composer-text")
    field.click()
    page.keys(*"Hi @an")
    assert page.texts("#mention-choices li") == ["Ann", "Ann Lee"]
    page.keys(Key.DOWN, Key.ENTER)
    assert field.property("value") == "Hi @Ann Lee "
    page.wait_gone("#mention-choices")
    page.keys("@")
    page.wait_for("#mention-choices li", "Ben").click()
    assert field.property("value") == "Hi @Ann Lee @Ben "
    page.keys("@", Key.ESCAPE)
    page.wait_gone("#mention-choices")
    assert page.run("return membership.sent.filter((frame) => frame.type === 'say').length;") == 0
    page.keys(Key.ENTER)
    assert (
        page.wait("return membership.sent.find((frame) => frame.type === 'say')?.text;")
        == "Hi @Ann Lee @Ben @"
    )
