"""The connections over which members' browsers make requests, besides the one that they talk over."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, Generic, TypeVar

C = TypeVar("C")

#: Browsers have at most six to one server. More belong to an earlier network of the same phone.
MAX_CONNECTIONS: Final = 8


class MemberConnections(Generic[C]):
    """Which connection belongs to which member. The registry's lock guards it."""

    def __init__(self) -> None:
        #: Of each member, the least recently used one first.
        self._by_member: defaultdict[str, dict[C, None]] = defaultdict(dict)
        self._members: dict[C, str] = {}

    def add(self, client: C, member: str) -> C | None:
        """Count a connection, or its next use, as the member's; return the one that it replaces, or None."""
        self.remove(client)
        self._members[client] = member
        own = self._by_member[member]
        own[client] = None
        if len(own) <= MAX_CONNECTIONS:
            return None
        oldest = next(iter(own))
        self.remove(oldest)
        return oldest

    def remove(self, client: C) -> bool:
        """Remove a connection; return whether it was a member's."""
        if (member := self._members.pop(client, None)) is None:
            return False
        del self._by_member[member][client]
        if not self._by_member[member]:
            del self._by_member[member]
        return True
