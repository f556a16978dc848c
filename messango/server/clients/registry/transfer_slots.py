"""The transfers of members, and how many each member may have at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Generic, TypeVar

from messango.protocol.limits import MAX_TRANSFERS

C = TypeVar("C")


class TransferSlots(Generic[C]):
    """Which connection carries which file of which member. The registry's lock guards it.

    `file` is the id of an upload or of a shared file.
    """

    def __init__(self) -> None:
        self._by_member: defaultdict[str, dict[C, str]] = defaultdict(dict)
        self._members: dict[C, str] = {}

    def add(self, client: C, member: str, file: str) -> bool:
        """Give the client a slot of the member; false if all are taken."""
        slots = self._by_member[member]
        if len(slots) >= MAX_TRANSFERS:
            return False
        slots[client] = file
        self._members[client] = member
        return True

    def find(self, member: str, file: str) -> C | None:
        """Return the member's connection that carries this file, or None."""
        slots = self._by_member.get(member, {})
        return next((client for client, carried in slots.items() if carried == file), None)

    def has_free(self, member: str) -> bool:
        """Return whether the member has a slot that is not taken."""
        return len(self._by_member.get(member, {})) < MAX_TRANSFERS

    def remove(self, client: C) -> None:
        """Free the client's slot, if it has one."""
        if (member := self._members.pop(client, None)) is None:
            return
        del self._by_member[member][client]
        if not self._by_member[member]:
            del self._by_member[member]
