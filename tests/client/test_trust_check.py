"""Whom a stay takes for the room that is wanted, without a connection."""

from __future__ import annotations

import msgspec
import pytest

from messango.client.known_rooms import KnownRooms
from messango.client.trust_check import Trust
from messango.errors import FingerprintMismatch, WrongInvite
from messango.transport.addresses import Address
from messango.transport.fingerprint_words import words_of
from tests.support.raw_server import ROOM_INFO

KNOWN, ANOTHER = "ab" * 32, "cd" * 32
HERE = Address("192.0.2.1")


@pytest.fixture
def rooms() -> KnownRooms:
    """One room is known."""
    rooms = KnownRooms.load()
    rooms.remember(ROOM_INFO, KNOWN, HERE)
    return rooms


def test_a_known_room_must_show_what_it_is_known_by(rooms: KnownRooms) -> None:
    """Whatever a look or a forged record says of it."""
    assert Trust(rooms, room_id=ROOM_INFO.id, promised=ANOTHER).expected() == KNOWN


def test_an_unknown_room_must_show_what_was_promised(rooms: KnownRooms) -> None:
    """And anything, where nothing was."""
    assert Trust(rooms, room_id="9f", promised=ANOTHER).expected() == ANOTHER
    assert Trust(rooms, room_id=None, promised=ANOTHER).expected() == ANOTHER
    assert Trust(rooms, room_id=None, promised=None).expected() is None


def test_what_was_accepted_meanwhile_counts(rooms: KnownRooms) -> None:
    """In the terminal, while the window waits for a decision."""
    trust = Trust(rooms, room_id=ROOM_INFO.id, promised=None)
    KnownRooms.load().accept(ROOM_INFO.id, ANOTHER)
    assert trust.expected() == ANOTHER


def test_a_changed_fingerprint_can_be_accepted(rooms: KnownRooms) -> None:
    """The error has all that a face needs to show and to accept it."""
    trust = Trust(rooms, room_id=ROOM_INFO.id, promised=None)
    error = trust.explained(FingerprintMismatch(str(HERE), KNOWN, ANOTHER))
    assert (error.room, error.room_id, error.expected, error.seen) == (
        ROOM_INFO.name,
        ROOM_INFO.id,
        KNOWN,
        ANOTHER,
    )
    assert (error.expected_words, error.seen_words) == (words_of(KNOWN), words_of(ANOTHER))
    rooms.accept(error.room_id, error.seen)
    assert trust.expected() == ANOTHER
    assert not trust.enter(ROOM_INFO, ANOTHER, HERE).first_visit


def test_an_invite_for_somebody_else_is_another_matter(rooms: KnownRooms) -> None:
    """There is nothing to accept, and the address is all there is to name it by."""
    trust = Trust(rooms, room_id=None, promised=ANOTHER)
    error = trust.explained(FingerprintMismatch(str(HERE), ANOTHER, KNOWN))
    assert isinstance(error, WrongInvite)
    assert (error.room, error.room_id, error.expected_words) == (str(HERE), "", words_of(ANOTHER))


def test_a_room_that_changes_during_the_stay_is_called_by_its_name(rooms: KnownRooms) -> None:
    """Also where it could not be remembered."""
    trust = Trust(rooms, room_id=None, promised=KNOWN)
    trust.enter(ROOM_INFO, KNOWN, HERE)
    rooms.forget(ROOM_INFO.id)
    error = trust.explained(FingerprintMismatch(str(HERE), KNOWN, ANOTHER))
    assert type(error) is FingerprintMismatch
    assert error.room == ROOM_INFO.name


def test_a_room_is_entered_as_what_it_is_known_by_alone(rooms: KnownRooms) -> None:
    """And what it showed is noted, for `messango trust accept`."""
    with pytest.raises(FingerprintMismatch):
        Trust(rooms, room_id=None, promised=ANOTHER).enter(ROOM_INFO, ANOTHER, HERE)
    known = rooms.by_id(ROOM_INFO.id)
    assert known is not None
    assert (known.fingerprint, known.refused) == (KNOWN, ANOTHER)


def test_a_first_visit_says_how_it_was_checked(rooms: KnownRooms) -> None:
    """By an invite's fingerprint, or not at all."""
    new = msgspec.structs.replace(ROOM_INFO, id="9f", name="New")
    by_invite = Trust(rooms, room_id=None, promised=ANOTHER).enter(new, ANOTHER, HERE)
    assert (by_invite.first_visit, by_invite.by_invite, by_invite.namesake) == (True, True, None)
    found = msgspec.structs.replace(ROOM_INFO, id="8f", name="Found")
    assert not Trust(rooms, room_id="8f", promised=ANOTHER).enter(found, ANOTHER, HERE).by_invite


def test_a_new_room_of_a_known_name_is_pointed_out_once(rooms: KnownRooms) -> None:
    """At the first visit; then both are known."""
    new = msgspec.structs.replace(ROOM_INFO, id="9f", name=ROOM_INFO.name.upper())
    namesake = Trust(rooms, room_id="9f", promised=None).enter(new, ANOTHER, HERE).namesake
    assert namesake is not None
    assert namesake.id == ROOM_INFO.id
    assert Trust(rooms, room_id="9f", promised=None).enter(new, ANOTHER, HERE).namesake is None
