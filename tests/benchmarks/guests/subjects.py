"""What is measured of guests, by its kind and its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import OURS, Tree
from tests.benchmarks.files.movers import Ours
from tests.benchmarks.files.others import Curl
from tests.benchmarks.files.transfers import TransferResults, run_transfers
from tests.benchmarks.guests.browsers import Browsers
from tests.benchmarks.guests.files import SHAPE, ThePage
from tests.benchmarks.guests.five import five_guests
from tests.benchmarks.guests.memory import guest_memory, page_visits
from tests.benchmarks.guests.ordinary_room import with_and_without
from tests.benchmarks.guests.say import say_in_the_page
from tests.benchmarks.guests.slow_link import slow_links

GUESTS: Final = "guests"
FIVE_GUESTS: Final = "five guests"


def guest_subjects(
    browsers: Browsers, load: Path, idle_s: float
) -> dict[str, Mapping[str, Callable[[Tree], dict[str, float]]]]:
    """Return, by kind and title, the functions that return the figures of a tree."""
    return {
        GUESTS: {
            "Guests: from Enter until the message is sent": lambda tree: say_in_the_page(tree, browsers),
            "Guests: one further member of each kind": guest_memory,
            "Guests: what a visit to the page costs the server": page_visits,
            "Guests: a slow network": lambda tree: slow_links(tree, browsers),
            "Guests: an ordinary room that admits them": lambda tree: with_and_without(tree, load),
        },
        FIVE_GUESTS: {"Five guests": lambda tree: five_guests(tree, browsers, load, idle_s)},
    }


def run_guest_transfers(browsers: Browsers, results: TransferResults, number: int) -> None:
    """Move a file natively, by the page, and with `curl`."""
    run_transfers(results, number, (Ours(), ThePage(OURS, browsers), Curl()), (SHAPE,))
