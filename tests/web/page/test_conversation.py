"""A guest reads back, searches, answers, reacts, edits and deletes in a real room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.protocol.frames import Message, Say
from messango.server.server import Server
from tests.support.browser.chromium import Chromium, ChromiumPage
from tests.support.browser.keys import Key
from tests.support.raw_client import PatientClient
from tests.support.rooms import open_room
from tests.web.page.view.rooms import join_by_browser

pytestmark = pytest.mark.browser


@pytest.fixture
def server() -> Iterator[Server]:
    """A room that admits guests, in which Ann has said 350 things."""
    with open_room(web=True) as opened:
        with PatientClient(opened.port) as ann:
            ann.join("ann")
            for number in range(1, 351):
                ann.send(Say(f"s{number}", f"Thing {number}"))
                ann.await_frame(Message)
        yield opened


def enter(browser: Chromium, server: Server) -> ChromiumPage:
    """Join, and wait for the conversation."""
    page = join_by_browser(browser, server, "Zoë")
    page.wait_for(".message", "Thing 350")
    return page


def test_a_guest_reads_back_and_searches(server: Server, browser: Chromium) -> None:
    """Up to the beginning, which the page names; results lead to what is not loaded yet."""
    page = enter(browser, server)
    page.find("#search-button").click()
    page.keys(*"thing 7", Key.ENTER)
    page.wait_for("#search-panel [role=status]", "11 messages in the whole room")
    page.find(".found", -1).click()
    page.wait_for(".message:focus", "Thing 7")
    page.wait_for("#earlier-state", "This is the beginning of Tea")
    page.find("#newest-button").click()
    page.wait_for(".message", "Thing 350")


def test_a_guest_answers_reacts_edits_and_deletes(server: Server, browser: Chromium) -> None:
    """And the others see it."""
    page = enter(browser, server)
    page.run("[...document.querySelectorAll('.more')].pop().click();")
    page.find('#dialog .chip[aria-label="React with 👍"]').click()
    page.wait_for("#messages .chip", "👍 1")
    page.run("[...document.querySelectorAll('.more')].pop().focus();")
    page.keys("r", *"Yes", Key.ENTER)
    page.wait_for(".own.sent .quote", "Thing 350")
    page.keys(Key.UP, "!", Key.ENTER)
    page.wait_for(".own .meta", "edited")
    reacted, answer = newest(server)
    assert [reaction.emoji for reaction in reacted.reactions] == ["👍"]
    assert answer.reply is not None
    assert (answer.text, answer.reply.text) == ("Yes!", "Thing 350")
    page.find(".own .more").click()
    page.wait_for("#dialog-buttons button", "Delete…").click()
    page.wait_for("#dialog", "Delete this message?")
    page.find("#dialog-buttons .danger").click()
    page.wait_for(".own .gone", "This message was deleted")
    assert newest(server)[1].deleted


def newest(server: Server) -> tuple[Message, Message]:
    """Return the message "Thing 350" and the one after it, as somebody gets them who joins now."""
    with PatientClient(server.port) as late:
        late.join("late")
        while (message := late.await_frame(Message)).text != "Thing 350":
            pass
        return message, late.await_frame(Message)
