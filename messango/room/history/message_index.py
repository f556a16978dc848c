"""An index of entries by member and id, to recognize a request that is sent again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.protocol.frames import Entry


class MessageIndex:
    """Entries by the public id of their sender, then by their own id, which the sender chose."""

    def __init__(self) -> None:
        self._by_member: dict[str, dict[str, Entry]] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries; fastest if those of one member follow each other."""
        member: str | None = None
        by_id: dict[str, Entry] = {}
        for entry in entries:
            if entry.member != member:
                member = entry.member
                by_id = self._by_member.setdefault(member, {})
            by_id[entry.id] = entry

    def remove(self, entries: Iterable[Entry]) -> None:
        """Remove entries; fastest if those of one member follow each other."""
        member: str | None = None
        by_id: dict[str, Entry] = {}
        for entry in entries:
            if entry.member != member:
                self._drop_if_empty(member)
                member = entry.member
                by_id = self._by_member[member]
            del by_id[entry.id]
        self._drop_if_empty(member)

    def _drop_if_empty(self, member: str | None) -> None:
        if member is not None and not self._by_member[member]:
            del self._by_member[member]

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        """Return this member's entries with these ids, by id."""
        by_id = self._by_member.get(member)
        if by_id is None or by_id.keys().isdisjoint(ids):
            return {}
        return {each: by_id[each] for each in by_id.keys() & ids}
