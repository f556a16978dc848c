"""Scrolling up to the beginning of a conversation: what one reads stays where it is."""

from __future__ import annotations

import pytest

from tests.support.browser.chromium import ChromiumPage
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

#: The first visible message and its place, and the next frame.
PLACE = """
const view = document.querySelector('#conversation');
const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const top = (node) => node && node.getBoundingClientRect().top - view.getBoundingClientRect().top;
const reading = () => [...document.querySelectorAll('.message')].find((node) => top(node) >= 0);
"""


def note(page: ChromiumPage) -> str:
    """Return what stands above the first message."""
    return str(page.find("#earlier-state").property("textContent"))


def test_a_reader_comes_to_the_beginning_and_nothing_jumps(open_conversation: OpenConversation) -> None:
    """Of 1,500 messages a bounded number are elements at a time."""
    page = open_conversation(count=1500)
    moved, most = page.run(
        PLACE
        + """
        let [most, moved] = [0, 0];
        while (!document.querySelector('#earlier-state').textContent) {
          view.scrollTop -= 900;
          const [node, before] = [reading(), top(reading())];
          await frame();
          if (Math.abs(top(node) - before) > 1) moved += 1;
          most = Math.max(most, document.querySelectorAll('.message').length);
        }
        return [moved, most];
        """
    )
    assert moved == 0
    assert most <= 300
    assert note(page) == "This is the beginning of Table 4"
    page.run("document.querySelector('#conversation').scrollTop = 0;")
    page.wait_for(".message", "Message 1")
    page.find("#newest-button").click()
    page.wait_for(".message", "Message 1500")


def test_a_room_that_keeps_only_the_newest_says_so(open_conversation: OpenConversation) -> None:
    """Nothing older can be loaded."""
    page = open_conversation(count=400, oldest=200)
    page.run("await app.transcript.goTo(200);")
    page.wait(
        "return document.querySelector('#earlier-state').textContent === 'The room keeps nothing older';"
    )
    script = "await app.transcript.goTo(100); return document.querySelector('#notices').textContent;"
    assert page.run(script) == "That message is not in the room any more"


def test_what_fails_is_asked_again(open_conversation: OpenConversation) -> None:
    """Meanwhile the reader is told."""
    page = open_conversation(count=300)
    page.run(
        """
        const earlier = session.earlier.bind(session);
        session.earlier = () => {
          session.earlier = earlier;
          return Promise.reject({reason: 'Not now.'});
        };
        document.querySelector('#conversation').scrollTop = 0;
        const state = document.querySelector('#earlier-state');
        while (!state.textContent.includes('could not be loaded')) await new Promise(requestAnimationFrame);
        """
    )
    page.wait("return session.transcript.oldest === 101;")


def test_a_slow_answer_is_announced(open_conversation: OpenConversation) -> None:
    """Only if it takes a moment."""
    page = open_conversation(count=300)
    page.run("room.isSilent = true; document.querySelector('#conversation').scrollTop = 0;")
    page.wait_for("#earlier-state", "Loading earlier messages…")


@pytest.mark.parametrize("change", ["grows", "edited", "reacted", "new"])
def test_changes_elsewhere_do_not_move_what_one_reads(
    open_conversation: OpenConversation, change: str
) -> None:
    """Above it messages change their height, as with a picture that has loaded; below it come new ones."""
    page = open_conversation(count=100)
    ben = "member: 'm-ben', name: 'Ben', target: seq - 1"
    changes = {
        "grows": "reading().previousElementSibling.querySelector('.bubble').style.height = '300px';",
        "edited": f"room.add({{type: 'edited', {ben}, text: 'long '.repeat(200)}});",
        "reacted": f"room.add({{type: 'reacted', {ben}, emoji: '👍', on: true}});",
        "new": "for (let count = 0; count < 30; count += 1) room.says('Ben', `New ${count}`);",
    }
    before, after, height = page.run(
        PLACE
        + f"""
        view.scrollTop = 1500;
        await frame();
        const node = reading();
        const seq = Number(node.querySelector('.text').textContent.split(' ')[1]);
        const [before, height] = [top(node), view.scrollHeight];
        {changes[change]}
        await frame();
        await frame();
        return [before, top(node), view.scrollHeight - height];
        """
    )
    assert before == pytest.approx(after, abs=1)
    assert height != 0


def test_the_end_stays_in_view_when_something_grows(open_conversation: OpenConversation) -> None:
    """As when a picture in the last message has loaded."""
    page = open_conversation(count=50)
    script = "[...document.querySelectorAll('.bubble')].pop().style.height = '500px';"
    page.run(script)
    page.wait(
        "const view = document.querySelector('#conversation');"
        "return view.scrollHeight - view.scrollTop - view.clientHeight < 2 && view.scrollHeight > 1500;"
    )


def test_a_message_far_above_is_found_and_one_comes_back(open_conversation: OpenConversation) -> None:
    """It is loaded with all that follows it, which stays loaded; the keyboard goes there too."""
    page = open_conversation(count=5000)
    marked, focused = page.run(
        "await app.transcript.goTo(700);"
        "return [document.querySelector('.jumped'), document.activeElement].map((one) => one.textContent);"
    )
    assert "Message 700" in marked
    assert "Message 700" in focused
    assert page.count(".message") <= 300
    page.wait_for("#newest-button", "Newest messages ↓").click()
    page.wait_for(".message", "Message 5000")
    assert page.run("return app.transcript.isAtEnd;")


def test_new_messages_are_counted_while_one_reads_above(open_conversation: OpenConversation) -> None:
    """And marked by a line, until one writes something."""
    page = open_conversation(count=1000)
    page.run("await app.transcript.goTo(500); room.says('Ben', 'One'); room.says('Ann', 'Two');")
    page.wait_for("#newest-button", "2 new messages ↓").click()
    page.wait_for(".new-line", "New messages")
    page.run("session.say('Read');")
    page.wait_gone(".new-line")
