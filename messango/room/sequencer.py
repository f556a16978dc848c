"""Numbers the entries of a batch, and stores them before they are delivered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

from messango.protocol.frames import Deleted, Entry, Message, Spoken
from messango.room.files.shared_file import SharedFile
from messango.room.files.shelf import NO_SHELF, FileShelf
from messango.room.history.entry_log import EntryLog, Reactions
from messango.room.history.history import History


class Sequencer:
    """Assigns sequence numbers, and stores the entries of a batch in one transaction.

    It is also where the room looks up messages, stored or not.
    """

    def __init__(self, history: History, shelf: FileShelf = NO_SHELF) -> None:
        """`shelf` has the files that entries announce; it follows what is stored."""
        #: The number of the last entry, stored or not.
        self.latest = history.latest
        self._history = history
        self._shelf = shelf
        self._begin()

    def _begin(self) -> None:
        """Have nothing that is not stored."""
        self._uncommitted: list[Entry] = []
        #: Whether they are plain messages (see `History.append`).
        self._is_plain = True
        #: The uncommitted entries before `_indexed`. Nearly all batches need none, because they have only
        #: messages, those of each member together.
        self._log = EntryLog(self._history)
        self._indexed = 0
        self._uncommitted_members: set[str] = set()

    def assign_seqs(
        self, member: str, name: str, time_s: float, ids: Sequence[str], texts: Sequence[str]
    ) -> list[Message]:
        """Return new messages with consecutive numbers.

        `member` is the sender's public id; the caller has removed duplicates.
        """
        numbered = zip(count(self.next_seq()), ids, texts)
        messages = [
            Message(seq, message_id, member, time_s, name, text) for seq, message_id, text in numbered
        ]
        self.latest += len(messages)
        self._uncommitted += messages
        self._uncommitted_members.add(member)
        return messages

    def next_seq(self) -> int:
        """Return the number of the next entry, which `add` expects."""
        # A file that could not be opened at first may have higher numbers.
        self.latest = max(self.latest, self._history.latest)
        return self.latest + 1

    def add(self, entry: Entry) -> None:
        """Accept an entry of a member; the caller has given it the next number."""
        self.latest = entry.seq
        self._uncommitted.append(entry)
        self._is_plain = False
        self._uncommitted_members.add(entry.member)

    def find_duplicates(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        """Return what this member's requests with these ids led to, stored or not, by id."""
        found = self._history.find(member, ids)
        if member in self._uncommitted_members:
            found |= self._entries().find(member, ids)
        return found

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are, in their present form."""
        return self._entries().messages(seqs)

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages, for those that have some."""
        return self._entries().reactions(seqs)

    def _entries(self) -> EntryLog:
        self._log.add(self._uncommitted[self._indexed :], plain=self._is_plain)
        self._indexed = len(self._uncommitted)
        return self._log

    def _store(self, entries: Sequence[Entry], *, plain: bool) -> None:
        self._history.append(entries, plain=plain)

    def _follow_files(self) -> None:
        """Keep the files that the stored entries announce, and let those of deleted messages go."""
        for entry in self._uncommitted:
            if isinstance(entry, Message) and entry.file is not None:
                self._shelf.add_share(SharedFile(entry.seq, entry.member, entry.name, entry.time, entry.file))
            elif isinstance(entry, Deleted):
                self._shelf.remove_share(entry.target)

    def commit(self) -> None:
        """Store the entries that are not in the history yet."""
        if self._uncommitted:
            self._store(self._uncommitted, plain=self._is_plain)
            if not self._is_plain:
                self._follow_files()
            self._uncommitted, self._uncommitted_members, self._is_plain = [], set(), True
            if self._indexed:
                self._log, self._indexed = EntryLog(self._history), 0
