"""A guest's browser in a real room: it gets in, stays in, and says why it can't."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from messango.protocol.frames import Message, Say
from messango.room.host.guest_commands import DismissGuests, RenewGuestLink
from messango.room.host.host_command import Kick, Lock, Unlock
from messango.room.host.host_events import CommandDone, GuestLink
from messango.server.server import Server
from messango.web.invite.guest_link import guest_link
from tests.support.browser.chromium import PHONE, Chromium, ChromiumPage
from tests.support.raw_client import PatientClient
from tests.support.rooms import await_host_event, open_room

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Chromium]

TEXTS = ".message .text"


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(web=True) as opened:
        yield opened


def link_to(server: Server) -> str:
    key = server.guest_key
    assert key is not None
    return guest_link(f"127.0.0.1:{server.port}", key.text)


def join(page: ChromiumPage, server: Server, name: str = "Zoë") -> None:
    """Open the link and join."""
    page.goto(link_to(server))
    give_name(page, name)


def give_name(page: ChromiumPage, name: str) -> None:
    field = page.wait_for("#join-name")
    field.clear()
    field.type(name)
    page.find("#join-button").click()
    page.wait_for("#room-state", "seats taken")


def say(page: ChromiumPage, text: str) -> None:
    page.find("#composer-text").type(text)
    page.find("#send-button").click()


def test_a_guest_talks_with_a_member(server: Server, browser: Chromium) -> None:
    """By the link of the QR code, whose key does not stay in the address."""
    with PatientClient(server.port) as ann:
        ann.join("ann")
        join(browser.page, server)
        assert browser.page.url == f"https://127.0.0.1:{server.port}/"
        say(browser.page, "Hello")
        assert ann.await_frame(Message).text == "Hello"
        browser.page.wait_for(".message.own.sent", "Hello")
        ann.send(Say("1", "<b>Hi</b>"))
        assert browser.page.wait_for(".message:not(.own) .text").text == "<b>Hi</b>"


def test_the_page_comes_back_after_a_reload(server: Server, browser: Chromium) -> None:
    """As the same member, with what was said and what is half written."""
    join(browser.page, server)
    say(browser.page, "Hello")
    browser.page.wait_for(".message.own.sent", "Hello")
    browser.page.find("#composer-text").type("half")
    browser.page.reload()
    browser.page.wait_for(".message.own.sent", "Hello")
    assert browser.page.find("#composer-text").property("value") == "half"
    browser.page.wait_for("#room-state", "1 of 5 seats taken")


@pytest.mark.parametrize("way", ["websocket", "stream"])
def test_after_a_break_it_has_all_once(server: Server, browser: Chromium, way: str) -> None:
    """What was said meanwhile on both sides, by either way."""
    browser.tolerate("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK", "WebSocket connection")
    page = browser.page
    page.goto(link_to(server))
    page.run("sessionStorage.setItem('messango.way', args[0]);", way)
    page.reload()
    give_name(page, "Zoë")
    with PatientClient(server.port) as ann:
        ann.join("ann")
        say(page, "before")
        page.wait_for(".message.own.sent", "before")
        page.go_offline()
        page.run("dispatchEvent(new Event('online'));")  # It looks after the connection, which is gone.
        page.wait_for("#room-state", "Reconnecting")
        ann.send(Say("1", "to you"))
        say(page, "from me")
        page.wait_for(".message.waiting", "from me")
        page.set_network()
        page.run("dispatchEvent(new Event('online'));")
        page.wait_for(".message.own.sent", "from me")
        assert page.texts(TEXTS) == ["before", "to you", "from me"]
        assert [ann.await_frame(Message).text for _ in range(3)] == ["before", "to you", "from me"]


def test_a_page_that_was_suspended_comes_back(server: Server, browser: Chromium) -> None:
    """With what was said while the phone was in the pocket."""
    browser.tolerate("Page entered Back-Forward Cache")  # It closes the connection.
    join(browser.page, server)
    with PatientClient(server.port) as ann:
        ann.join("ann")
        browser.page.freeze()
        ann.send(Say("1", "to you"))
        browser.page.resume()
        browser.page.wait_for(".message", "to you")


def test_where_websockets_fail_the_event_stream_is_taken(server: Server, browser: Chromium) -> None:
    """As on an iPhone, which refuses them under a certificate that its owner has accepted."""
    page = browser.page
    page.goto(link_to(server))
    page.run(
        "globalThis.WebSocket = class { constructor() { setTimeout(() => this.onclose()); } close() {} };"
    )
    give_name(page, "Zoë")
    assert page.run("return sessionStorage.getItem('messango.way');") == "stream"
    say(page, "Hello")
    page.wait_for(".message.own.sent", "Hello")


def test_a_second_tab_takes_over(server: Server, browser: Chromium) -> None:
    """The first says so, and goes on when the second is closed."""
    # The server may say something between its answer to the page's goodbye and the end.
    browser.tolerate("Data frame received after close")
    join(browser.page, server)
    with PatientClient(server.port) as ann:
        ann.join("ann")
        tab = browser.open_tab()
        tab.goto(f"https://127.0.0.1:{server.port}/")
        tab.wait_for("#banner", "another tab")
        tab.wait_for("#banner-buttons button", "Continue here").click()
        tab.wait_for("#room-state", "seats taken")
        browser.page.wait_for("#banner", "another tab")
        ann.send(Say("1", "to you"))
        tab.wait_for(".message", "to you")
        tab.close()
        browser.page.wait_for(".message", "to you")
        assert browser.page.texts(TEXTS) == ["to you"]


def test_a_full_room_is_waited_for(browser: Chromium) -> None:
    """Until there is a seat."""
    with open_room(web=True, seats=1) as server, PatientClient(server.port) as ann:
        ann.join("ann")
        browser.page.goto(link_to(server))
        browser.page.wait_for("#join-name").type("Zoë")
        browser.page.find("#join-button").click()
        browser.page.wait_for("#banner", "is full")
        browser.page.wait_for("#banner-buttons button", "Wait for a seat").click()
        browser.page.wait_for("#banner-buttons button", "Stop waiting")
        assert browser.page.find("#room-state").text == "Waiting…"
        assert not browser.page.find("#join").is_shown
        server.run_command(Kick("ann"))
        browser.page.wait_for("#room-state", "1 of 1 seats taken")


def test_waiting_ends_where_guests_are_not_admitted_any_more(browser: Chromium) -> None:
    """The page says so, although the server does not talk to it, and waits no longer."""
    browser.tolerate("403")
    with open_room(web=True, seats=1) as server, PatientClient(server.port) as ann:
        ann.join("ann")
        browser.page.goto(link_to(server))
        browser.page.wait_for("#join-name").type("Zoë")
        browser.page.find("#join-button").click()
        browser.page.wait_for("#banner-buttons button", "Wait for a seat").click()
        browser.page.wait_for("#banner-buttons button", "Stop waiting")
        server.run_command(DismissGuests())
        browser.page.wait_for("#banner.danger", "takes no guests from the browser")
        assert "Waiting" not in browser.page.text


def test_a_locked_room_says_so(server: Server, browser: Chromium) -> None:
    """And lets in when the host unlocks it."""
    server.run_command(Lock())
    await_host_event(server, CommandDone)
    browser.page.goto(link_to(server))
    browser.page.wait_for("#join-name").type("Zoë")
    browser.page.find("#join-button").click()
    browser.page.wait_for("#banner", "locked")
    server.run_command(Unlock())
    browser.page.wait_for("#banner-buttons button", "Wait").click()
    browser.page.wait_for("#room-state", "seats taken")


def test_a_removed_guest_can_rejoin(server: Server, browser: Chromium) -> None:
    """As a new member; what was said stays readable."""
    join(browser.page, server)
    say(browser.page, "Hello")
    browser.page.wait_for(".message.own.sent", "Hello")
    server.run_command(Kick("Zoë", "spam"))
    browser.page.wait_for("#banner", "The host removed you from “Tea”: spam.")
    assert browser.page.texts(TEXTS) == ["Hello"]
    assert browser.page.find("#composer-text").property("disabled")
    browser.page.wait_for("#banner-buttons button", "Rejoin").click()
    browser.page.wait_for("#room-state", "seats taken")
    say(browser.page, "again")
    browser.page.wait_for(".message.own.sent", "again")
    assert browser.page.texts(TEXTS) == ["Hello", "again"]


def test_an_old_link_says_what_to_do(server: Server, browser: Chromium) -> None:
    """And the new one is taken on the same page, as when the code is scanned again."""
    old = link_to(server)
    server.run_command(RenewGuestLink())
    await_host_event(server, GuestLink)
    browser.page.goto(old)
    browser.page.wait_for("#join-name").type("Zoë")
    browser.page.find("#join-button").click()
    browser.page.wait_for("#banner", "link is not valid")
    assert browser.page.count("#banner-buttons button") == 0
    browser.page.run("location.hash = args[0];", link_to(server).partition("#")[2])
    give_name(browser.page, "Zoë")


def test_guests_who_are_sent_away_read_why(server: Server, browser: Chromium) -> None:
    """When the host admits none any more."""
    join(browser.page, server)
    server.run_command(DismissGuests())
    browser.page.wait_for("#banner.danger", "browser")
    assert browser.page.find("#room-state").text == "Not in the room"


def test_a_closed_room(open_browser: OpenBrowser) -> None:
    """Can be tried again."""
    browser = open_browser(screen=PHONE)
    with open_room(web=True) as server:
        join(browser.page, server)
    browser.page.wait_for("#banner", "The host has closed “Tea”.")
    browser.page.wait_for("#banner-buttons button", "Try again")
