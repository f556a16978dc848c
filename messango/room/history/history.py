"""The history: the messages that the room has accepted, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import msgspec

from messango.protocol.frames import Message
from messango.room.history.message_index import MessageIndex

#: Enough for a long day's conversation, and a bound on the memory that 10,000 messages of the greatest
#: length would need.
MAX_MEMORY_MESSAGES: Final = 10_000
MAX_MEMORY_CHARACTERS: Final = 8_000_000

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
    """Accepted messages; `latest` and `oldest` are sequence numbers, `oldest` is 0 if there is no message.

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

    def append(self, messages: Sequence[Message]) -> None:
        """Store messages whose numbers continue from `latest`, all or none."""

    def flush_pending(self, time_s: float) -> bool:
        """Try to store what could not be stored, at most every `RETRY_S`; true: call again after that."""

    def last(self, count: int) -> list[Message]:
        """Return the last messages, oldest first."""

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        """Return the first `count`, or all, of the stored messages after `seq`, oldest first."""

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return this member's messages that have one of these ids, by id."""

    def sessions(self, count: int) -> list[SavedSession]:
        """Return the `count` sessions seen most recently, the oldest first."""

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Store sessions as seen at `time_s`, in seconds since 1970 UTC."""

    def close(self) -> None:
        """Close what is open. Twice is harmless."""


class MemoryHistory:
    """A history that ends with the server, and drops the oldest messages beyond its limits."""

    is_persistent = False

    def __init__(self, latest: int = 0) -> None:
        """The first message gets the number after `latest`."""
        self.problem: StorageProblem | None = None
        self.notices: list[str] = []
        self.lost_count = 0
        #: How many messages were dropped.
        self.dropped = 0
        self._messages: deque[Message] = deque()
        self._index = MessageIndex()
        self._characters = 0
        self._latest = latest

    def __len__(self) -> int:
        """Return the number of messages that it holds."""
        return len(self._messages)

    @property
    def latest(self) -> int:
        return self._latest

    @property
    def oldest(self) -> int:
        return self._messages[0].seq if self._messages else 0

    def append(self, messages: Sequence[Message]) -> None:
        self._messages.extend(messages)
        self._index.add(messages)
        self._characters += count_characters(messages)
        self._latest = messages[-1].seq
        self._drop_oldest(len(self._messages) - MAX_MEMORY_MESSAGES)
        while self._characters > MAX_MEMORY_CHARACTERS:
            self._drop_oldest(1)

    def _drop_oldest(self, count: int) -> None:
        removed = [self._messages.popleft() for _ in range(count)]
        self.dropped += len(removed)
        self._index.remove(removed)
        self._characters -= count_characters(removed)

    def flush_pending(self, time_s: float) -> bool:  # noqa: ARG002 (the history's interface)
        return False

    def last(self, count: int) -> list[Message]:
        return [*islice(self._messages, max(0, len(self._messages) - count), None)]

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        # Sequence numbers have no gaps, so the index of the first message follows from its number.
        start = max(0, seq + 1 - self.oldest)
        return [*islice(self._messages, start, None if count is None else start + count)]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        return self._index.find(member, message_ids)

    def sessions(self, count: int) -> list[SavedSession]:  # noqa: ARG002 (the history's interface)
        return []

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Do nothing: sessions end with the server, as the messages do."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


def count_characters(messages: Iterable[Message]) -> int:
    """Return how many characters the texts of these messages have."""
    return sum([len(message.text) for message in messages])


class NumberedMessages(Protocol):
    """What `new_messages` needs to know of a history."""

    @property
    def latest(self) -> int: ...

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return this member's messages that have one of these ids, by id."""


def new_messages(history: NumberedMessages, messages: Iterable[Message]) -> list[Message]:
    """Return the messages that are not in the history yet, with numbers that continue its own.

    A message keeps its number if that is higher than all before it.
    """
    latest, new = history.latest, list[Message]()
    for message in messages:
        if not history.find(message.member, [message.id]):
            latest = max(latest + 1, message.seq)
            new.append(msgspec.structs.replace(message, seq=latest))
    return new


def import_messages(history: History, messages: Iterable[Message]) -> None:
    """Add the messages of a closed room that this one continues, except those already in the history."""
    if new := new_messages(history, messages):
        history.append(new)
