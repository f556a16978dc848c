"""The whole way of a guest into a real room, in the browsers that can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.client.events import MemberJoined, MessageReceived, RoomJoined
from messango.server.server import Server
from messango.web.invite.guest_link import guest_link
from tests.support.browser.chromium import PHONE, Chromium
from tests.support.browser.page import Page
from tests.support.browser.webkit import WebKit
from tests.support.rooms import open_room
from tests.support.sessions import ClientSession


@pytest.fixture
def server() -> Iterator[Server]:
    """A room that admits guests."""
    with open_room(web=True) as opened:
        yield opened


@pytest.fixture
def ann(server: Server) -> Iterator[ClientSession]:
    """A member who is there already, and stays however long a browser takes."""
    with ClientSession(server.port) as session:
        session.await_event(RoomJoined)
        yield session


@pytest.fixture
def link(server: Server) -> str:
    """The link in the QR code."""
    assert server.guest_key is not None
    return guest_link(f"127.0.0.1:{server.port}", server.guest_key.text)


def join(page: Page) -> None:
    """Give a name and wait to be in the room."""
    page.wait_for("#join-name").type("Zoë")
    page.find("#join-button").click()
    page.wait_for("#room-state", "2 of 5 seats taken")


def talk(page: Page, ann: ClientSession) -> None:
    """Say something to each other."""
    page.find("#composer-text").type("Hello")
    page.find("#send-button").click()
    assert ann.await_event(MessageReceived).text == "Hello"
    page.wait_for(".message.own.sent", "Hello")
    ann.client.send_message("<b>Hi</b> 😀")
    assert page.wait_for(".message:not(.own) .text").text == "<b>Hi</b> 😀"


@pytest.mark.browser
def test_a_guest_joins_through_the_warning(
    server: Server, ann: ClientSession, link: str, open_browser: Callable[..., Chromium]
) -> None:
    """As on a phone that has never seen the host; everybody sees that they came by browser."""
    page = open_browser(screen=PHONE, accept_insecure=False).page
    page.goto(link)
    page.proceed_through_warning()
    join(page)
    assert page.url == f"https://127.0.0.1:{server.port}/"
    assert ann.await_event(MemberJoined).web
    talk(page, ann)


@pytest.mark.webkit
def test_a_guest_joins_in_webkit(ann: ClientSession, link: str, webkit: WebKit, tmp_path: Path) -> None:
    """In the engine of the iPhone's browsers; the page that is loaded again is the same member."""
    page = webkit.page
    page.goto(link)
    join(page)
    talk(page, ann)
    page.screenshot(tmp_path / "webkit.png")
    page.reload()
    page.wait_for(".message.own.sent", "Hello")
    page.wait_for("#room-state", "2 of 5 seats taken")


@pytest.mark.webkit
def test_a_second_tab_of_webkit_offers_to_take_over(ann: ClientSession, link: str, webkit: WebKit) -> None:
    """One page of a browser is in the room, whichever the guest wants."""
    page = webkit.page
    page.goto(link)
    join(page)
    tab = webkit.open_tab()
    tab.goto(page.url)
    tab.wait_for("#banner-buttons button").click()
    tab.wait_for("#room-state", "2 of 5 seats taken")
    talk(tab, ann)
    page.wait_for("#banner-buttons button")
