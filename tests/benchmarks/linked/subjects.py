"""What is measured of linked rooms only, by its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.benchmarks.contestants import Tree
from tests.benchmarks.linked.engines import Engines

LINKED: Final = "linked"


def linked_subjects(engines: Engines, idle_s: float) -> Mapping[str, Callable[[Tree], dict[str, float]]]:
    """Return the functions that return the figures."""
    return {}
