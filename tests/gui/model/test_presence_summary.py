"""Who came and who went, in one line."""

from __future__ import annotations

from messango.gui.model.presence_summary import PresenceSummary, join_names


def test_each_way_is_told_once() -> None:
    """Those who came, came back, went and looked in, in this order."""
    comings = PresenceSummary()
    for name in ("Ben", "Chiara", "Fay"):
        comings.member_joined(name)
    comings.member_left("Deniz", "")
    comings.member_left("Eve", "the connection broke")
    comings.member_left("Fay", "")
    comings.member_left("Gus", "")
    comings.member_joined("Gus")
    assert comings.text == (
        "Ben and Chiara joined · Gus left and came back · Deniz left · "
        "Eve left (the connection broke) · Fay looked in"
    )


def test_what_counts_is_how_it_ends() -> None:
    """Who comes and goes a hundred times is told once."""
    comings = PresenceSummary()
    for _ in range(100):
        comings.member_joined("Ben")
        comings.member_left("Ben", "")
    assert comings.text == "Ben looked in"
    comings.member_joined("Ben")
    assert comings.text == "Ben joined"


def test_many_names_are_counted() -> None:
    """A line stays a line when a whole class comes in."""
    assert join_names(["Ann"]) == "Ann"
    assert join_names(["Ann", "Ben", "Chiara"]) == "Ann, Ben and Chiara"
    names = [f"guest {number}" for number in range(30)]
    assert join_names(names) == "guest 0, guest 1, guest 2, guest 3 and 26 others"
