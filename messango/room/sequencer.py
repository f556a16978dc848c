"""Numbers the messages of a batch, and stores them before they are delivered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.protocol.frames import Message
from messango.room.history.history import History
from messango.room.history.message_index import MessageIndex


class Sequencer:
    """Assigns sequence numbers, and stores the messages of a batch in one transaction."""

    def __init__(self, history: History) -> None:
        #: The number of the last message, stored or not.
        self.latest = history.latest
        self._history = history
        self._uncommitted: list[Message] = []
        #: An index of the uncommitted messages before `_indexed`. Nearly all batches need none, because they
        #: have the messages of each member together.
        self._index = MessageIndex()
        self._indexed = 0
        self._uncommitted_members: set[str] = set()

    def assign_seqs(
        self, member: str, name: str, time_s: float, ids_and_texts: Iterable[tuple[str, str]]
    ) -> list[Message]:
        """Return new messages, made from ids and texts, with the next numbers in the room's order.

        `member` is the sender's public id; the caller has removed duplicates.
        """
        # A file that could not be opened at first may have higher numbers.
        self.latest = max(self.latest, self._history.latest)
        messages = [
            Message(seq, message_id, member, time_s, name, text)
            for seq, (message_id, text) in enumerate(ids_and_texts, self.latest + 1)
        ]
        self.latest += len(messages)
        self._uncommitted += messages
        self._uncommitted_members.add(member)
        return messages

    def find_duplicates(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return this member's messages with these ids, stored or not, by id."""
        found = self._history.find(member, message_ids)
        if member in self._uncommitted_members:
            self._index.add(self._uncommitted[self._indexed :])
            self._indexed = len(self._uncommitted)
            found |= self._index.find(member, message_ids)
        return found

    def commit(self) -> None:
        """Store the messages that are not in the history yet."""
        if self._uncommitted:
            self._history.append(self._uncommitted)
            self._uncommitted, self._uncommitted_members = [], set()
            self._index, self._indexed = MessageIndex(), 0
