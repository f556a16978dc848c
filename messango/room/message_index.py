"""An index of messages by member and id, to recognize a message that is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.protocol.frames import Message


class MessageIndex:
    """Messages by the public id of their sender, then by their own id, which the sender chose."""

    def __init__(self) -> None:
        self._by_member: dict[str, dict[str, Message]] = {}

    def add(self, messages: Iterable[Message]) -> None:
        """Add messages."""
        by_member = self._by_member
        for message in messages:
            if (by_id := by_member.get(message.member)) is None:
                by_id = by_member[message.member] = {}
            by_id[message.id] = message

    def remove(self, message: Message) -> None:
        """Remove a message."""
        by_id = self._by_member[message.member]
        del by_id[message.id]
        if not by_id:
            del self._by_member[message.member]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return this member's messages with these ids, by id."""
        by_id = self._by_member.get(member)
        return {each: by_id[each] for each in by_id.keys() & message_ids} if by_id else {}
