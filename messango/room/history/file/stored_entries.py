"""Reads the entries of a history file, each time only those that one member may see."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from messango.protocol.frames import Change, Entry, Spoken
from messango.room.files.shared_file import SharedFile
from messango.room.history.entry_log import Reactions
from messango.room.history.file.stored_change import CHANGE_COLUMNS, change_from_row
from messango.room.history.file.stored_message import (
    COLUMNS,
    VALUES_PER_QUERY,
    ForeignValue,
    file_of_text,
    message_from_row,
    more_columns,
)

#: The number of the last entry. Each part reads one end of a table.
LATEST_SEQ: Final = (
    "SELECT max(coalesce((SELECT max(seq) FROM message), 0), coalesce((SELECT max(seq) FROM change), 0))"
)

#: A member sees what is for all, and what they sent or were told; and a change if they see its target.
_VISIBLE: Final = "(recipient IS NULL OR recipient = :viewer OR member = :viewer)"
_VISIBLE_CHANGE: Final = (
    "EXISTS (SELECT 1 FROM message WHERE message.seq = change.target AND"
    " (message.recipient IS NULL OR message.recipient = :viewer OR message.member = :viewer))"
)

# Only our own words are put into queries.
_CHANGES: Final = f"SELECT {CHANGE_COLUMNS} FROM change"  # noqa: S608


class StoredEntries:
    """Queries over a connection that the caller owns; each may raise `sqlite3.Error`.

    A `viewer` is a member's public id, or None for everything.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._messages = f"SELECT {COLUMNS}, {more_columns(database)} FROM message"  # noqa: S608

    def latest(self) -> int:
        """Return the number of the last entry; 0 if there is none."""
        return int(self._database.execute(LATEST_SEQ).fetchone()[0])

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        """Return the last messages, before the number `before`, that this member may see, oldest first."""
        conditions = [] if viewer is None else [_VISIBLE]
        conditions += [] if before is None else ["seq < :before"]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        values = {"viewer": viewer, "before": before, "count": count}
        rows = self._database.execute(f"{self._messages} {where} ORDER BY seq DESC LIMIT :count", values)
        found = [*map(message_from_row, rows)]
        found.reverse()
        return found

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        """Return the first `count`, or all, of the entries after a number that this member may see."""
        # A negative limit means no limit (sqlite.org/lang_select.html).
        values = {"seq": seq, "viewer": viewer, "count": -1 if count is None else count}
        end = "ORDER BY seq LIMIT :count"
        seen, changes_seen = ("1", "1") if viewer is None else (_VISIBLE, _VISIBLE_CHANGE)
        messages = self._database.execute(f"{self._messages} WHERE seq > :seq AND {seen} {end}", values)
        changes = self._database.execute(f"{_CHANGES} WHERE seq > :seq AND {changes_seen} {end}", values)
        entries: list[list[Entry]] = [[*map(message_from_row, messages)], [*map(change_from_row, changes)]]
        if not entries[1]:
            return entries[0]
        return [*islice(heapq.merge(*entries, key=attrgetter("seq")), count)]

    def find(self, member: str, ids: Sequence[str], *, has_changes: bool = True) -> dict[str, Entry]:
        """Return this member's entries that have one of these ids, by id.

        Without `has_changes` only messages: the member has made no changes.
        """
        found: list[Entry] = []
        for start in range(0, len(ids), VALUES_PER_QUERY):
            batch = ids[start : start + VALUES_PER_QUERY]
            where = f"WHERE member = ? AND id IN ({', '.join('?' * len(batch))})"
            found += map(
                message_from_row, self._database.execute(f"{self._messages} {where}", (member, *batch))
            )
            if has_changes:
                rows = self._database.execute(f"{_CHANGES} {where}", (member, *batch))
                found += map(change_from_row, rows)
        return {entry.id: entry for entry in found}

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are, in their present form."""
        rows = (
            row for where, batch in _batches(seqs) for row in self._rows(f"{self._messages} {where}", batch)
        )
        return {message.seq: message for message in map(message_from_row, rows)}

    def shared_files(self, since_s: float) -> list[SharedFile]:
        """Return the messages from this time on that announce files."""
        rows = self._rows(
            "SELECT seq, member, name, time, file FROM message WHERE file IS NOT NULL AND time >= ?",
            [since_s],
        )
        found: list[SharedFile] = []
        for seq, member, name, time_s, file in rows:
            if (*map(type, (seq, member, name, time_s)),) != (int, str, str, float):
                raise ForeignValue(f"message {seq} in it has a value that Messango does not write")
            found.append(SharedFile(seq, member, name, time_s, file_of_text(file)))
        return found

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages, for those that have some."""
        found: dict[int, Reactions] = {}
        for where, batch in _batches(seqs, "target"):
            query = f"SELECT target, seq, emoji, member, name FROM reaction {where}"  # noqa: S608
            for target, seq, *texts in self._rows(query, batch):
                if not all(isinstance(text, str) for text in texts):
                    raise ForeignValue("a reaction in it has a value that Messango does not write")
                emoji, member, name = texts
                found.setdefault(target, {}).setdefault(emoji, {})[member] = (seq, name)
        return found

    def changes_since(self, seq: int, count: int) -> list[Change]:
        """Return the first `count` changes after a number."""
        rows = self._rows(f"{_CHANGES} WHERE seq > ? ORDER BY seq LIMIT ?", [seq, count])
        return [*map(change_from_row, rows)]

    def has_messages(self, member: str) -> bool:
        """Return whether this member has written a message."""
        query = "SELECT EXISTS (SELECT 1 FROM message WHERE member = ?)"
        return bool(self._database.execute(query, (member,)).fetchone()[0])

    def has_changes(self, member: str) -> bool:
        """Return whether this member has made a change."""
        query = "SELECT EXISTS (SELECT 1 FROM change WHERE member = ?)"
        return bool(self._database.execute(query, (member,)).fetchone()[0])

    def _rows(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        return iter(self._database.execute(query, values))


def _batches(seqs: Collection[int], column: str = "seq") -> Iterator[tuple[str, list[int]]]:
    ordered = sorted(seqs)
    for start in range(0, len(ordered), VALUES_PER_QUERY):
        batch = ordered[start : start + VALUES_PER_QUERY]
        yield f"WHERE {column} IN ({', '.join('?' * len(batch))})", batch
