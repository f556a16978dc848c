"""The order in which tests begin where several run at a time: the longest first, so none is waited for."""

from __future__ import annotations

from typing import Final

import pytest

#: What takes ten seconds and more, most of it by waiting; the first one two minutes.
_LONGEST: Final = (
    "test_a_minute_of_faults_breaks_no_promise",
    "test_a_pulled_cable_frees_its_seat",
    "test_a_message_survives_a_pulled_cable",
    "test_a_member_that_never_reads",
    "test_rooms_of_networks_that_are_joined_are_told_apart",
    "test_ten_thousand_rooms_are_no_more_than_a_list_holds",
    "test_a_storm_disturbs_nobody",
)

#: Seconds each, then a second, then parts of one.
_LONG: Final = ("lan", "program", "window")


def longest_first(items: list[pytest.Item]) -> None:
    """Put the longest tests first; what takes about as long stays as it was."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.name in _LONGEST:
        return _LONGEST.index(item.name)
    kinds = [rank for rank, marker in enumerate(_LONG) if item.get_closest_marker(marker)]
    return len(_LONGEST) + min(kinds, default=len(_LONG))
