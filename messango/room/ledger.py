"""What is said in one round: numbered as it comes, and stored before anybody is given it."""

from __future__ import annotations

from collections.abc import Sequence

from messango.protocol.frames import Message
from messango.room.history import History


class Ledger:
    """Gives each message its number, and has the history keep a round's worth in one go."""

    def __init__(self, history: History) -> None:
        #: The number of the message that was accepted last, stored or not.
        self.latest = history.latest
        self._history = history
        self._unstored: dict[tuple[str, str], Message] = {}

    def accept(self, member: str, message_id: str, time_s: float, name: str, text: str) -> Message:
        """Give a message its place in the room's order; `member` is the sender's public id."""
        self.latest += 1
        message = Message(self.latest, message_id, member, time_s, name, text)
        self._unstored[member, message_id] = message
        return message

    def find(self, member: str, message_ids: Sequence[str]) -> dict[str, Message]:
        """Return what this member has said under these ids, stored or not, by id."""
        known = self._history.find(member, message_ids)
        for message_id in message_ids:
            if unstored := self._unstored.get((member, message_id)):
                known[message_id] = unstored
        return known

    def store(self) -> None:
        """Have the history keep what is not in it yet."""
        if self._unstored:
            self._history.append([*self._unstored.values()])
            self._unstored = {}
