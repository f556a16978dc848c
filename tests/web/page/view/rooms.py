"""Real rooms with files, and browsers in them."""

from __future__ import annotations

from messango.server.server import Server
from messango.web.invite.guest_link import guest_link
from tests.support.browser.chromium import Chromium, ChromiumPage


def link_of(server: Server) -> str:
    """Return the link that the QR code has."""
    key = server.guest_key
    assert key is not None
    return guest_link(f"127.0.0.1:{server.port}", key.text)


def join_by_browser(browser: Chromium, server: Server, name: str, *, await_rest: bool = True) -> ChromiumPage:
    """Open the room's link, join under a name, and wait for all that the page loads only then."""
    page = browser.page
    page.goto(link_of(server))
    page.wait_for("#join-name").type(name)
    page.find("#join-button").click()
    page.wait_for("#composer-text")
    page.wait("return document.querySelector('#room-state').textContent !== 'Connecting…';")
    if await_rest:
        page.find("#search-panel input")
    return page
