"""The history: the entries that the room has accepted, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from msgspec.structs import replace

from messango.protocol.frames import AnyMessage, Entry, Spoken
from messango.room.history.entry_log import EntryLog, EntrySource, Reactions

E = TypeVar("E", bound=Entry)

#: Enough for a long day's conversation, and a bound on the memory that 10,000 messages of the greatest
#: length would need.
MAX_MEMORY_MESSAGES: Final = 10_000
MAX_MEMORY_CHARACTERS: Final = 8_000_000

#: A higher number is not kept when an entry is taken over from another history: a room that we do not trust
#: may have given it, and it would leave too few for those that follow. JSON numbers are exact up to this one.
MAX_KEPT_SEQ: Final = 2**53

#: Seconds between attempts to write to a history file after a failure.
RETRY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A session that may return: `session_hash` is the SHA-256 of its secret, `member` the public id.

    A session that began without encryption may be stolen, so it can't return over an encrypted connection.
    """

    session_hash: str
    member: str
    name: str
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class StorageProblem:
    """Why messages are not stored, and what helps, each in a sentence.

    With `permanent` it does not pass by itself. `for_members` is the reason without the host's paths,
    and `cause` what is wrong with the file, without what follows from it.
    """

    reason: str
    hint: str
    permanent: bool
    for_members: str = ""
    cause: str = ""

    def __str__(self) -> str:
        return f"{self.reason} {self.hint}"


class History(Protocol):
    """Accepted entries; `latest` and `oldest` are sequence numbers, `oldest` is 0 if there is no message.

    A `viewer` is the public id of the member who reads, or None for everything that is kept.
    `is_persistent`: messages outlive the server. `problem`: why they do not although they should.
    """

    problem: StorageProblem | None
    #: What the host should read, oldest first; the reader empties it.
    notices: list[str]
    #: How many of the messages are lost, because the memory could not hold them until they were stored.
    lost_count: int

    @property
    def is_persistent(self) -> bool: ...

    @property
    def latest(self) -> int: ...

    @property
    def oldest(self) -> int: ...

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Store entries whose numbers continue from `latest`, all or none.

        `plain`: they are messages to all, neither answers nor edited nor deleted, as nearly all are.
        """

    def flush_pending(self, time_s: float) -> bool:
        """Try to store what could not be stored, at most every `RETRY_S`; true: call again after that."""

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        """Return the last messages, before the number `before`, that this member may see, oldest first."""

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        """Return the first `count`, or all, of the entries after `seq` that this member may see, in order."""

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        """Return this member's entries that have one of these ids, by id."""

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are, without reactions."""

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages, for those that have some."""

    def unsaved(self) -> EntryLog:
        """Return the entries that are only in memory."""

    @property
    def stored_at(self) -> Path | None:
        """The file with all other entries, which any thread may read; None if there is none."""

    def sessions(self, count: int) -> list[SavedSession]:
        """Return the `count` sessions seen most recently, the oldest first."""

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Store sessions as seen at `time_s`, in seconds since 1970 UTC."""

    def close(self) -> None:
        """Close what is open. Twice is harmless."""


class MemoryHistory:
    """A history that ends with the server, and drops the oldest messages beyond its limits."""

    is_persistent = False

    def __init__(self, latest: int = 0, below: EntrySource | None = None) -> None:
        """The first entry gets the number after `latest`; changes may be about messages of `below`."""
        self.problem: StorageProblem | None = None
        self.notices: list[str] = []
        self.lost_count = 0
        #: How many messages were dropped.
        self.dropped = 0
        self._log = EntryLog(below)
        self._latest = latest

    def __len__(self) -> int:
        """Return the number of entries that it holds."""
        return len(self._log)

    @property
    def latest(self) -> int:
        return self._latest

    @property
    def oldest(self) -> int:
        return self._log.first_seq

    def append(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        self._log.add(entries, plain=plain)
        self._latest = entries[-1].seq
        self._drop_oldest(len(self._log) - MAX_MEMORY_MESSAGES)
        while self._log.characters > MAX_MEMORY_CHARACTERS:
            self._drop_oldest(1)

    def _drop_oldest(self, count: int) -> None:
        self.dropped += len(self._log.drop_oldest(count))

    def skip_to(self, latest: int) -> None:
        """Go on after this number, while there is no entry here: the others are stored elsewhere."""
        self._latest = latest

    def flush_pending(self, time_s: float) -> bool:  # noqa: ARG002 (the history's interface)
        return False

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        return self._log.last(count, viewer, before)

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        return self._log.since(seq, count, viewer)

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        return self._log.find(member, ids)

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        return self._log.messages(seqs)

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        return self._log.reactions(seqs)

    def over(self, entries: Iterable[E]) -> list[E]:
        """Return stored entries as what is in memory has changed them."""
        return self._log.over(entries)

    def unsaved(self) -> EntryLog:
        return self._log

    @property
    def stored_at(self) -> Path | None:
        return None

    def sessions(self, count: int) -> list[SavedSession]:  # noqa: ARG002 (the history's interface)
        return []

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Do nothing: sessions end with the server, as the messages do."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


class NumberedEntries(Protocol):
    """What `new_entries` needs to know of a history."""

    @property
    def latest(self) -> int: ...

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        """Return this member's entries that have one of these ids, by id."""


def new_entries(history: NumberedEntries, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are not in the history yet, with numbers that continue its own.

    An entry keeps its number if that is higher than all before it, up to `MAX_KEPT_SEQ`. What refers to an
    entry with another number follows it.
    """
    latest, new, moved = history.latest, list[Entry](), dict[int, int]()
    for entry in entries:
        if found := history.find(entry.member, [entry.id]):
            moved[entry.seq] = found[entry.id].seq
            continue
        latest = max(latest + 1, entry.seq if entry.seq <= MAX_KEPT_SEQ else 0)
        moved[entry.seq] = latest
        new.append(_renumbered(entry, latest, moved))
    return new


def _renumbered(entry: Entry, seq: int, moved: dict[int, int]) -> Entry:
    if not isinstance(entry, AnyMessage):
        return replace(entry, seq=seq, target=moved.get(entry.target, entry.target))
    if entry.reply is None:
        return replace(entry, seq=seq)
    reply = replace(entry.reply, seq=moved.get(entry.reply.seq, entry.reply.seq))
    return replace(entry, seq=seq, reply=reply)
