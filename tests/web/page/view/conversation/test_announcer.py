"""What a screen reader reads by itself."""

from __future__ import annotations

import pytest

from tests.web.page.view.conftest import OpenConversation

pytestmark = pytest.mark.browser

READ = "return document.getElementById('live').textContent;"


def test_new_messages_of_others_are_read(open_conversation: OpenConversation) -> None:
    """Not the history, nor one's own, nor quiet lines."""
    page = open_conversation(count=20)
    assert page.run(READ) == ""
    page.run("session.say('mine');")
    page.wait_for(".own.sent", "mine")
    assert page.run(READ) == ""
    page.run("room.says('Ben', 'Hello\\nall');")
    assert page.run(READ) == "Ben: Hello all"
    page.run(
        "room.add({type: 'told', member: 'm-ann', name: 'Ann', to: 'm-zoe', to_name: 'Zoë', text: 'psst'});"
    )
    page.wait("return document.getElementById('live').textContent === 'Ann, only to you: psst';")


def test_of_many_only_the_number_is_read(open_conversation: OpenConversation) -> None:
    """At most one reading in two seconds."""
    page = open_conversation()
    page.run("room.says('Ben', 'first'); for (let n = 0; n < 9; n += 1) room.says('Ben', `more ${n}`);")
    assert page.run(READ) == "Ben: first"
    page.wait("return document.getElementById('live').textContent === '9 new messages';")
