"""The cache of recent message ids."""

from __future__ import annotations

from messango.protocol.frames import Message
from messango.room.history.id_cache import RecentIdCache


def make_messages(*ids: str, member: str = "ann") -> list[Message]:
    """Return messages of one member with these ids."""
    return [Message(1, each, member, 1.0, "Ann", "hello") for each in ids]


def test_ids_of_two_members() -> None:
    """The same id of another member is another message's."""
    recent = RecentIdCache(10)
    assert recent.add(make_messages("1", "2")) == ()
    assert recent.has_any("ann", ["9", "2"])
    assert not recent.has_any("ann", ["9"])
    assert not recent.has_any("ben", ["1", "2"])


def test_the_older_generation_is_dropped() -> None:
    """The newest ids are always there, and `add` returns the members of dropped ones."""
    recent = RecentIdCache(2)
    assert not list(recent.add(make_messages("1", "2", member="ben")))
    assert recent.has_any("ben", ["1"])
    assert list(recent.add(make_messages("3", "4"))) == ["ben"]
    assert not recent.has_any("ben", ["1", "2"])
    assert recent.has_any("ann", ["3"])
    assert recent.has_any("ann", ["4"])
