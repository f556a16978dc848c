"""The texts of reactions."""

from __future__ import annotations

import pytest

from messango.gui.model.transcript.reaction_texts import count_text, who_reacted
from messango.protocol.frames import Reaction


@pytest.mark.parametrize(
    ("reaction", "text"),
    [
        (Reaction("👍", 1, mine=False, names=("Ben",)), "Ben reacted with 👍"),
        (Reaction("👍", 1, mine=True, names=("Ann",)), "You reacted with 👍"),
        (Reaction("👍", 2, mine=True, names=("Ben", "Ann")), "You and Ben reacted with 👍"),
        (Reaction("👍", 5, mine=True, names=("Ben", "Ann")), "You, Ben and 3 others reacted with 👍"),
        (Reaction("👍", 2, mine=False, names=("Ben",)), "Ben and 1 other reacted with 👍"),
        (Reaction("👍", 0, mine=False, names=()), "Somebody reacted with 👍"),
    ],
)
def test_who_reacted(reaction: Reaction, text: str) -> None:
    """We are first; those without a name are counted."""
    assert who_reacted(reaction, "Ann") == text


def test_all_names_that_the_room_sends_are_listed() -> None:
    """Ten, and how many more there are."""
    names = tuple("BCDEFGHIJK")
    text = who_reacted(Reaction("🎉", 12, mine=False, names=names), "Ann")
    assert text == "B, C, D, E, F, G, H, I, J, K and 2 others reacted with 🎉"


def test_names_can_say_nothing_by_themselves() -> None:
    """A name of several words stands between quotation marks."""
    text = who_reacted(Reaction("👍", 1, mine=False, names=("Ben and Ann agree. Nobody",)), "Ann")
    assert text == "“Ben and Ann agree. Nobody” reacted with 👍"


def test_counts_are_short() -> None:
    """Whatever a server sends."""
    counts = [count_text(Reaction("👍", count, mine=False)) for count in (-5, 0, 1, 999, 1_000, 10**18)]
    assert counts == ["1", "1", "1", "999", "999+", "999+"]
