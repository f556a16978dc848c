"""What is said in one round: numbered as it comes, and stored before anybody is given it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.protocol.frames import Message
from messango.room.history import History
from messango.room.message_index import MessageIndex


class Sequencer:
    """Gives each message its number, and has the history keep a round's worth in one go."""

    def __init__(self, history: History) -> None:
        #: The number of the message that was accepted last, stored or not.
        self.latest = history.latest
        self._history = history
        self._uncommitted: list[Message] = []
        self._uncommitted_index = MessageIndex()

    def assign_seqs(
        self, member: str, name: str, time_s: float, ids_and_texts: Iterable[tuple[str, str]]
    ) -> list[Message]:
        """Give messages, each an id and a text, their place in the room's order.

        `member` is the sender's public id; none of the messages was accepted before.
        """
        messages = [
            Message(seq, message_id, member, time_s, name, text)
            for seq, (message_id, text) in enumerate(ids_and_texts, self.latest + 1)
        ]
        self.latest += len(messages)
        self._uncommitted += messages
        self._uncommitted_index.add(messages)
        return messages

    def find_duplicates(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return what this member has said under these ids, stored or not, by id."""
        return self._history.find(member, message_ids) | self._uncommitted_index.find(member, message_ids)

    def commit(self) -> None:
        """Have the history keep what is not in it yet."""
        if self._uncommitted:
            self._history.append(self._uncommitted)
            self._uncommitted, self._uncommitted_index = [], MessageIndex()
