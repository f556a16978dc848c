"""The benchmarks of linked rooms run, in short, and their figures are there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks.contestants import OURS
from tests.benchmarks.linked.engines import Engines, engines_unavailable_reason
from tests.benchmarks.linked.hall import Shape, hall
from tests.benchmarks.linked.idle import linked_idle
from tests.benchmarks.linked.way import ways

pytestmark = [
    pytest.mark.program,
    pytest.mark.skipif(bool(engines_unavailable_reason()), reason=engines_unavailable_reason()),
]


@pytest.fixture(name="engines")
def _engines() -> Iterator[Engines]:
    with Engines() as engines:
        yield engines


def test_a_cluster_begins_rooms(engines: Engines) -> None:
    """Its three engines are in the file."""
    assert len(engines.new_link("cluster").servers) == 3


def test_the_ways_of_a_message(engines: Engines) -> None:
    """Each has its time, and the linked ones say how many times the other it is."""
    figures = ways(OURS, engines, messages=3)
    assert len(figures) == 8
    assert min(figures.values()) > 0


def test_an_idle_linked_server() -> None:
    """Its engine is found and measured."""
    figures = linked_idle(OURS, 0.1)
    assert figures["its engine, memory, MB"] > 1
    assert figures["linked, memory, MB"] > figures["its engine, memory, MB"]


def test_a_small_hall(engines: Engines) -> None:
    """Two servers, some messages, and a server that comes later."""
    shape = Shape(servers=2, members_each=6, singles=1, pack=12, packs=1, turns=3)
    figures = hall(OURS, engines, shape)
    assert figures["a new server: entries"] > 3
    assert figures["1,000 messages one at a time, the stream grows by, KB"] > 100
