"""Times on the page."""

from __future__ import annotations

import time

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

TIME = "model/text/time.js"
NOON = time.mktime((2026, 11, 22, 12, 5, 0, 0, 0, -1))


def test_clock_and_day(modules: Modules) -> None:
    """As the window writes them."""
    assert modules.call(TIME, "clockTime", NOON) == "12:05"
    assert modules.call(TIME, "dayText", NOON) == "Sunday, 22 November 2026"


@pytest.mark.parametrize("moment", [1e300, -1e300])
def test_any_number_is_some_time(modules: Modules, moment: float) -> None:
    """A server may send one that no calendar has."""
    assert modules.call(TIME, "dayText", moment).endswith(("1970", "1969"))
    assert modules.call(TIME, "machineTime", moment) == "1970-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"time": NOON + 60}, True),
        ({"time": NOON + 301}, False),
        ({"time": NOON - 1}, False),
        ({"time": NOON + 60, "member": "m2"}, False),
        ({"time": NOON + 60, "name": "Ann"}, False),
        ({"time": NOON + 60, "to": "m3"}, False),
        ({"time": NOON + 60, "notice": "Ben left"}, False),
    ],
)
def test_who_follows_without_a_name(modules: Modules, change: dict[str, object], *, same: bool) -> None:
    """The same sender to the same people within five minutes."""
    last = {"member": "m1", "name": "Ben", "to": "", "time": NOON}
    assert modules.call(TIME, "isSameGroup", last, last | change) is same


def test_midnight_ends_a_group(modules: Modules) -> None:
    """The day line between needs a name below it."""
    late = NOON + 12 * 3600 - 301
    last = {"member": "m1", "name": "Ben", "to": "", "time": late}
    assert modules.call(TIME, "isSameGroup", last, last | {"time": late + 100}) is False
