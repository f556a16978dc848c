"""Who is typing, below the message field."""

from __future__ import annotations

import pytest

from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

#: To be read in the script after which somebody types: it is shown for three seconds.
STATE = "return document.getElementById('typing-state').textContent;"


def test_nothing_moves_when_somebody_types(open_conversation: OpenConversation) -> None:
    """It ends with their message."""
    page = open_conversation()
    top = "return document.getElementById('composer-text').getBoundingClientRect().top;"
    before = page.run(top)
    receive = "membership.receive({type: 'typing', member: 'm-ben', name: 'Ben', private: true});"
    assert page.run(receive + STATE) == "Ben is typing to you only…"
    assert page.run(receive + top) == before
    assert page.run(receive + "room.says('Ben', 'Hello');" + STATE) == ""


def test_it_ends_by_itself(open_conversation: OpenConversation) -> None:
    """After about as long as a notice is due; of strangers and of oneself nothing is shown."""
    page = open_conversation()
    script = (
        "const started = (member) => membership.receive({type: 'typing', member, name: member});"
        "['m-ben', 'm-zoe', 'm-x'].forEach(started);"
    )
    assert page.run(script + STATE) == "m-ben is typing…"
    page.wait("return !document.getElementById('typing-state').textContent;")
