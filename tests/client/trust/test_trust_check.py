"""Trust on first use, without a connection."""

from __future__ import annotations

import msgspec
import pytest

from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.trust_check import TrustCheck
from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.identity.fingerprint_words import words_of
from messango.transport.identity.identity_errors import FingerprintMismatch, WrongInvite
from tests.client.linked.servers import FINGERPRINTS, room, server
from tests.support.raw_server import ROOM_INFO

KNOWN_FINGERPRINT, OTHER_FINGERPRINT = "ab" * 32, "cd" * 32
ADDRESS, OTHER_ADDRESS = Address("192.0.2.1"), Address("192.0.2.2")


@pytest.fixture
def rooms() -> KnownRooms:
    """One room is known."""
    rooms = KnownRooms.load()
    rooms.remember(ROOM_INFO, KNOWN_FINGERPRINT, ADDRESS)
    return rooms


def test_a_known_room_must_show_its_known_fingerprint(rooms: KnownRooms) -> None:
    """Whatever a probe or a forged mDNS record says."""
    assert (
        TrustCheck(rooms, room_id=ROOM_INFO.id, pinned_fingerprint=OTHER_FINGERPRINT).expected_fingerprint()
        == KNOWN_FINGERPRINT
    )


def test_an_unknown_room_must_show_the_pinned_fingerprint(rooms: KnownRooms) -> None:
    """Any is accepted if none is pinned."""
    assert (
        TrustCheck(rooms, room_id="9f" * 16, pinned_fingerprint=OTHER_FINGERPRINT).expected_fingerprint()
        == OTHER_FINGERPRINT
    )
    assert (
        TrustCheck(rooms, room_id=None, pinned_fingerprint=OTHER_FINGERPRINT).expected_fingerprint()
        == OTHER_FINGERPRINT
    )
    assert TrustCheck(rooms, room_id=None, pinned_fingerprint=None).expected_fingerprint() is None


def test_a_fingerprint_accepted_meanwhile_counts(rooms: KnownRooms) -> None:
    """In the terminal, while the window waits for a decision."""
    trust_check = TrustCheck(rooms, room_id=ROOM_INFO.id, pinned_fingerprint=None)
    KnownRooms.load().accept(ROOM_INFO.id, OTHER_FINGERPRINT)
    assert trust_check.expected_fingerprint() == OTHER_FINGERPRINT


def test_a_changed_fingerprint_can_be_accepted(rooms: KnownRooms) -> None:
    """The error has all that a front end needs to show and to accept it."""
    trust_check = TrustCheck(rooms, room_id=ROOM_INFO.id, pinned_fingerprint=None)
    error = trust_check.mismatch_error(
        FingerprintMismatch(str(ADDRESS), KNOWN_FINGERPRINT, OTHER_FINGERPRINT)
    )
    assert isinstance(error, FingerprintMismatch)
    assert (error.room, error.room_id, error.expected, error.seen) == (
        ROOM_INFO.name,
        ROOM_INFO.id,
        KNOWN_FINGERPRINT,
        OTHER_FINGERPRINT,
    )
    assert (error.expected_words, error.seen_words) == (
        words_of(KNOWN_FINGERPRINT),
        words_of(OTHER_FINGERPRINT),
    )
    rooms.accept(error.room_id, error.seen)
    assert trust_check.expected_fingerprint() == OTHER_FINGERPRINT
    assert not trust_check.remember_visit(ROOM_INFO, OTHER_FINGERPRINT, ADDRESS).first_visit


def test_a_wrong_invite_cannot_be_accepted(rooms: KnownRooms) -> None:
    """There is no known room, so the address names it."""
    trust_check = TrustCheck(rooms, room_id=None, pinned_fingerprint=OTHER_FINGERPRINT)
    error = trust_check.mismatch_error(
        FingerprintMismatch(str(ADDRESS), OTHER_FINGERPRINT, KNOWN_FINGERPRINT)
    )
    assert isinstance(error, WrongInvite)
    assert (error.room, error.room_id, error.expected_words) == (
        str(ADDRESS),
        "",
        words_of(OTHER_FINGERPRINT),
    )


def test_a_room_that_is_not_where_it_was_announced_is_unreachable(rooms: KnownRooms) -> None:
    """Nobody here knows it, so nothing has changed: something else answers there."""
    trust_check = TrustCheck(rooms, room_id="9f" * 16, pinned_fingerprint=OTHER_FINGERPRINT)
    error = trust_check.mismatch_error(
        FingerprintMismatch(str(ADDRESS), OTHER_FINGERPRINT, KNOWN_FINGERPRINT)
    )
    assert isinstance(error, Unreachable)
    assert str(ADDRESS) in str(error)


def test_the_wanted_room_is_the_one_with_the_id(rooms: KnownRooms) -> None:
    """All rooms of a host have one certificate; an address or an invite link names no id."""
    assert TrustCheck(rooms, ROOM_INFO.id, None).is_wanted(ROOM_INFO)
    assert TrustCheck(rooms, None, None).is_wanted(ROOM_INFO)
    assert not TrustCheck(rooms, "9f" * 16, None).is_wanted(ROOM_INFO)


