"""One's own name and place in a real room, and what is known of it before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.room.host.host_command import Lock
from messango.room.host.host_events import CommandDone
from tests.support.browser.chromium import SMALL_PHONE, Chromium
from tests.support.browser.keys import Key
from tests.support.raw_client import PatientClient
from tests.support.rooms import await_host_event, open_room
from tests.web.page.view.rooms import join_by_browser, link_of

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Chromium]


def test_the_name_can_be_changed(open_browser: OpenBrowser) -> None:
    """The person reads what it became, if another member has it already."""
    with open_room(web=True) as server, PatientClient(server.port) as ann:
        ann.join("ann")
        page = join_by_browser(open_browser(screen=SMALL_PHONE), server, "Zoë")
        page.find("#people-button").click()
        page.find("#people-foot button").click()
        field = page.find("#new-name")
        field.clear()
        page.find("#dialog-buttons .primary").click()
        page.wait_for("#name-error", "Please enter your name.")
        field.type("ann" + Key.ENTER)
        page.wait_gone("#dialog")
        page.wait_for(".notice", "You are now called “ann 2”: “ann” was taken")
        assert page.run("return document.activeElement.textContent;") == "Change name"
        assert page.wait_for(".person", "ann 2")


def test_one_can_leave_and_join_again(open_browser: OpenBrowser) -> None:
    """After a question, which one can answer with no."""
    with open_room(web=True) as server:
        page = join_by_browser(open_browser(screen=SMALL_PHONE), server, "Zoë")
        for answer in ("Stay", "Leave"):
            if not page.find("#people-panel").is_shown:
                page.find("#people-button").click()
            page.find("#people-foot button", 1).click()
            button = page.wait_for("#dialog button", answer)
            assert page.run("return document.activeElement.textContent;") == "Stay"
            button.click()
            page.wait_gone("#dialog")
        page.wait_for("#banner", "You left the room.")
        page.wait_for("#banner button", "Rejoin").click()
        page.wait_for("#room-state", "1 of")


def test_the_room_is_known_before_joining(open_browser: OpenBrowser) -> None:
    """Its name, its seats, and whether there is a place."""
    with open_room(web=True) as server, PatientClient(server.port) as ann:
        ann.join("ann")
        page = open_browser(screen=SMALL_PHONE).page
        page.goto(link_of(server))
        page.wait_for("#join-room", "1 of 5 seats taken")
        page.wait_for("#room-name", "Tea")
        assert page.find("#join-title").text[6:-1] == "Tea"
        server.run_command(Lock())
        await_host_event(server, CommandDone)
        page.goto("about:blank")
        page.goto(link_of(server))
        page.wait_for("#join-room", "The host has locked the room: you can wait until it is unlocked.")
        page.find("#join-name").type("Zoë")
        page.find("#join-button").click()
        page.wait_for("#banner", "The host has locked the room.")
