"""Who is typing: the same sentence as in the other front ends."""

from __future__ import annotations

import pytest

from messango.client.members.presence import Presence
from messango.protocol.frames import Person
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

SETUP = """
const {TypingMembers} = await load('model/typing_members.js');
const typing = new TypingMembers();
const start = (name, more = {}) => typing.started({member: name, name, ...more}, 0);
"""


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [("Ben", False)],
        [("Ann Lee", False), ("Ben", True)],
        [("Ben", True)],
        [("Ben", True), ("Cleo", True)],
        [("Ben", False), ("Cleo", False), ("Dan", False)],
        [("Ben", True), ("Ben", False)],
    ],
)
def test_the_sentence(modules: Modules, frames: list[tuple[str, bool]]) -> None:
    """With names as long as they are few, and whether it is for us only."""
    presence = Presence(lambda: 0.0)
    presence.reset("", [Person(name, name) for name in dict(frames)])
    for name, private in frames:
        presence.typing_started(name, private=private)
    script = "for (const [name, isPrivate] of frames) start(name, {private: isPrivate}); return typing.text;"
    assert modules.run(SETUP + script, frames=frames) == presence.typing_text


def test_it_ends_by_itself_and_with_a_message(modules: Modules) -> None:
    """A little later than the next notice would come."""
    script = """
    start('Ben');
    const due = typing.update(2999);
    const before = typing.text;
    typing.update(3000);
    const after = typing.text;
    start('Cleo');
    typing.stopped('Cleo');
    return [due, before, after, typing.text, typing.update(0) === Infinity];
    """
    assert modules.run(SETUP + script) == [3000, "Ben is typing…", "", "", True]