def test_a_room_that_changes_during_the_session_is_called_by_its_name(rooms: KnownRooms) -> None:
    """Even if it could not be remembered."""
    trust_check = TrustCheck(rooms, room_id=None, pinned_fingerprint=KNOWN_FINGERPRINT)
    trust_check.remember_visit(ROOM_INFO, KNOWN_FINGERPRINT, ADDRESS)
    rooms.delete(ROOM_INFO.id)
    error = trust_check.mismatch_error(
        FingerprintMismatch(str(ADDRESS), KNOWN_FINGERPRINT, OTHER_FINGERPRINT)
    )
    assert type(error) is FingerprintMismatch
    assert error.room == ROOM_INFO.name


def test_a_known_room_with_another_fingerprint_is_refused(rooms: KnownRooms) -> None:
    """The other one is stored for `messango trust accept`."""
    with pytest.raises(FingerprintMismatch):
        TrustCheck(rooms, room_id=None, pinned_fingerprint=OTHER_FINGERPRINT).remember_visit(
            ROOM_INFO, OTHER_FINGERPRINT, ADDRESS
        )
    known = rooms.by_id(ROOM_INFO.id)
    assert known is not None
    assert (known.fingerprint, known.refused) == (KNOWN_FINGERPRINT, OTHER_FINGERPRINT)


def test_a_first_visit_says_how_it_was_checked(rooms: KnownRooms) -> None:
    """By the fingerprint of an invite link, or not at all."""
    new = msgspec.structs.replace(ROOM_INFO, id="9f" * 16, name="New")
    by_invite = TrustCheck(rooms, room_id=None, pinned_fingerprint=OTHER_FINGERPRINT).remember_visit(
        new, OTHER_FINGERPRINT, ADDRESS
    )
    assert (by_invite.first_visit, by_invite.by_invite, by_invite.namesake) == (True, True, None)
    found = msgspec.structs.replace(ROOM_INFO, id="8f" * 16, name="Found")
    assert (
        not TrustCheck(rooms, room_id="8f" * 16, pinned_fingerprint=OTHER_FINGERPRINT)
        .remember_visit(found, OTHER_FINGERPRINT, ADDRESS)
        .by_invite
    )


def test_a_namesake_is_reported_once(rooms: KnownRooms) -> None:
    """At the first visit; then both rooms are known."""
    new = msgspec.structs.replace(ROOM_INFO, id="9f" * 16, name=ROOM_INFO.name.upper())
    namesake = (
        TrustCheck(rooms, room_id="9f" * 16, pinned_fingerprint=None)
        .remember_visit(new, OTHER_FINGERPRINT, OTHER_ADDRESS)
        .namesake
    )
    assert namesake is not None
    assert namesake.id == ROOM_INFO.id
    assert (
        TrustCheck(rooms, room_id="9f" * 16, pinned_fingerprint=None)
        .remember_visit(new, OTHER_FINGERPRINT, OTHER_ADDRESS)
        .namesake
        is None
    )


def test_a_new_name_of_a_known_room_is_reported(rooms: KnownRooms) -> None:
    """By the name that the person knows or typed; and which other rooms they may have meant."""
    renamed = msgspec.structs.replace(ROOM_INFO, name=f"{ROOM_INFO.name} 2")
    first = TrustCheck(rooms, None, None).remember_visit(renamed, KNOWN_FINGERPRINT, ADDRESS)
    assert (first.former_name, first.same_name, first.namesake) == (ROOM_INFO.name, (), None)
    again = TrustCheck(rooms, None, None).remember_visit(renamed, KNOWN_FINGERPRINT, ADDRESS)
    assert again.former_name == ""
    other = msgspec.structs.replace(ROOM_INFO, id="9e" * 16)
    rooms.remember(other, OTHER_FINGERPRINT, ADDRESS)
    typed = TrustCheck(rooms, None, None, asked_name=ROOM_INFO.name).remember_visit(
        renamed, KNOWN_FINGERPRINT, ADDRESS
    )
    assert typed.former_name == ROOM_INFO.name
    assert [room.id for room in typed.same_name] == [other.id]


def test_servers_of_one_room_are_no_namesakes() -> None:
    """Whoever asks for the room by its name is told nothing of the others, nor that a server is new."""
    rooms = KnownRooms.load()
    rooms.remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1), server(2)])
    rooms.remember(room(1), FINGERPRINTS[1], OTHER_ADDRESS, "Server 1", [server(0), server(2)])
    for number, address in ((1, OTHER_ADDRESS), (2, Address("192.0.2.3"))):
        check = TrustCheck(rooms, room(number).id, FINGERPRINTS[number], None, asked_name="Raw")
        trust = check.remember_visit(room(number), FINGERPRINTS[number], address)
        assert (trust.first_visit, trust.namesake, trust.same_name) == (False, None, ())
