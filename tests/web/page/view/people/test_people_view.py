"""The list of people: beside the conversation, or over it on a phone."""

from __future__ import annotations

import pytest

from tests.support.browser.chromium import DESKTOP
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

FOCUSED = "return document.activeElement.textContent;"


def test_who_is_here_and_what_one_should_know(open_conversation: OpenConversation) -> None:
    """You first, then as they joined; those who lost the connection last."""
    page = open_conversation(screen=DESKTOP)
    title, rows = page.run(
        """
        membership.receive(
          {type: 'joined', member: 'm-x', name: 'Bеn', web: true, resembles: 'Ben'},
          {type: 'joined', member: 'm-y', name: 'Cleo', encrypted: false},
          {type: 'left', member: 'm-lee', name: 'Ann Lee', reason: 'connection-broke'},
          {type: 'typing', member: 'm-ann', name: 'Ann'},
        );
        const texts = (css) => [...document.querySelectorAll(css)].map((one) => one.textContent.trim());
        return [texts('#people-title'), texts('.person')];
        """
    )
    assert title == ["In the room: 5"]
    assert rows == [
        "Zoë you by browser",
        "Ann host, typing…",
        "Ben",
        "Bеn  looks like “Ben”, by browser",
        "Cleo  not encrypted",
        "Ann Lee lost connection",
    ]
    assert page.find(".person b").property("className") == page.run(
        "room.says('Ben', 'x', {name: 'Zoë'}); return document.querySelector('.name').className.slice(5);"
    )
    assert not page.find("#people-button").is_shown


@pytest.mark.parametrize("way", ["button", "escape", "beside", "back"])
def test_on_a_phone_it_is_over_the_conversation(open_conversation: OpenConversation, way: str) -> None:
    """Each way to close it leads back, with the focus, and once only."""
    page = open_conversation()
    assert not page.find("#people-panel").is_shown
    page.run("globalThis.backs = 0; addEventListener('popstate', () => { backs += 1; });")
    page.find("#people-button").click()
    assert page.find("#people-panel").is_shown
    assert page.run(FOCUSED) == "Close"
    assert page.run("return document.getElementById('talk').inert;")
    if way == "button":
        page.find("#people-close").click()
    elif way == "escape":
        page.keys(Key.ESCAPE)
    elif way == "beside":
        page.run("document.elementFromPoint(20, 400).click();")
    else:
        page.run("history.back();")
    page.wait_gone("#people-panel")
    assert page.run(FOCUSED) == "People"
    page.run("membership.receive({type: 'left', member: 'm-lee', name: 'Ann Lee', reason: 'left'});")
    page.wait("return backs === 1 && !history.state?.people;")
    assert not page.run("return document.getElementById('talk').inert;")


def test_a_row_keeps_the_focus(open_conversation: OpenConversation) -> None:
    """When others come, leave or type; if its own row goes, the next one has it."""
    page = open_conversation(screen=DESKTOP)
    page.run(
        "[...document.querySelectorAll('.person')].find((one) => one.textContent.includes('Ben')).focus();"
    )
    focused = page.run(
        """
        membership.receive({type: 'left', member: 'm-ann', name: 'Ann', reason: 'left'},
          {type: 'joined', member: 'm-dan', name: 'Dan'}, {type: 'typing', member: 'm-ben', name: 'Ben'});
        """
        + FOCUSED
    )
    assert focused.strip() == "Ben typing…"
    page.run("membership.receive({type: 'left', member: 'm-ben', name: 'Ben', reason: 'connection-broke'});")
    assert page.run(FOCUSED).strip() == "Ben lost connection"
    page.run("membership.receive({type: 'joined', member: 'm-ben', name: 'Ben'});")
    page.run("membership.receive({type: 'left', member: 'm-ben', name: 'Ben', reason: 'left'});")
    assert page.run(FOCUSED).strip() == "Dan"


def test_what_one_can_do_with_a_member(open_conversation: OpenConversation) -> None:
    """Write to them only, or mention them; with somebody who can't read it, only the latter."""
    page = open_conversation()
    page.run("membership.receive({type: 'joined', member: 'm-y', name: 'Cleo', encrypted: false});")
    page.find("#people-button").click()
    page.find(".person", 2).click()
    assert page.texts("#dialog button") == ["Message privately", "Mention"]
    page.find("#dialog button").click()
    page.wait_gone("#people-panel")
    page.wait_for("#composer-bar", "Only to Ben")
    assert page.run("return document.activeElement.id;") == "composer-text"
    page.keys(Key.ESCAPE)
    page.wait("return !history.state?.people;")  # The browser is back where it was before the panel.
    page.find("#people-button").click()
    page.find(".person", 4).click()
    page.wait_for("#dialog", "Cleo has no encrypted connection, so private messages can't be sent there.")
    page.find("#dialog button").click()
    assert page.find("#composer-text").property("value") == "Cleo: "


def test_a_room_that_is_left_has_no_people(open_conversation: OpenConversation) -> None:
    """Nobody is told from a list that is over."""
    page = open_conversation(screen=DESKTOP)
    page.run("membership.state = 'closed'; membership.dispatchEvent(new Event('state'));")
    assert not page.find("#people-panel").is_shown


def test_people_are_in_groups_by_server(open_conversation: OpenConversation) -> None:
    """Ours first; each has its name above, unless all are at one."""
    page = open_conversation(screen=DESKTOP)
    list_script = (
        "return [...document.querySelectorAll('#people-list li')].map((li) => li.textContent.trim());"
    )
    assert len(page.run(list_script)) == 4
    page.run(
        """
        membership.receive(
          {type: 'joined', member: 'm-x', name: 'Xeno', server: 'west'},
          {type: 'joined', member: 'm-y', name: 'Yann', server: 'Lab 2'},
          {type: 'joined', member: 'm-z', name: 'Zita', server: 'west'},
          {type: 'left', member: 'm-lee', name: 'Ann Lee', reason: 'connection-broke'},
        );
        """
    )
    assert page.run(list_script) == [
        *("Here", "Zoë you by browser", "Ann host", "Ben"),
        *("Lab 2", "Yann", "west", "Xeno", "Zita", "Away", "Ann Lee lost connection"),
    ]
