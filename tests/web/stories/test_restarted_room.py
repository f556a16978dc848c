"""A room whose server was killed, and started again with a new key: what its guest reads and does."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.support.browser.chromium import PHONE, Chromium
from tests.support.program import Program
from tests.web.stories.people import LINK, Guest

pytestmark = [pytest.mark.browser, pytest.mark.program]

UNSENT = "Said to nobody"
HALF = "half a thou"


def open_again(port: str) -> tuple[Program, str]:
    """Start the server of the room on this port, and return it with the link."""
    server = Program(
        "server", "--name", "Tea", "--host", "127.0.0.1", "--port", port, "--web", "--no-advertise"
    )
    return server, server.wait_for(LINK.pattern)[0]


def test_a_guest_scans_again(open_browser: Callable[..., Chromium]) -> None:
    """The page says that there is a new link, and keeps the unsent text; with the link all goes on."""
    browser = open_browser(screen=PHONE)
    browser.tolerate("ERR_", "WebSocket connection")  # While there is no server.
    guest = Guest(browser.page)
    killed, link = open_again("0")
    with killed:
        guest.page.goto(link)
        guest.join("Zoë")
        guest.say("Said to all")
        killed.process.kill()
        guest.page.wait_for("#room-state", "Reconnecting")
        guest.say(UNSENT, "waiting")
        guest.page.find("#composer-text").type(HALF)
    server, link = open_again(str(urlsplit(link).port))
    with server:
        guest.page.run("dispatchEvent(new Event('online'));")
        guest.wait_for_banner("the room was opened again")
        guest.wait_for_banner("Scan the QR code")
        assert guest.page.find("#composer-text").property("value") == HALF
        scanned = Guest(browser.open_tab())
        scanned.page.goto(link)
        scanned.page.wait_for(".message.own.sent", UNSENT)
        assert scanned.texts() == ["Said to all", UNSENT]
        assert scanned.page.find("#composer-text").property("value") == HALF
