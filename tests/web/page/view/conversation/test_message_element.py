"""What a message shows: text, markup, quotes, reactions; nothing of it is ever markup of the page."""

from __future__ import annotations

import pytest

from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

HOSTILE = (
    '<img src=x onerror="document.title=1"><script>document.title=2</script> &amp; javascript:alert(1) "<b>'
)


def test_a_hostile_text_is_only_text(open_conversation: OpenConversation) -> None:
    """In messages, names, quotes, reactions and results of a search."""
    page = open_conversation()
    page.run(
        """
        const seq = room.says('Ben', args[0], {name: args[0].slice(0, 30)});
        room.says('Ann', 'answer', {reply: {seq, name: args[0], text: args[0]}});
        room.add({type: 'reacted', member: 'm-ben', name: args[0], target: seq, emoji: '<b>x</b>', on: true});
        """,
        HOSTILE,
    )
    shown = page.wait_for(".message .text", "onerror").property("textContent")
    assert shown == HOSTILE
    assert page.count("#messages :is(img, script, a)") == 0
    assert page.title == "Table 4"


def test_markup_is_shown_as_in_the_window(open_conversation: OpenConversation) -> None:
    """Marks are left out; blocks end their lines by themselves."""
    page = open_conversation()
    text = "> a *b*\n> c\nd _e_ ~f~ `g`\n- h\n```\ni\n  j\n```\nk https://example.org/x."
    html = page.run("room.says('Ben', args[0]); return document.querySelector('.text').innerHTML;", text)
    link = (
        '<a href="https://example.org/x" target="_blank" rel="noopener noreferrer">https://example.org/x</a>'
    )
    assert html == (
        "<blockquote>a <b>b</b></blockquote><blockquote>c</blockquote>"
        "d <i>e</i> <s>f</s> <code>g</code>\n• h\n"
        f'<code class="block" dir="ltr">i\n  j</code>k {link}.'
    )


def test_an_answer_shows_what_it_answers_and_leads_there(open_conversation: OpenConversation) -> None:
    """Also to a message that is not loaded yet."""
    page = open_conversation(count=300)
    page.run("room.says('Ben', 'yes', {reply: room.quote(20)}); room.says('Ben', 'no', {reply: {seq: 3}});")
    page.run("room.says('Ann', 'what', {reply: {seq: 4, name: 'Ben', text: ''}});")
    assert page.texts(".quote") == [
        "Ann Message 20",
        "a message that the room no longer keeps",
        "Ben deleted message",
    ]
    page.find(".quote").click()
    page.wait_for(".message:focus", "Message 20")


def test_reactions_are_counted_and_own_ones_are_taken_back(open_conversation: OpenConversation) -> None:
    """Who reacted is in the label. The focus stays on the chip while it is drawn again."""
    page = open_conversation()
    page.run(
        """
        const target = room.says('Ben', 'Hello');
        for (const [member, name] of [['m-ben', 'Ben'], ['m-ann', 'Ann']]) {
          room.add({type: 'reacted', member, name, target, emoji: '👍', on: true});
        }
        """
    )
    chip = page.wait_for(".chip", "👍 2")
    assert chip.label == "Ben and Ann reacted with 👍"
    chip.click()
    own = page.wait_for('.chip[aria-pressed="true"]', "👍 3")
    assert own.label == "You, Ben and Ann reacted with 👍"
    assert page.run("return document.activeElement.name;") == "react 👍"
    own.click()
    page.wait_for('.chip[aria-pressed="false"]', "👍 2")


def test_an_action_an_edit_and_a_deletion(open_conversation: OpenConversation) -> None:
    """In the words of the window."""
    page = open_conversation()
    page.run("room.says('Ben', '/me waves'); room.says('Ann', 'Hello');")
    assert page.find(".text.action").text == "Ben waves"
    page.run("room.add({type: 'edited', member: 'm-ann', name: 'Ann', target: 2, text: 'Hello all'});")
    page.wait_for(".message .meta", "edited")
    assert page.find(".text", 1).text == "Hello all"
    page.run("room.add({type: 'deleted', member: 'm-ann', name: 'Ann', target: 2});")
    page.wait_for(".text.gone", "This message was deleted")
    assert page.count(".more") == 1


def test_mentions_are_marked(open_conversation: OpenConversation) -> None:
    """By a colour and in words, by name and by answering."""
    page = open_conversation()
    page.run("session.say('mine');")
    page.wait_for(".own.sent")
    page.run(
        "room.says('Ben', 'ask zoe'); room.says('Ben', 'no');room.says('Ben', 'yes', {reply: room.quote(1)});"
    )
    page.wait_for(".message.mention", "yes")
    assert page.texts(".mention .text") == ["ask zoe", "yes"]
    page.wait_for(".mention .meta", "mentions you")


def test_a_message_that_was_not_sent_says_why(open_conversation: OpenConversation) -> None:
    """It can be sent again, or discarded."""
    page = open_conversation()
    page.run(
        """
        room.isSilent = true;
        session.say('Hello');
        const {id} = membership.sent.find((frame) => frame.type === 'say');
        membership.receive({type: 'problem', id, code: 'flood', reason: 'Too fast.', hint: 'Wait.'});
        """
    )
    page.wait_for(".trouble", "Not sent. Too fast. Wait.")
    page.run("room.isSilent = false;")
    page.find(".trouble button").click()
    page.wait_for(".own.sent", "Hello")
    page.wait_gone(".trouble")
