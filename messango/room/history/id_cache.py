"""A cache of recent message ids: it shows that a message is new without a query to the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from messango.protocol.frames import Entry


class RecentIdCache:
    """The ids of the last `capacity` messages, or up to twice as many, by member.

    There are two generations: when the newer one is full, the older one is dropped at once.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._count = 0
        self._newer: defaultdict[str, set[str]] = defaultdict(set)
        self._older: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, messages: Sequence[Entry]) -> Iterable[str]:
        """Add the messages' ids; return the members with ids in the generation that was dropped for it.

        Fastest if the messages of one member follow each other.
        """
        member: str | None = None
        ids = set[str]()
        for message in messages:
            if message.member != member:
                member = message.member
                ids = self._newer[member]
            ids.add(message.id)
        self._count += len(messages)
        if self._count < self._capacity:
            return ()
        evicted = self._older.keys()
        self._older, self._newer, self._count = self._newer, defaultdict(set), 0
        return evicted

    def has_any(self, member: str, message_ids: Iterable[str]) -> bool:
        """Return whether the cache contains one of these ids of this member."""
        generations = (self._newer, self._older)
        return not all(ids[member].isdisjoint(message_ids) for ids in generations if member in ids)
