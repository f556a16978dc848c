"""The order in which tests start when several run at once: the longest first, so that none ends alone."""

from __future__ import annotations

from typing import Final

import pytest

#: Tests that take ten seconds or more, most of it waiting; the first takes two minutes.
LONGEST: Final = (
    "test_a_minute_of_faults_breaks_no_promise",
    "test_its_user_takes_twenty_seconds_to_join",
    "test_an_unplugged_cable_frees_its_seat",
    "test_both_hosts_of_a_copied_folder_are_told",
    "test_a_message_survives_an_unplugged_cable",
    "test_a_member_that_never_reads",
    "test_rooms_of_joined_networks_get_different_names",
    "test_a_folder_on_another_machine_gets_another_identity",
    "test_nobody_is_moved_into_a_copy_of_the_room",
    "test_ten_thousand_rooms_do_not_exceed_the_table",
    "test_a_storm_disturbs_nobody",
)

#: Markers of the tests that take several seconds, about one second, and less than one.
_LONG: Final = ("lan", "program", "window")

#: Folders whose other tests wait for sockets, so that they should not be what is left at the end.
_WAITING: Final = frozenset({"app", "client", "discovery", "doctor", "hostile", "server", "transport"})


def longest_first(items: list[pytest.Item]) -> None:
    """Put the longest tests first; tests that take about as long keep their order."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    name = item.name.partition("[")[0]
    if name in LONGEST:
        return LONGEST.index(name)
    kinds = [rank for rank, marker in enumerate(_LONG) if item.get_closest_marker(marker)]
    waits = not _WAITING.isdisjoint(item.path.relative_to(item.config.rootpath).parts)
    return len(LONGEST) + min(kinds, default=len(_LONG) + (not waits))
