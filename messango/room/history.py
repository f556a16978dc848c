"""What the room has accepted, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import msgspec

from messango.protocol.frames import Message
from messango.room.message_index import MessageIndex

#: In memory the conversation of a long day is kept, and never more than a text of every message at its
#: longest would need for a few screens.
MAX_MEMORY_MESSAGES: Final = 10_000
MAX_MEMORY_CHARACTERS: Final = 8_000_000

#: A file that could not be written is tried again so often.
RETRY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SavedSession:
    """Somebody who may come back: `proof` is the SHA-256 of the session's secret, `member` the public id."""

    session_hash: str
    member: str
    name: str


@dataclass(frozen=True, slots=True)
class StorageProblem:
    """Why messages are not kept, and what helps, in sentences; `lasting`: the file is left alone for good."""

    reason: str
    hint: str
    permanent: bool


class History(Protocol):
    """Accepted messages; `latest` and `oldest` are sequence numbers, `oldest` 0 where there is none.

    `kept` tells whether messages outlive the server, `trouble` why they do not although they should.
    """

    problem: StorageProblem | None

    @property
    def is_persistent(self) -> bool: ...

    @property
    def latest(self) -> int: ...

    @property
    def oldest(self) -> int: ...

    def append(self, messages: Sequence[Message]) -> None:
        """Store messages whose `seq` follow on `latest`, all or none."""

    def flush_pending(self, time_s: float) -> bool:
        """Try, not too often, to keep what could not be kept; tell whether something still waits for that."""

    def last(self, count: int) -> list[Message]:
        """Return the last messages, oldest first."""

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        """Return the first `count`, or all, of the messages after `seq` that are kept, oldest first."""

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return what this member has said under these ids, by id."""

    def sessions(self, count: int) -> list[SavedSession]:
        """Return the sessions seen last, the oldest first."""

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Note sessions, or that they were seen again, at `time_s` seconds since 1970 UTC."""

    def close(self) -> None:
        """Let go of what is open. Twice is harmless."""


class MemoryHistory:
    """History that ends with the server, and forgets the oldest when it grows too long."""

    is_persistent = False

    def __init__(self, latest: int = 0) -> None:
        """Begin with the number after `latest`."""
        self.problem: StorageProblem | None = None
        self._messages: deque[Message] = deque()
        self._index = MessageIndex()
        self._characters = 0
        self._latest = latest

    @property
    def latest(self) -> int:
        return self._latest

    @property
    def oldest(self) -> int:
        return self._messages[0].seq if self._messages else 0

    def append(self, messages: Sequence[Message]) -> None:
        self._messages.extend(messages)
        self._index.add(messages)
        self._characters += sum([len(message.text) for message in messages])
        self._latest = messages[-1].seq
        while len(self._messages) > MAX_MEMORY_MESSAGES or self._characters > MAX_MEMORY_CHARACTERS:
            removed = self._messages.popleft()
            self._index.remove(removed)
            self._characters -= len(removed.text)

    def flush_pending(self, time_s: float) -> bool:  # noqa: ARG002 (the history's interface)
        return False

    def last(self, count: int) -> list[Message]:
        return [*islice(self._messages, max(0, len(self._messages) - count), None)]

    def since(self, seq: int, count: int | None = None) -> list[Message]:
        # Sequence numbers have no gaps, so the place of the first one follows from its number.
        start = max(0, seq + 1 - self.oldest)
        return [*islice(self._messages, start, None if count is None else start + count)]

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        return self._index.find(member, message_ids)

    def sessions(self, count: int) -> list[SavedSession]:  # noqa: ARG002 (the history's interface)
        return []

    def save_sessions(self, sessions: Iterable[SavedSession], time_s: float) -> None:
        """Sessions end with the server, as the messages do."""

    def close(self) -> None:
        """Nothing is open."""


def import_messages(history: History, messages: Sequence[Message]) -> None:
    """Add what was said in another room that this one goes on with, but for what is there already.

    Numbers are kept where they rise above those given so far.
    """
    latest, new = history.latest, list[Message]()
    for message in messages:
        if not history.find(message.member, [message.id]):
            latest = max(latest + 1, message.seq)
            new.append(msgspec.structs.replace(message, seq=latest))
    if new:
        history.append(new)
