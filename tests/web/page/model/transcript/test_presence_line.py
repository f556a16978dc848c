"""Who joined and left: the page's line says what the other front ends say."""

from __future__ import annotations

from typing import Any

import pytest

from messango.client.members.presence_summary import PresenceSummary
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

BEN_JOINED, CLEO_JOINED = ("Ben", ""), ("Cleo Li", "")
BEN_LEFT, CLEO_LEFT = ("Ben", "left"), ("Cleo Li", "left")


@pytest.mark.parametrize(
    "steps",
    [
        [BEN_JOINED, CLEO_JOINED],
        [BEN_JOINED, CLEO_LEFT],
        [BEN_LEFT, BEN_JOINED],
        [BEN_JOINED, BEN_LEFT],
        [("Ben", "connection-broke"), BEN_JOINED, CLEO_JOINED],
        [("Ben", "kicked"), BEN_JOINED],
        [BEN_JOINED, ("Ben", "banned"), BEN_JOINED],
        [("Ben", "connection-broke"), ("Cleo Li", "connection-broke")],
        [BEN_JOINED, CLEO_JOINED, BEN_LEFT],
        [BEN_JOINED, CLEO_JOINED, CLEO_LEFT, CLEO_JOINED],
        [BEN_JOINED, ("Cleo Li", "", "Lab 2"), ("Deniz", "", "Lab 2")],
        [("Ben", "", "west"), BEN_LEFT],
        [("Ben", "", "west"), BEN_LEFT, ("Ben", "", "west")],
        [BEN_LEFT, ("Ben", "", "west")],
    ],
)
def test_one_line(modules: Modules, steps: list[Any]) -> None:
    """As the window's, for each course of events."""
    script = """
    const {PresenceLine} = await load('model/transcript/presence_line.js');
    const line = new PresenceLine();
    for (const [name, reason, server] of steps) {
      reason ? line.left({name, reason}) : line.joined(name, server);
    }
    return line.text;
    """
    summary = PresenceSummary()
    for name, reason, *server in steps:
        if reason:
            summary.member_left(name, reason)
        else:
            summary.member_joined(name, *server)
    assert modules.run(script, steps=steps) == summary.text


def test_a_line_does_not_grow_without_end(modules: Modules) -> None:
    """In a crowd that comes and goes, another one begins."""
    script = """
    const {PresenceLine} = await load('model/transcript/presence_line.js');
    const line = new PresenceLine();
    let count = 0;
    for (; !line.isFull; count += 1) count % 2 ? line.left({name: 'a' + count, reason: 'left'}) :
      line.joined('a' + count);
    return count;
    """
    assert modules.run(script) == 6
