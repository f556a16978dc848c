"""The message field: Enter, its height, what is too long, and the draft."""

from __future__ import annotations

import pytest

from tests.support.browser.chromium import DESKTOP, PHONE, SMALL_PHONE, ChromiumPage, Screen
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser


def field(page: ChromiumPage) -> str:
    """Return what is in the field."""
    return str(page.find("#composer-text").property("value"))


def height(page: ChromiumPage) -> float:
    """Return the height of the field."""
    return float(page.run("return document.querySelector('#composer-text').offsetHeight;"))


def test_enter_sends_with_a_keyboard(open_conversation: OpenConversation) -> None:
    """With Shift it begins a new line; nothing but spaces is not sent."""
    page = open_conversation(screen=DESKTOP)
    page.find("#composer-text").type(f"a{Key.SHIFT}{Key.ENTER}{Key.SHIFT}b")
    assert field(page) == "a\nb"
    page.keys(Key.ENTER)
    page.wait_for(".message.own.sent", "b")
    page.keys(" ", Key.ENTER)
    assert page.count(".message.own") == 1


def test_enter_begins_a_new_line_on_a_phone(open_conversation: OpenConversation) -> None:
    """Its keyboard has no Shift and Enter; the button sends."""
    page = open_conversation(screen=PHONE)
    page.find("#composer-text").type(f"a{Key.ENTER}b")
    assert field(page) == "a\nb"
    page.find("#send-button").click()
    page.wait_for(".message.own.sent", "a\nb")
    assert field(page) == ""


@pytest.mark.parametrize("screen", [SMALL_PHONE, DESKTOP])
def test_the_field_grows_with_its_text(open_conversation: OpenConversation, screen: Screen) -> None:
    """Up to a part of the screen, and shrinks when it was sent; a long hint does not make it higher."""
    page = open_conversation(screen=screen)
    page.run("session.room.name = 'A room with a long name '.repeat(5); app.composer.refresh();")
    line = height(page)
    page.run("app.composer.text = 'a\\nb\\nc';")
    three = height(page)
    page.run("app.composer.text = 'line\\n'.repeat(100);")
    assert line < 60 < three < height(page) < screen.height / 2
    page.find("#send-button").click()
    assert height(page) == line


def test_the_end_stays_in_view_when_the_field_grows(open_conversation: OpenConversation) -> None:
    """Also if a scroll of before is told only then."""
    page = open_conversation(count=60)
    page.run(
        """
        const view = document.querySelector('#conversation');
        const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        for (let n = 0; n < 5; n += 1) {
          app.composer.text = 'line\\n'.repeat(n * 3);
          view.scrollTop -= 1;
          await frame();
        }
        """
    )
    page.wait(
        "const view = document.querySelector('#conversation');"
        "return view.scrollHeight - view.scrollTop - view.clientHeight < 2;"
    )
    assert not page.find("#newest-button").is_shown


def test_too_much_stays_in_the_field(open_conversation: OpenConversation) -> None:
    """With the reason, until it is changed; a counter tells before."""
    page = open_conversation(features=[])
    page.run("app.composer.text = 'x'.repeat(7990);")
    assert page.wait_for("#composer-count").text == "10 characters left"
    page.run("app.composer.text = 'x'.repeat(8001);")
    page.find("#send-button").click()
    assert "too long" in page.wait_for("#composer-error").text
    assert len(field(page)) == 8001
    page.find("#composer-text").type(Key.BACKSPACE)
    page.wait_gone("#composer-error:not(:empty)")


def test_what_is_half_written_is_kept(open_conversation: OpenConversation) -> None:
    """Soon, and when the page goes; what was sent is not."""
    page = open_conversation()
    page.run("app.storage.room = 'r-1';")
    page.find("#composer-text").type("half")
    page.wait("return app.storage.draft?.text === 'half';")
    page.find("#send-button").click()
    assert page.run("return app.storage.draft;") is None


def test_out_of_the_room_nothing_can_be_written(open_conversation: OpenConversation) -> None:
    """While the connection is lost, everything can."""
    page = open_conversation()
    script = "membership.state = args[0]; membership.dispatchEvent(new Event('state'));"
    states = {"reconnecting": False, "closed": True, "refused": True, "elsewhere": True, "joined": False}
    for state, is_disabled in states.items():
        page.run(script, state)
        assert page.find("#composer-text").property("disabled") is is_disabled
        assert page.find("#send-button").property("disabled") is is_disabled


def test_the_title_counts_what_nobody_has_seen(open_conversation: OpenConversation) -> None:
    """Until somebody looks."""
    page = open_conversation()
    look = "Object.defineProperty(document, 'hidden', {value: args[0], configurable: true});"
    change = "document.dispatchEvent(new Event('visibilitychange'));"
    page.run(f"room.says('Ben', 'seen'); {look} {change}", True)
    assert page.title == "Table 4"
    page.run("room.says('Ben', 'one'); room.says('Ann', 'two'); session.say('mine');")
    page.wait_for(".message.own.sent")
    assert page.title == "(2) Table 4"
    page.run(f"{look} {change}", False)
    assert page.title == "Table 4"
