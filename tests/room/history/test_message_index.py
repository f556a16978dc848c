"""Messages are found by their member and id."""

from __future__ import annotations

from messango.protocol.frames import Message
from messango.room.history.message_index import MessageIndex


def message(member: str, message_id: str) -> Message:
    """Return what this member said under this id."""
    return Message(1, message_id, member, 1.0, member.title(), "hello")


def test_ids_of_two_members() -> None:
    """The same id of two members means two messages."""
    index = MessageIndex()
    index.add([message("ann", "1"), message("ben", "1"), message("ben", "2")])
    assert index.find("ann", ["1", "2"]) == {"1": message("ann", "1")}
    assert index.find("ben", ["1", "2", "3"]) == {"1": message("ben", "1"), "2": message("ben", "2")}
    assert index.find("cleo", ["1"]) == {}


def test_remove() -> None:
    """Only that message; a member without messages leaves nothing behind."""
    index = MessageIndex()
    index.add([message("ann", "1"), message("ann", "2")])
    index.remove([message("ann", "1")])
    assert index.find("ann", ["1", "2"]) == {"2": message("ann", "2")}
    index.remove([message("ann", "2")])
    assert index.find("ann", ["1", "2"]) == {}


def test_members_without_an_id() -> None:
    """An imported message may have any sender; two members may take turns."""
    index = MessageIndex()
    messages = [message("", "1"), message("ann", "1"), message("", "2"), message("ann", "2")]
    index.add(messages)
    assert index.find("", ["1", "2"]) == {"1": messages[0], "2": messages[2]}
    index.remove(messages[:3])
    assert index.find("", ["1", "2"]) == {}
    assert index.find("ann", ["1", "2"]) == {"2": messages[3]}
