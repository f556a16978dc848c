"""Texts about the identity of a room."""

from __future__ import annotations

import dataclasses

import pytest

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.trust_texts import (
    first_visit_notice,
    invite_link,
    namesake_warning,
    renamed_notice,
    room_details,
    same_name_notice,
)
from messango.transport.addresses import parse_invite
from messango.transport.identity.fingerprint_words import group_digits, words_of
from tests.terminal.fake_client import room_joined

FINGERPRINT = "ab" * 32


def test_a_first_visit_asks_to_compare() -> None:
    """Unless an invite link has done so already; later visits have no text."""
    asking, checked = (
        first_visit_notice(room_joined(first_visit=True, by_invite=by_invite)) for by_invite in (False, True)
    )
    assert asking is not None
    assert checked is not None
    assert asking[1] == checked[1] == words_of(FINGERPRINT)
    assert "Check with the host" in asking[0]
    assert "invite link" in checked[0]
    assert first_visit_notice(room_joined()) is None
    assert first_visit_notice(room_joined(first_visit=True, encrypted=False)) is None


def test_a_namesake_is_distinguished_by_words() -> None:
    """With the words of both rooms."""
    assert namesake_warning(room_joined()) == ""
    notice = namesake_warning(room_joined(namesake=KnownRoom("9f", "Kitchen", "cd" * 32, [], 0.0)))
    assert words_of(FINGERPRINT) in notice
    assert words_of("cd" * 32) in notice


def test_the_details_are_those_of_the_servers_banner() -> None:
    """Line by line, for comparison."""
    rows = dict(room_details(room_joined(address="192.0.2.1:8001")))
    assert rows["Address"] == "192.0.2.1:8001"
    assert rows["Words"] == words_of(FINGERPRINT)
    assert rows["Fingerprint"] == group_digits(FINGERPRINT)


@pytest.mark.parametrize("address", ["192.0.2.1:8001", "ann-laptop.local:8000", "[2001:db8::1]:8000"])
def test_an_invite_has_our_address_and_the_fingerprint(address: str) -> None:
    """The client checks the fingerprint there."""
    link = invite_link(room_joined(address=address))
    assert link is not None
    invite = parse_invite(link)
    assert (str(invite.address), invite.fingerprint) == (address, FINGERPRINT)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "[::1]:8000", "localhost:8000"])
def test_a_loopback_address_invites_nobody(address: str) -> None:
    """On another computer it leads elsewhere."""
    assert invite_link(room_joined(address=address)) is None


def test_a_renamed_room_is_named_twice() -> None:
    """Once as the person knows it; and a name that may mean several known rooms says which this one is."""
    assert renamed_notice(room_joined()) == same_name_notice(room_joined()) == ""
    joined = dataclasses.replace(room_joined(), former_name="Table 4")
    assert renamed_notice(joined) == f"“Table 4” is now called “{joined.room.name}”."
    joined = dataclasses.replace(joined, same_name=(KnownRoom("9f", "Table 4", "cd" * 32, [], 0.0),))
    notice = same_name_notice(joined)
    assert "You know 2 rooms called “Table 4”" in notice
    assert notice.endswith("use its id: 9f.")


def test_a_namesake_of_a_former_name_is_distinguished() -> None:
    """The room that the person knows has another name now."""
    known = KnownRoom("9f", "Table 4 2", "cd" * 32, [], 0.0, former_names=["Table 4"])
    joined = room_joined(namesake=known)
    assert f"called “Table 4 2” that was called “{joined.room.name}” before" in namesake_warning(joined)


def test_the_details_of_a_linked_room_name_its_servers() -> None:
    """And where we are; a room with one server has no such row."""
    joined = dataclasses.replace(room_joined(), server="desk-1", servers=("desk-1", "Lab 2", "west"))
    assert dict(room_details(joined))["Servers"] == "you are at desk-1; desk-1, “Lab 2” and west"
    assert "Servers" not in dict(room_details(room_joined()))
