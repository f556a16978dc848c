"""Who is typing, below the message field."""

from __future__ import annotations

import pytest

from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser


def test_nothing_moves_when_somebody_types(open_conversation: OpenConversation) -> None:
    """It ends with their message."""
    page = open_conversation()
    top = "return document.getElementById('composer-text').getBoundingClientRect().top;"
    before = page.run(top)
    page.run("membership.receive({type: 'typing', member: 'm-ben', name: 'Ben', private: true});")
    assert page.find("#typing-state").text == "Ben is typing to you only…"
    assert page.run(top) == before
    page.run("room.says('Ben', 'Hello');")
    assert page.find("#typing-state").text == ""


def test_it_ends_by_itself(open_conversation: OpenConversation) -> None:
    """After about as long as a notice is due; of strangers and of oneself nothing is shown."""
    page = open_conversation()
    page.run(
        "const started = (member) => membership.receive({type: 'typing', member, name: member});"
        "['m-ben', 'm-zoe', 'm-x'].forEach(started);"
    )
    assert page.find("#typing-state").text == "m-ben is typing…"
    page.wait("return !document.getElementById('typing-state').textContent;")
