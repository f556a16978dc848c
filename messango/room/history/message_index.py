"""An index of messages by member and id, to recognize a message that is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.protocol.frames import Message


class MessageIndex:
    """Messages by the public id of their sender, then by their own id, which the sender chose."""

    def __init__(self) -> None:
        self._by_member: dict[str, dict[str, Message]] = {}

    def add(self, messages: Iterable[Message]) -> None:
        """Add messages; fastest if those of one member follow each other."""
        member: str | None = None
        by_id: dict[str, Message] = {}
        for message in messages:
            if message.member != member:
                member = message.member
                by_id = self._by_member.setdefault(member, {})
            by_id[message.id] = message

    def remove(self, messages: Iterable[Message]) -> None:
        """Remove messages; fastest if those of one member follow each other."""
        member: str | None = None
        by_id: dict[str, Message] = {}
        for message in messages:
            if message.member != member:
                self._drop_if_empty(member)
                member = message.member
                by_id = self._by_member[member]
            del by_id[message.id]
        self._drop_if_empty(member)

    def _drop_if_empty(self, member: str | None) -> None:
        if member is not None and not self._by_member[member]:
            del self._by_member[member]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return this member's messages with these ids, by id."""
        by_id = self._by_member.get(member)
        if by_id is None or by_id.keys().isdisjoint(message_ids):
            return {}
        return {each: by_id[each] for each in by_id.keys() & message_ids}
