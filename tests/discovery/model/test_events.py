"""The addresses of a record that are worth a try."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from messango.discovery.model.events import MAX_ADDRESSES, RoomStatus, usable_addresses
from tests.discovery.factories import some_room
from tests.transport.networks.factories import interface, networks

OWN = networks(interface("eth0", "192.168.1.20", 24), interface("mesh0", "172.30.0.1", 16, "container"))


def hosts(*literals: str) -> list[str]:
    return [address.host for address in usable_addresses(literals, 8000, OWN)]


def test_the_own_subnet_comes_first() -> None:
    """The addresses most likely to be reached come first, not those that sort first as text."""
    assert hosts("172.30.0.9", "2001:db8::1", "10.0.0.1", "192.168.1.5", "fe80::1%eth0") == [
        "192.168.1.5",
        "10.0.0.1",
        "172.30.0.9",
        "2001:db8::1",
        "fe80::1%eth0",
    ]


def test_addresses_that_lead_to_ourselves_are_left_out() -> None:
    """Another machine's bridge for containers has the address of ours; a room here has only ours."""
    assert hosts("172.30.0.1", "192.168.1.5") == ["192.168.1.5"]
    assert hosts("172.30.0.1", "192.168.1.20") == ["192.168.1.20", "172.30.0.1"]


def test_of_many_addresses_the_best_remain() -> None:
    """A machine with dozens of networks is reached by the one that we share with it."""
    others = [f"10.{number}.0.1" for number in range(60)]
    assert hosts(*others, "192.168.1.5")[0] == "192.168.1.5"


def test_loopback_counts_only_if_there_is_nothing_else() -> None:
    """Another machine's loopback address leads to this computer, where another room may listen."""
    assert hosts("127.0.0.1", "10.0.0.1", "::1") == ["10.0.0.1"]
    assert hosts("::1", "127.0.0.1") == ["127.0.0.1", "::1"]


def test_unusable_addresses_are_ignored() -> None:
    """Multicast, unspecified, broadcast, link-local without a scope, and text that is not an address."""
    assert hosts("224.0.0.251", "0.0.0.0") == []  # noqa: S104 (nobody binds to it)
    assert hosts("255.255.255.255", "240.0.0.1", "ff02::fb", "::") == []
    assert hosts("fe80::1", "::ffff:10.0.0.1", "ann.local", "", "10.0.0.1 ") == []


def test_without_a_port_there_are_no_addresses() -> None:
    """Port 0 is invalid, and a record may contain any number."""
    assert usable_addresses(["10.0.0.1"], 0, OWN) == ()
    assert usable_addresses(["10.0.0.1"], 70_000, OWN) == ()


@given(st.lists(st.ip_addresses().map(str), max_size=60))
def test_addresses_are_few_unique_and_in_one_order(literals: list[str]) -> None:
    """However many come and in whatever order: at most a dozen, without repeats, always the same."""
    usable = usable_addresses(literals, 8000, OWN)
    assert len(usable) <= MAX_ADDRESSES
    assert usable == usable_addresses([*reversed(literals), *literals], 8000, OWN)


def test_only_a_room_that_answered_and_has_a_seat_is_joinable() -> None:
    """An mDNS record is not enough."""
    assert [status for status in RoomStatus if some_room(status=status).joinable] == [RoomStatus.OPEN]
