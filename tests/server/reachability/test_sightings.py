"""What is remembered of who has reached which address."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from messango.server.reachability.sightings import Sighting, Sightings

ADDRESS = "192.168.1.20"


def seen(host: str, time_s: float = 1.0, name: str = "", *, ok: bool = True) -> Sighting:
    """Return a sighting."""
    return Sighting(host, ok, time_s, name)


def test_the_latest_comes_first() -> None:
    """And of one computer only its last."""
    known = Sightings()
    known.add(ADDRESS, seen("a", 1.0))
    known.add(ADDRESS, seen("b", 2.0))
    known.add(ADDRESS, seen("a", 3.0, ok=False))
    assert known.of(ADDRESS) == [seen("a", 3.0, ok=False), seen("b", 2.0)]
    assert known.of("192.168.1.21") == []


def test_a_name_stays_with_its_computer() -> None:
    """A later connection from there comes before its member is known."""
    known = Sightings()
    known.add(ADDRESS, seen("a"))
    known.name_host("a", "Ben")
    known.add(ADDRESS, seen("a", 2.0))
    assert known.of(ADDRESS) == [seen("a", 2.0, "Ben")]


def test_addresses_that_are_gone_are_forgotten() -> None:
    """What was true of them says nothing about the new ones."""
    known = Sightings()
    known.add(ADDRESS, seen("a"))
    known.add("10.0.0.1", seen("a"))
    known.keep({"10.0.0.1"})
    assert (known.of(ADDRESS), known.of("10.0.0.1")) == ([], [seen("a")])


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30), st.booleans()), max_size=400))
def test_the_memory_is_bounded(steps: list[tuple[int, int, bool]]) -> None:
    """Whatever strangers do."""
    known = Sightings()
    for number, host, ok in steps:
        known.add(f"2001:db8::{number}", seen(f"host-{host}", ok=ok))
    assert len(known._by_address) <= 64
    assert all(0 < len(by_host) <= 8 for by_host in known._by_address.values())
    if steps:
        number, host, ok = steps[-1]
        assert known.of(f"2001:db8::{number}")[0] == seen(f"host-{host}", ok=ok)
