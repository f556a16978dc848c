"""The page for people who do not see it, see it badly, or touch it: in each state, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from tests.support.browser.accessibility import problems
from tests.support.browser.chromium import DESKTOP, SMALL_PHONE, Chromium, ChromiumPage, Look, Screen
from tests.support.browser.fake_room import open_fake_room
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

#: All kinds of messages, and of people.
FILL: Final = """
membership.receive(
  {type: 'joined', member: 'm-x', name: 'Bеn', web: true, resembles: 'Ben'},
  {type: 'joined', member: 'm-y', name: 'עדנה', encrypted: false},
  {type: 'joined', member: 'm-z', name: 'Somebody with a very long name', web: true},
  {type: 'left', member: 'm-lee', name: 'Ann Lee', reason: 'connection-broke'});
for (const name of ['Ben', 'Ann', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hal', 'Ida', 'Jo', 'Kim', 'Lea']) {
  room.says('Ben', `I am ${name}`, {name, member: `m-${name}`});
}
const seq = room.says('Ben', 'שלום לכולם');
room.add({type: 'told', member: 'm-ben', name: 'Ben', to: 'm-zoe', to_name: 'Zoë', text: 'Between us'});
session.tell('m-ben', 'Yes, only us');
session.react(seq, '👍', true);
session.say('Hi all');
await new Promise((done) => setTimeout(done));
room.says('Ben', 'yes @Zoë `code` https://example.org/x', {reply: room.quote(seq)});
room.says('Ann', '/me waves', {edited: true});
room.add({type: 'deleted', member: 'm-ben', name: 'Ben', target: 1});
room.says('Ben', 'plan.pdf', {file: {id: 'f1', name: 'plan.pdf', size: 12345, sha256: '0'}});
room.isSilent = true;
session.say('fails');
const {id} = membership.sent.filter((frame) => frame.type === 'say').pop();
membership.receive({type: 'problem', id, code: 'flood', reason: 'Too fast.', hint: 'Wait.'});
session.say('waits');
membership.receive({type: 'typing', member: 'm-ben', name: 'Ben'});
"""

#: What one can have open besides the conversation.
OPENED: Final = {
    "nothing": "",
    "people": "byId('people-button').click();",
    "a member": "rows.find((one) => one.textContent.startsWith('Ben')).click();",
    "a message to one member": "app.writeTo({id: 'm-ben', name: 'Ben'});",
    "the own name": "document.querySelector('#people-foot button').click();",
    "leaving": "document.querySelectorAll('#people-foot button')[1].click();",
    "the search": "byId('search-button').click();",
    "a found message": """
        byId('search-button').click();
        const field = document.querySelector('[type=search]');
        field.value = 'I am';
        field.dispatchEvent(new Event('input'));
        room.isSilent = false;
        while (!document.querySelector('.found')) await new Promise(requestAnimationFrame);
        """,
    "what one can do with a message": "[...document.querySelectorAll('.more')].pop().click();",
    "names to choose from": """
        const field = byId('composer-text');
        field.focus();
        field.value = '@';
        field.setSelectionRange(1, 1);
        field.dispatchEvent(new Event('input'));
        """,
    "a broken connection": "enter({state: 'reconnecting', reason: 'The connection was lost.'});",
    "the end": "enter({state: 'closed', code: 'left', reason: 'You left the room.'});",
    "joining": """
        const detail = {name: 'Table 4', members: 3, seats: 3};
        const look = () => membership.dispatchEvent(new CustomEvent('look', {detail}));
        enter({state: 'refused', code: 'bad-name', reason: 'No.', hint: 'Another.', look});
        """,
}
HELPERS: Final = """
const byId = (id) => document.getElementById(id);
const rows = [...document.querySelectorAll('.person')];
const enter = (fields) => {
  Object.assign(membership, fields);
  membership.dispatchEvent(new Event('state'));
};
"""


@pytest.mark.parametrize("screen", [SMALL_PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_wrong_in_any_state(
    open_browser: Callable[..., Chromium], page_url: str, screen: Screen, *, dark: bool
) -> None:
    """Names, references, landmarks, headings, contrast of 4.5 : 1, and 44 px for a finger."""
    browser = open_browser(screen=screen, look=Look(dark=dark))
    browser.tolerate("/favicon.ico")
    found = {}
    for name, script in OPENED.items():
        page = open_fake_room(browser.page, page_url, count=20)
        page.run(FILL)
        page.run(HELPERS + script)
        found[name] = problems(page, touch=screen.touch)
    assert found == {name: [] for name in OPENED}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("document.querySelector('.name').style.color = '#999';", ": 1 of"),
        ("document.getElementById('send-button').textContent = '';", "a button has no name"),
        ("document.getElementById('composer-text').setAttribute('aria-describedby', 'x');", "leads nowhere"),
        ("document.getElementById('live').id = 'room';", "the id room is there twice"),
        ("document.getElementById('search-button').style = 'min-height: 0; height: 30px';", "px of"),
        ("document.getElementById('room-name').outerHTML = '<b id=room-name>x</b>';", "first heading"),
        ("document.getElementById('header').style.width = '2000px';", "wider than the screen"),
    ],
)
def test_the_check_finds_what_is_wrong(
    open_conversation: OpenConversation, change: str, problem: str
) -> None:
    """Otherwise the test above would say nothing."""
    page = open_conversation()
    page.run("room.says('Ben', 'Hello');" + change)
    found = problems(page)
    assert any(problem in one for one in found)


USABLE: Final = """
const isInside = ({left, right, top, bottom}) => left >= 0 && right <= innerWidth && top >= 0
  && bottom <= innerHeight;
const parts = ['composer-text', 'send-button', 'search-button'].map((id) => document.getElementById(id));
const talk = document.getElementById('conversation');
return parts.every((part) => isInside(part.getBoundingClientRect()))
  && talk.scrollWidth <= talk.clientWidth && talk.clientHeight > 60;
"""


def is_usable(page: ChromiumPage) -> bool:
    """Return whether one can read and write: the parts are on the screen, and there is space for messages."""
    return bool(page.run(USABLE))


def test_the_page_can_be_zoomed_and_its_text_enlarged(open_conversation: OpenConversation) -> None:
    """A desktop at 200 and 400 %, a phone with text twice as large."""
    page = open_conversation(screen=Screen(640, 400), count=20)
    assert is_usable(page)
    page.resize(Screen(320, 400))
    page.wait(USABLE)
    page = open_conversation(count=20)
    page.run("document.documentElement.style.fontSize = '200%';")
    assert is_usable(page)


def test_tab_goes_through_the_page_in_order(open_conversation: OpenConversation) -> None:
    """From the header to the conversation, its newest message, the field, and the people."""
    page = open_conversation(screen=DESKTOP, count=5)
    page.run("document.getElementById('search-button').focus();")
    order = []
    for _ in range(7):
        page.keys(Key.TAB)
        order.append(page.run("const {id, className} = document.activeElement; return id || className;"))
    assert order == ["conversation", "more", "icon", "composer-text", "send-button", "person", "person"]


def test_a_dialog_keeps_the_focus_and_gives_it_back(open_conversation: OpenConversation) -> None:
    """Tab stays in it, Escape closes it."""
    page = open_conversation(screen=DESKTOP)
    page.run("document.querySelector('#people-foot button').focus();")
    page.keys(Key.ENTER)
    for _ in range(6):
        page.keys(Key.TAB)
        assert page.run(
            "const one = document.activeElement; return one === document.body || !!one.closest('dialog');"
        )
    page.keys(Key.ESCAPE)
    page.wait_gone("#dialog")
    assert page.run("return document.activeElement.textContent;") == "Change name"


def test_the_field_is_in_one_column_with_the_messages(open_conversation: OpenConversation) -> None:
    """On a wide screen, apart from the space of a scroll bar."""
    page = open_conversation(screen=Screen(1600, 900), count=20)
    sides = page.run(
        """
        const parts = ['composer-row', 'messages'].map((id) => document.getElementById(id));
        const [row, list] = parts.map((part) => part.getBoundingClientRect());
        const padding = parseFloat(getComputedStyle(parts[1]).paddingLeft);
        return [row.left - list.left - padding, row.right - list.right + padding];
        """
    )
    assert max(map(abs, sides)) < 10


def test_nothing_moves_for_those_who_asked_for_that(
    open_browser: Callable[..., Chromium], page_url: str
) -> None:
    """No animation and no transition is left."""
    browser = open_browser(look=Look(reduced_motion=True))
    browser.tolerate("/favicon.ico")
    page = open_fake_room(browser.page, page_url, count=3)
    assert page.run("return document.getAnimations().length;") == 0
    style = "const style = getComputedStyle(document.getElementById('send-button'));"
    assert page.run(style + "return [style.animationName, style.transitionDuration];") == ["none", "0s"]


def test_forced_colors_leave_lines(open_conversation: OpenConversation) -> None:
    """The grounds of messages are gone then."""
    page = open_conversation()
    page.run("room.says('Ben', 'Hello');")
    page.cdp("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
    assert page.find(".bubble").style("border-top-width") == "1px"
