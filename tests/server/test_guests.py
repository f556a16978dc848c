"""Who is connected, and which stranger goes when there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from messango.room.peer import Peer
from messango.server.guest import Guest
from messango.server.guests import Guests
from messango.server.limits import MAX_STRANGERS, MAX_STRANGERS_PER_ADDRESS


@dataclass(frozen=True)
class _StubGuest:
    link: int
    peer: Peer


def stranger(link: int, host: str = "192.0.2.1") -> Guest:
    """Return what stands for a connection from there."""
    return cast("Guest", _StubGuest(link, Peer(host, link)))


def test_a_guest_is_found_until_it_is_gone() -> None:
    """By its link; removing it twice is harmless."""
    guests, ann = Guests(), stranger(1)
    assert guests.add(ann) is None
    assert guests.get(1) is ann
    assert guests.all() == [ann]
    guests.remove(ann)
    guests.remove(ann)
    assert guests.get(1) is None
    assert guests.all() == []


def test_one_address_crowds_out_itself() -> None:
    """Its oldest stranger makes room; those of other addresses stay."""
    guests, other = Guests(), stranger(1_000, "192.0.2.9")
    guests.add(other)
    flood = [stranger(link) for link in range(MAX_STRANGERS_PER_ADDRESS)]
    assert [guests.add(guest) for guest in flood] == [None] * MAX_STRANGERS_PER_ADDRESS
    assert guests.add(stranger(500)) is flood[0]
    assert guests.add(stranger(501)) is flood[1]


def test_of_too_many_in_all_the_address_with_most_gives_way() -> None:
    """So a single visitor of its own address is the last to be sent away."""
    guests, lone = Guests(), stranger(0, "192.0.2.200")
    guests.add(lone)
    for link in range(1, MAX_STRANGERS):
        assert guests.add(stranger(link, f"192.0.2.{link % 20}")) is None
    evicted = guests.add(stranger(1_000, "192.0.2.201"))
    assert evicted is not None
    assert evicted is not lone


def test_members_do_not_count_as_strangers() -> None:
    """Who has joined makes room for the next."""
    guests = Guests()
    for link in range(3 * MAX_STRANGERS_PER_ADDRESS):
        guest = stranger(link)
        assert guests.add(guest) is None
        guests.settle(guest)
    assert guests.oldest_stranger() is None
    assert len(guests.all()) == 3 * MAX_STRANGERS_PER_ADDRESS


def test_the_oldest_stranger_is_who_came_first() -> None:
    """It goes when the system runs out of descriptors."""
    guests, first, second = Guests(), stranger(1), stranger(2)
    guests.add(first)
    guests.add(second)
    assert guests.oldest_stranger() is first
    guests.remove(first)
    assert guests.oldest_stranger() is second


def test_a_guest_evicted_once_is_not_evicted_again() -> None:
    """Its thread may take a moment to end, and it no longer counts."""
    guests = Guests()
    for link in range(MAX_STRANGERS_PER_ADDRESS):
        guests.add(stranger(link))
    evicted = [guests.add(stranger(100 + link)) for link in range(10)]
    assert len({guest.link for guest in evicted if guest is not None}) == 10
    for guest in evicted:
        assert guest is not None
        guests.remove(guest)
    assert guests.add(stranger(200)) is not None
