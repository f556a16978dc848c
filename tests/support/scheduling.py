"""The order in which tests start when several run at once: the longest first, so that none ends alone."""

from __future__ import annotations

from typing import Final

import pytest

#: Tests that take ten seconds or more, most of it waiting; the first takes two minutes.
LONGEST: Final = (
    "test_a_minute_of_faults_breaks_no_promise",
    "test_an_unplugged_cable_frees_its_seat",
    "test_a_message_survives_an_unplugged_cable",
    "test_a_member_that_never_reads",
    "test_rooms_of_joined_networks_get_different_names",
    "test_ten_thousand_rooms_do_not_exceed_the_table",
    "test_a_storm_disturbs_nobody",
)

#: Markers of the tests that take several seconds, about one second, and less than one.
_LONG: Final = ("lan", "program", "window")


def longest_first(items: list[pytest.Item]) -> None:
    """Put the longest tests first; tests that take about as long keep their order."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.name in LONGEST:
        return LONGEST.index(item.name)
    kinds = [rank for rank, marker in enumerate(_LONG) if item.get_closest_marker(marker)]
    return len(LONGEST) + min(kinds, default=len(_LONG))
