"""Reactions are counted on the page as in the other front ends."""

from __future__ import annotations

from typing import Any

import pytest

from messango.protocol.limits import MAX_REACTION_NAMES, MAX_REACTIONS
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

REACTIONS = "model/transcript/reactions.js"
BEN = {"emoji": "👍", "count": 1, "mine": False, "names": ["Ben"]}


def change(**fields: Any) -> dict[str, Any]:
    """Return a change of Zoë's, who is not us."""
    return {"emoji": "👍", "on": True, "name": "Zoë", "own": False} | fields


@pytest.mark.parametrize(
    ("before", "changed", "after"),
    [
        ([], change(), [BEN | {"names": ["Zoë"]}]),
        ([BEN], change(), [BEN | {"count": 2, "names": ["Ben", "Zoë"]}]),
        ([BEN], change(own=True), [BEN | {"count": 2, "mine": True, "names": ["Ben", "Zoë"]}]),
        ([BEN], change(emoji="😀"), [BEN, {"emoji": "😀", "count": 1, "mine": False, "names": ["Zoë"]}]),
        ([BEN], change(name="Ben", on=False), []),
        ([BEN | {"count": 3}], change(on=False), [BEN | {"count": 2}]),
        ([BEN | {"mine": True}], change(own=True), [BEN | {"mine": True}]),
        ([BEN], change(own=True, on=False), [BEN]),
        ([], change(on=False), []),
    ],
)
def test_a_change(modules: Modules, before: list[Any], changed: dict[str, Any], after: list[Any]) -> None:
    """Adds one or takes one back; what changes nothing, such as a second receipt, counts nothing."""
    assert modules.call(REACTIONS, "changedReactions", before, changed) == after


def test_kinds_and_names_are_bounded(modules: Modules) -> None:
    """A room can't fill the page with them."""
    many = [BEN | {"emoji": f"e{index}"} for index in range(MAX_REACTIONS)]
    assert modules.call(REACTIONS, "changedReactions", many, change()) == many
    named = BEN | {"count": MAX_REACTION_NAMES, "names": ["x"] * MAX_REACTION_NAMES}
    (after,) = modules.call(REACTIONS, "changedReactions", [named], change())
    assert (after["count"], len(after["names"])) == (MAX_REACTION_NAMES + 1, MAX_REACTION_NAMES)
    assert len(modules.call(REACTIONS, "cleanReactions", [*many, BEN])) == MAX_REACTIONS


def test_impossible_ones_are_left_out(modules: Modules) -> None:
    """The same emoji twice, none at all, and those of nobody."""
    sent = [BEN, BEN, BEN | {"emoji": ""}, BEN | {"emoji": "x", "count": 0}]
    assert modules.call(REACTIONS, "cleanReactions", sent) == [BEN]
    assert modules.call(REACTIONS, "cleanReactions", None) == []
