"""Whom a name means."""

from __future__ import annotations

import pytest

from messango.client.events import MemberJoined, MemberLeft, MemberRenamed, MessageReceived
from messango.client.members.directory import MemberDirectory
from messango.protocol.frames import Person
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from tests.terminal.fake_client import room_joined


def directory() -> MemberDirectory:
    """Return a directory of a room with us, Bob and Cy."""
    members = MemberDirectory()
    people = (Person("m1", "ann"), Person("m2", "Bob"), Person("m3", "Cy"))
    members.handle(room_joined("Bob", "Cy", people=people))
    return members


def said(member: str, name: str) -> MessageReceived:
    """Return a message from before."""
    return MessageReceived(1, "i", member, 0.0, name, "hi", own=False, history=True)


def test_those_who_are_here_are_found_by_name() -> None:
    """We are not among the names: nobody writes to themselves."""
    members = directory()
    assert members.names == ["Bob", "Cy"]
    assert members.find("BOB") == "m2"
    assert members.find("Dan") is None


def test_a_renamed_member_is_found_by_the_new_name() -> None:
    """And not by the old one."""
    members = directory()
    members.handle(MemberRenamed("Rob", "Bob", you=False, member="m2"))
    assert (members.find("Rob"), members.find("Bob")) == ("m2", None)


def test_who_has_left_is_still_found() -> None:
    """Unless somebody who is here has the name: then they are meant."""
    members = directory()
    members.handle(MemberLeft("Bob", "connection-broke", "m2"))
    assert members.find("bob") == "m2"
    assert not members.is_present("m2")
    assert not members.is_gone("m2")
    members.handle(MemberJoined("Bob", member="m9"))
    assert members.find("bob") == "m9"


@pytest.mark.parametrize("reason", ["left", "kicked", "banned"])
def test_who_has_left_for_good_is_gone(reason: str) -> None:
    """They come back as somebody else, and would not get what was told to them."""
    members = directory()
    members.handle(MemberLeft("Bob", reason, "m2"))
    assert members.find("bob") == "m2"
    assert members.is_gone("m2")


def test_authors_of_older_messages_are_found() -> None:
    """They may be away; the host's announcements are nobody's."""
    members = directory()
    members.handle(said("m7", "Dan"))
    members.handle(said(HOST_MEMBER_ID, HOST_NAME))
    assert members.find("dan") == "m7"
    assert members.names == ["Bob", "Cy", "Dan"]


def test_only_the_latest_of_very_many_are_remembered() -> None:
    """A room that names people without end does not fill our memory."""
    members = directory()
    for number in range(1_500):
        members.handle(said(f"x{number}", f"name {number}"))
    assert len(members.names) == 1_002
    assert members.find("name 1499") == "x1499"
    assert members.find("name 0") is None
