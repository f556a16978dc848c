"""What is measured of linked rooms only, by its kind and its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.benchmarks.contestants import Tree
from tests.benchmarks.linked.engines import Engines
from tests.benchmarks.linked.hall import hall
from tests.benchmarks.linked.idle import linked_idle
from tests.benchmarks.linked.way import ways

LINKED: Final = "linked"
LINKED_HALL: Final = "linked hall"


def linked_subjects(
    engines: Engines, idle_s: float
) -> dict[str, Mapping[str, Callable[[Tree], dict[str, float]]]]:
    """Return, by kind and title, the functions that return the figures of a tree."""
    return {
        LINKED: {
            "Linked: until a message is read": lambda tree: ways(tree, engines),
            "Linked: idle with five members": lambda tree: linked_idle(tree, idle_s),
        },
        LINKED_HALL: {"Linked: 300 members": lambda tree: hall(tree, engines)},
    }
