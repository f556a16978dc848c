"""Messages to one member only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.chromium import DESKTOP, ChromiumPage
from tests.support.browser.keys import Key
from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

WRITE = "return app.writeTo({id: args[0], name: args[1]});"


def sent(page: ChromiumPage, kind: str) -> list[dict[str, Any]]:
    """Return the frames of a kind that the page has sent, without their ids."""
    found: list[dict[str, Any]] = page.run(
        "return membership.sent.filter((one) => one.type === args[0])"
        ".map(({id, ...one}) => JSON.parse(JSON.stringify(one)));",
        kind,
    )
    return found


def test_a_message_to_one_member(open_conversation: OpenConversation) -> None:
    """The bar says to whom and who can read it; afterwards one writes to everybody again."""
    page = open_conversation(screen=DESKTOP)
    assert page.run(WRITE, "m-ben", "Ben")
    bar = page.find("#composer-bar")
    assert bar.text.splitlines()[:2] == ["Only to Ben", "Only you two and the host can read this"]
    assert page.find("#send-button").text == "Send to Ben"
    assert page.find("#composer-text").property("placeholder") == "Write to Ben only"
    page.find("#composer-text").type("psst" + Key.ENTER)
    page.wait_for(".own.private", "psst")
    assert sent(page, "tell") == [{"type": "tell", "to": "m-ben", "text": "psst"}]
    assert sent(page, "typing") == [{"type": "typing", "to": "m-ben"}]
    assert not page.find("#composer-bar").is_shown
    assert page.find("#send-button").text == "Send"


def test_a_private_text_never_gets_to_everybody(open_conversation: OpenConversation) -> None:
    """Escape puts it away, and it comes back with its recipient; also over a reload."""
    page = open_conversation()
    page.run(WRITE, "m-ben", "Ben")
    page.find("#composer-text").type("secret")
    page.keys(Key.ESCAPE)
    assert page.find("#composer-text").property("value") == ""
    page.wait_for("#composer-error", "Your text to Ben is kept until you write to them again")
    page.find("#composer-text").type("all")
    page.run(WRITE, "m-ben", "Ben")
    assert page.find("#composer-text").property("value") == "secret"
    page.run("dispatchEvent(new Event('pagehide'));")
    draft = page.run("return app.storage.draft;")
    assert draft == {"text": "all", "privateText": "secret", "to": {"id": "m-ben", "name": "Ben"}}


@pytest.mark.parametrize(
    ("recipient", "value", "bar"),
    [("m-ben", "secret", True), ("m-gone", "/msg Ben secret", False)],
)
def test_a_stored_text_is_for_the_same_member(
    open_conversation: OpenConversation, recipient: str, value: str, *, bar: bool
) -> None:
    """If they are another one by now, it can't be sent to all by mistake."""
    page = open_conversation()
    page.run(
        """
        app.storage.draft = {text: '', privateText: 'secret', to: {id: args[0], name: 'Ben'}};
        session.dispatchEvent(new CustomEvent('room', {detail: session.room}));
        """,
        recipient,
    )
    assert page.find("#composer-text").property("value") == value
    assert page.find("#composer-bar").is_shown == bar
    page.find("#send-button").click()
    assert not sent(page, "say")
    assert len(sent(page, "tell")) == bar


def test_answers_to_private_messages_are_private(open_conversation: OpenConversation) -> None:
    """To the other of the two, also below one's own message."""
    page = open_conversation()
    page.run(
        """
        room.add({type: 'told', member: 'm-ben', name: 'Ben', to: 'm-zoe', to_name: 'Zoë', text: 'psst'});
        app.answering.answer(session.transcript.last);
        """
    )
    assert page.find("#composer-bar").text.splitlines()[:2] == ["Only to Ben, answering", "psst"]
    page.find("#composer-text").type("yes")
    page.find("#send-button").click()
    assert sent(page, "tell") == [{"type": "tell", "to": "m-ben", "text": "yes", "reply_to": 1}]


def test_somebody_who_is_away_or_has_left(open_conversation: OpenConversation) -> None:
    """What is sent to the former waits for them; to the latter nothing is sent."""
    page = open_conversation()
    page.run(WRITE, "m-ben", "Ben")
    page.run("membership.receive({type: 'left', member: 'm-ben', name: 'Ben', reason: 'connection-broke'});")
    page.wait_for(
        "#composer-bar", "Ben is away and will get it when they are back. Only you two and the host"
    )
    page.run("membership.receive({type: 'joined', member: 'm-ben', name: 'Ben'});")
    page.run("membership.receive({type: 'renamed', member: 'm-ben', old: 'Ben', name: 'Benjamin'});")
    page.wait_for("#composer-bar", "Only to Benjamin")
    page.run("membership.receive({type: 'left', member: 'm-ben', name: 'Benjamin', reason: 'left'});")
    blocked = "Benjamin is not in the room any more. This can't be sent; close it with ✕ first."
    page.wait_for("#composer-bar .error", blocked)
    page.find("#composer-text").type("psst")
    page.find("#send-button").click()
    page.wait_for("#composer-error", blocked)
    assert page.find("#composer-text").property("value") == "psst"
    assert not sent(page, "tell")
    assert not sent(page, "say")


@pytest.mark.parametrize(
    ("member", "name", "features", "refusal"),
    [
        ("m-zoe", "Zoë", ["private"], "That is you."),
        (
            "m-ben",
            "Ben",
            [],
            "This room has no private messages: its host uses an earlier version of Messango.",
        ),
        ("host", "ℹ Host", ["private"], "Announcements of the host can't be answered privately; "),
        ("", "Ben", ["private"], "Ben is not in the room any more."),
    ],
)
def test_why_one_can_not_write_to_somebody(
    open_conversation: OpenConversation, member: str, name: str, features: list[str], refusal: str
) -> None:
    """Before it is written, in the words of the window."""
    page = open_conversation(features=features)
    assert not page.run(WRITE, member, name)
    page.wait_for("#composer-error", refusal)
    assert not page.find("#composer-bar").is_shown


def test_a_command_is_not_sent(open_conversation: OpenConversation) -> None:
    """Nor does anybody read that one is typing it; two slashes send it."""
    page = open_conversation()
    page.find("#composer-text").type("/msg Ben psst")
    page.find("#send-button").click()
    page.wait_for("#composer-error", "There is no command /msg in the browser.")
    assert not sent(page, "say")
    page.find("#composer-text").clear()
    page.find("#composer-text").type("//msg")
    page.find("#send-button").click()
    assert sent(page, "say") == [{"type": "say", "text": "/msg"}]
