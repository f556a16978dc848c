"""Which of a record's addresses are worth a try."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from messango.discovery.events import MAX_ADDRESSES, Status, usable_addresses
from tests.discovery.factories import some_room


def hosts(*literals: str) -> list[str]:
    return [address.host for address in usable_addresses(literals, 8000)]


def test_ipv4_comes_first_and_what_has_a_scope_last() -> None:
    """Where it is most likely to be reached."""
    assert hosts("fe80::1%2", "2001:db8::1", "10.0.0.1", "192.168.1.5") == [
        "10.0.0.1",
        "192.168.1.5",
        "2001:db8::1",
        "fe80::1%2",
    ]


def test_loopback_counts_only_where_there_is_nothing_else() -> None:
    """Another machine's loopback is ours to us, and another room may listen there."""
    assert hosts("127.0.0.1", "10.0.0.1", "::1") == ["10.0.0.1"]
    assert hosts("::1", "127.0.0.1") == ["127.0.0.1", "::1"]


def test_what_nobody_listens_on_is_ignored() -> None:
    """Multicast, unspecified, broadcast, a link-local address on no link, and what is no address."""
    assert hosts("224.0.0.251", "0.0.0.0") == []  # noqa: S104 (nobody binds to it)
    assert hosts("255.255.255.255", "240.0.0.1", "ff02::fb", "::") == []
    assert hosts("fe80::1", "::ffff:10.0.0.1", "ann.local", "", "10.0.0.1 ") == []


def test_no_port_no_address() -> None:
    """Port 0 is none, and a record may hold anything."""
    assert usable_addresses(["10.0.0.1"], 0) == ()
    assert usable_addresses(["10.0.0.1"], 70_000) == ()


@given(st.lists(st.ip_addresses().map(str), max_size=60))
def test_any_addresses_make_a_few_in_one_order(literals: list[str]) -> None:
    """However many come and in whatever order: at most a dozen, none twice, always the same."""
    usable = usable_addresses(literals, 8000)
    assert len(usable) <= MAX_ADDRESSES
    assert usable == usable_addresses([*reversed(literals), *literals], 8000)


def test_only_a_room_that_answered_and_has_a_seat_is_joinable() -> None:
    """mDNS alone opens nothing."""
    assert [status for status in Status if some_room(status=status).joinable] == [Status.OPEN]
