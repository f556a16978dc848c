"""A message is known by its sender and the id that its sender chose."""

from __future__ import annotations

from messango.protocol.frames import Message
from messango.room.message_index import MessageIndex


def message(member: str, message_id: str) -> Message:
    """Return what this member said under this id."""
    return Message(1, message_id, member, 1.0, member.title(), "hello")


def test_each_member_has_ids_of_its_own() -> None:
    """What one has said under an id says nothing of another."""
    index = MessageIndex()
    index.add([message("ann", "1"), message("ben", "1"), message("ben", "2")])
    assert index.find("ann", ["1", "2"]) == {"1": message("ann", "1")}
    assert index.find("ben", ["1", "2", "3"]) == {"1": message("ben", "1"), "2": message("ben", "2")}
    assert index.find("cleo", ["1"]) == {}


def test_what_is_forgotten_is_not_found() -> None:
    """One message is forgotten, the others are not; a member of whom nothing is known leaves nothing."""
    index = MessageIndex()
    index.add([message("ann", "1"), message("ann", "2")])
    index.remove(message("ann", "1"))
    assert index.find("ann", ["1", "2"]) == {"2": message("ann", "2")}
    index.remove(message("ann", "2"))
    assert index.find("ann", ["1", "2"]) == {}
