"""What is loaded once a person is in the room, over a network that breaks just then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.protocol.frames import Message
from tests.support.browser.chromium import DESKTOP, PHONE, Chromium, ChromiumPage, Screen
from tests.support.raw_client import PatientClient
from tests.support.rooms import open_room
from tests.web.page.view.rooms import join_by_browser

pytestmark = pytest.mark.browser

#: Where everything is that must not move when the rest comes.
PLACES = """
const parts = document.querySelectorAll('#header button, .title, #composer *, #conversation, .message');
return [...parts].map((each) => {
  const {x, y, width, height} = each.getBoundingClientRect();
  return [each.id || each.className, x, y, width, height];
}).filter(([name, , , width]) => width && name !== 'mention-choices');
"""


def block(page: ChromiumPage, *urls: str) -> None:
    """Let no request to these addresses succeed."""
    page.cdp("Network.enable")
    page.cdp("Network.setBlockedURLs", urls=urls)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_guest_talks_before_the_rest_has_come(
    open_browser: Callable[..., Chromium], screen: Screen
) -> None:
    """Nothing moves when it comes, and what was pressed meanwhile happens then."""
    with open_room(web=True) as server, PatientClient(server.port) as ann:
        ann.join("ann")
        browser = open_browser(screen=screen)
        browser.tolerate("later.js")
        block(browser.page, "*/later.js")
        page = join_by_browser(browser, server, "Zoë", await_rest=False)
        page.find("#composer-text").type("Hello")
        page.find("#send-button").click()
        assert ann.await_frame(Message).text == "Hello"
        page.wait_for(".message.own.sent", "Hello")
        before = page.run(PLACES)
        page.find("#search-button").click()
        block(page)
        page.wait_for("#search-panel input")
        page.wait_for(".person" if screen is DESKTOP else "#people-button")
        page.run("document.querySelector('#search-button').click();")
        assert page.run(PLACES) == before
