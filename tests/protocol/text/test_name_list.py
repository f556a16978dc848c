"""Lists of names."""

from __future__ import annotations

from messango.protocol.text.name_list import join_names


def test_long_lists_of_names_are_counted() -> None:
    """A line stays a line when a whole class joins; "and 1 others" never happens."""
    assert join_names([]) == ""
    assert join_names(["Ann"]) == "Ann"
    assert join_names(["Ann", "Ben"]) == "Ann and Ben"
    assert join_names(["Ann", "Ben", "Cleo"]) == "Ann, Ben and Cleo"
    assert join_names([*"abcde"]) == "a, b, c, d and e"
    names = [f"guest {number}" for number in range(30)]
    assert join_names(names) == "guest 0, guest 1, guest 2, guest 3 and 26 others"
    assert join_names(names, most=30).endswith("guest 28 and guest 29")
