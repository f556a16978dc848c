"""Who is connected, and which stranger goes when there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from messango.room.remote_peer import Peer
from messango.server.client_thread import Guest
from messango.server.connections import Guests
from messango.server.limits import MAX_STRANGERS, MAX_STRANGERS_PER_ADDRESS


@dataclass
class _StubGuest:
    connection_id: int
    peer: Peer
    owed: int = 0


def stranger(connection_id: int, host: str = "192.0.2.1", owed: int = 0) -> Guest:
    """Return what stands for a connection from there, which has come so far."""
    return cast("Guest", _StubGuest(connection_id, Peer(host, connection_id), owed))


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
    flood = [stranger(connection_id) for connection_id in range(MAX_STRANGERS_PER_ADDRESS)]
    assert [guests.add(guest) for guest in flood] == [None] * MAX_STRANGERS_PER_ADDRESS
    assert guests.add(stranger(500)) is flood[0]
    assert guests.add(stranger(501)) is flood[1]


def test_who_has_said_something_stays_longer_than_who_is_silent() -> None:
    """An honest client is amid its handshake within a millisecond; a flood that connects only is not."""
    guests = Guests()
    honest = [stranger(1, owed=1), stranger(2, owed=2)]
    for guest in honest:
        guests.add(guest)
    for connection_id in range(3, MAX_STRANGERS_PER_ADDRESS + 1):
        assert guests.add(stranger(connection_id)) is None
    evicted = [guests.add(stranger(100 + connection_id)) for connection_id in range(200)]
    assert not set(map(id, honest)) & set(map(id, evicted))


def test_of_those_who_said_something_the_least_far_goes_first() -> None:
    """And never the newest, which has had no time to say anything."""
    guests = Guests()
    half = [
        stranger(connection_id, owed=1 + connection_id % 2)
        for connection_id in range(MAX_STRANGERS_PER_ADDRESS)
    ]
    for guest in half:
        guests.add(guest)
    assert guests.add(stranger(100)) is half[0]
    assert guests.add(stranger(101)).connection_id == 100  # type: ignore[union-attr] # somebody has to go
    assert guests.add(stranger(102, owed=2)).connection_id == 101  # type: ignore[union-attr]
    assert guests.add(stranger(103)) is half[2]


def test_of_too_many_in_all_the_address_with_most_gives_way() -> None:
    """So a single visitor of its own address is the last to be sent away."""
    guests, lone = Guests(), stranger(0, "192.0.2.200")
    guests.add(lone)
    for connection_id in range(1, MAX_STRANGERS):
        assert guests.add(stranger(connection_id, f"192.0.2.{connection_id % 20}")) is None
    evicted = guests.add(stranger(1_000, "192.0.2.201"))
    assert evicted is not None
    assert evicted is not lone


def test_of_as_many_addresses_the_silent_one_gives_way() -> None:
    """A flood that has an address for each connection does not crowd out who is amid its handshake."""
    guests, honest = (
        Guests(),
        [stranger(connection_id, f"198.51.100.{connection_id}", owed=1) for connection_id in range(5)],
    )
    for guest in honest:
        guests.add(guest)
    flood = [
        stranger(10 + connection_id, f"fe80::{connection_id + 1:x}")
        for connection_id in range(2 * MAX_STRANGERS)
    ]
    evicted = [guests.add(guest) for guest in flood]
    assert not set(map(id, honest)) & set(map(id, evicted))
    assert evicted[-1] is not None


def test_members_do_not_count_as_strangers() -> None:
    """Who has joined makes room for the next."""
    guests = Guests()
    for connection_id in range(3 * MAX_STRANGERS_PER_ADDRESS):
        guest = stranger(connection_id)
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
    for connection_id in range(MAX_STRANGERS_PER_ADDRESS):
        guests.add(stranger(connection_id))
    evicted = [guests.add(stranger(100 + connection_id)) for connection_id in range(10)]
    assert len({guest.connection_id for guest in evicted if guest is not None}) == 10
    for guest in evicted:
        assert guest is not None
        guests.remove(guest)
    assert guests.add(stranger(200)) is not None
