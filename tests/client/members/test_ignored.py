"""Whom a person ignores, and what of them is hidden."""

from __future__ import annotations

from messango.client.members.ignored import (
    FILE_NAME,
    IgnoredMember,
    IgnoredMembers,
    load_ignored,
    save_ignored,
)
from messango.protocol.frames import Reaction
from messango.protocol.text.validation import HOST_MEMBER_ID
from messango.storage import home


def test_a_member_is_hidden_by_id_and_by_name() -> None:
    """Under a new name, and as a new member with the old one."""
    ignored = IgnoredMembers()
    assert not ignored.hides("m1", "Eve")
    assert ignored.add("m1", "Eve")
    assert ignored.hides("m1", "Somebody")
    assert ignored.hides("m2", "EVE")
    assert not ignored.hides("m2", "Ann")
    assert not ignored.add("m2", "eve")
    assert ignored.names == ["Eve"]


def test_names_that_an_ignored_member_takes_are_not_ignored() -> None:
    """They could be another's."""
    ignored = IgnoredMembers([IgnoredMember("m1", "Eve")])
    assert ignored.hides("m1", "Ann")
    assert not ignored.hides("m2", "Ann")


def test_a_member_without_an_id_is_ignored_by_name_alone() -> None:
    """An empty id is nobody's."""
    ignored = IgnoredMembers([IgnoredMember("", "Eve")])
    assert not ignored.hides("", "Ann")
    assert ignored.hides("m1", "Eve")


def test_the_host_is_never_hidden() -> None:
    """What the host announces concerns everybody."""
    assert not IgnoredMembers([IgnoredMember(HOST_MEMBER_ID, "x")]).hides(HOST_MEMBER_ID, "x")


def test_a_member_is_shown_again_under_either_name() -> None:
    """By the name from then, or as who they are now."""
    ignored = IgnoredMembers([IgnoredMember("m1", "Eve"), IgnoredMember("m2", "Dan")])
    assert ignored.remove("m1", "Somebody")
    assert ignored.remove("", "dan")
    assert not ignored.remove("", "dan")
    assert not ignored


def test_reactions_of_ignored_members_do_not_count() -> None:
    """As far as their names are given."""
    ignored = IgnoredMembers([IgnoredMember("m1", "Eve")])
    reactions = [
        Reaction("👍", 2, mine=True, names=("Ann", "Eve")),
        Reaction("😂", 1, mine=False, names=("Eve",)),
    ]
    assert ignored.shown_reactions(reactions) == (Reaction("👍", 1, mine=True, names=("Ann",)),)
    assert IgnoredMembers().shown_reactions(reactions) == tuple(reactions)


def test_they_are_kept_for_each_room() -> None:
    """In a file that is ours alone, without empty rooms."""
    save_ignored("room-1", IgnoredMembers([IgnoredMember("m1", "Eve")]))
    save_ignored("room-2", IgnoredMembers([IgnoredMember("m2", "Dan")]))
    assert load_ignored("room-1").names == ["Eve"]
    assert load_ignored("room-3").names == []
    save_ignored("room-1", IgnoredMembers())
    assert b"room-1" not in (home() / FILE_NAME).read_bytes()


def test_a_damaged_file_ignores_nobody() -> None:
    """And does not keep anybody out of a room."""
    (home() / FILE_NAME).write_text("[")
    assert load_ignored("room-1").names == []
