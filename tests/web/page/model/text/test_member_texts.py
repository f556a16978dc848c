"""What the list says of a member: the words of the window."""

from __future__ import annotations

import pytest

from messango.gui.model.conversation.roster import MemberRow
from messango.protocol.text.validation import HOST_NAME
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

ROWS = (
    MemberRow("Ben"),
    MemberRow("Zoë", you=True, web=True),
    MemberRow("Ann", host=True, you=True),
    MemberRow("Ann", host=True, typing=True),
    MemberRow("Ben", typing=True, encrypted=False),
    MemberRow("Ben", lost=True),
    MemberRow("Bеn", resembles="Ben", web=True, encrypted=False),
    MemberRow("host", resembles=HOST_NAME),
)


@pytest.mark.parametrize("row", ROWS)
def test_the_words_of_the_window(modules: Modules, row: MemberRow) -> None:
    """Behind the name, and below it."""
    member = {name: getattr(row, name) for name in ("you", "host", "web", "encrypted", "resembles")}
    member["isLost"] = row.lost
    script = """
    const {memberStatus, memberWarning} = await load('model/text/member_texts.js');
    return [memberStatus(member, isTyping), memberWarning(member)];
    """
    found = modules.run(script, member=member, isTyping=row.typing)
    assert found == [row.status, "" if row.lost else ", ".join(row.warnings)]
