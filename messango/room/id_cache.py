"""The ids of what was said last: most that is said is new, and these show it without asking the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from messango.protocol.frames import Message


class RecentIdCache:
    """Ids by the member whose messages they are: the last `most` of all members, to twice as many.

    They are kept in two parts: when the newer is full, the older is forgotten in one go.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._count = 0
        self._newer: defaultdict[str, set[str]] = defaultdict(set)
        self._older: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, messages: Sequence[Message]) -> Iterable[str]:
        """Add theirs; returns the members of whom ids were forgotten for that."""
        for message in messages:
            self._newer[message.member].add(message.id)
        self._count += len(messages)
        if self._count < self._capacity:
            return ()
        evicted = self._older.keys()
        self._older, self._newer, self._count = self._newer, defaultdict(set), 0
        return evicted

    def has_any(self, member: str, message_ids: Iterable[str]) -> bool:
        """Tell whether one of these ids of this member is among them."""
        generations = (self._newer, self._older)
        return not all(part[member].isdisjoint(message_ids) for part in generations if member in part)
