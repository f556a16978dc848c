"""Entries in memory, as a layer over what is stored: the newest entries, and what they make of older ones."""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Final, Protocol, TypeAlias, TypeVar, cast

from msgspec.structs import replace

from messango.protocol.frames import AnyMessage, Deleted, Edited, Entry, Message, Reacted, Spoken, Told
from messango.room.history.message_index import MessageIndex

#: By emoji and then by member: the number of the entry that added the reaction, and the member's name.
Reactions: TypeAlias = dict[str, dict[str, tuple[int, str]]]

E = TypeVar("E", bound=Entry)

_SEQ: Final = attrgetter("seq")
_TEXT: Final = attrgetter("text")

#: The entries that have texts.
_WITH_TEXT: Final = (AnyMessage, Edited)


class EntrySource(Protocol):
    """Where messages and reactions to them can be looked up by the messages' numbers."""

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are, in their present form but without reactions."""

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages, for those that have some."""


class NoEntries:
    """A source without entries."""

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:  # noqa: ARG002 (the interface)
        return {}

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:  # noqa: ARG002
        return {}


class EntryLog:
    """Entries in order, with their messages in present form. For one thread at a time.

    A change may be about a message of the source `below`: the log then holds that message as it is now.
    """

    def __init__(self, below: EntrySource | None = None) -> None:
        self._below: EntrySource = NoEntries() if below is None else below
        #: In the order of their numbers; and messages of `below` that have changed, by their numbers.
        self._entries: deque[Entry] = deque()
        self._touched: dict[int, Spoken] = {}
        #: For the messages to which somebody has reacted here. What is in it is replaced, never changed.
        self._reactions: dict[int, Reactions] = {}
        self._index = MessageIndex()
        #: How many characters the texts of the entries have, as they are now.
        self.characters = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def first_seq(self) -> int:
        """The lowest number; 0 if there is no entry."""
        return self._entries[0].seq if self._entries else 0

    @property
    def last_seq(self) -> int:
        """The highest number; 0 if there is no entry."""
        return self._entries[-1].seq if self._entries else 0

    def copy(self, below: EntrySource | None = None) -> EntryLog:
        """Return a copy over another source, for another thread."""
        log = EntryLog(below)
        for name in ("_entries", "_touched", "_reactions"):
            setattr(log, name, copy.copy(getattr(self, name)))
        return log

    def add(self, entries: Sequence[Entry], *, plain: bool = False) -> None:
        """Add entries; their numbers are higher than those before. `plain` as in `History.append`."""
        self._entries.extend(entries)
        self._index.add(entries)
        self.characters += count_characters(entries, plain=plain)
        if not plain:
            for entry in entries:
                if not isinstance(entry, AnyMessage):
                    self._apply(entry)

    def drop_oldest(self, count: int) -> list[Entry]:
        """Remove the first entries, and return them."""
        removed = [self._entries.popleft() for _ in range(count)]
        self._index.remove(removed)
        self.characters -= count_characters(removed)
        if self._reactions:
            for entry in removed:
                self._reactions.pop(entry.seq, None)
        return removed

    def last(self, count: int, viewer: str | None = None, before: int | None = None) -> list[Spoken]:
        """Return the last messages, before the number `before`, that this member may see, oldest first."""
        later = 0 if before is None else len(self._entries) - self._position(before)
        entries = islice(reversed(self._entries), later, None)
        visible = (each for each in entries if isinstance(each, AnyMessage) and may_see(each, viewer))
        found = [*islice(visible, count)]
        found.reverse()
        return found

    def since(self, seq: int, count: int | None = None, viewer: str | None = None) -> list[Entry]:
        """Return the first `count`, or all, of the entries after a number that this member may see."""
        entries = islice(self._entries, self._position(seq + 1), None)
        return [*islice((entry for entry in entries if self._is_visible(entry, viewer)), count)]

    def find(self, member: str, ids: Sequence[str]) -> dict[str, Entry]:
        """Return this member's entries that have one of these ids, by id, messages in their present form."""
        found = self._index.find(member, ids)
        if not found:
            return found
        return {each: self._entries[self._position(entry.seq)] for each, entry in found.items()}

    def messages(self, seqs: Collection[int]) -> dict[int, Spoken]:
        """Return those of these messages that there are, here or below, in their present form."""
        own = {seq: message for seq in seqs if (message := self._own_message(seq)) is not None}
        missing = [seq for seq in seqs if seq not in own and self._entry(seq) is None]
        return own | self._below.messages(missing) if missing else own

    def reactions(self, seqs: Collection[int]) -> dict[int, Reactions]:
        """Return the present reactions to these messages, for those that have some."""
        missing = [seq for seq in seqs if seq not in self._reactions and self._entry(seq) is None]
        found = self._below.reactions(missing) if missing else {}
        return found | {seq: self._reactions[seq] for seq in seqs if self._reactions.get(seq)}

    def over(self, entries: Iterable[E]) -> list[E]:
        """Return entries of `below` as they are now."""
        return [cast("E", self._over(entry)) for entry in entries] if self._touched else [*entries]

    def _over(self, entry: Entry) -> Entry:
        if isinstance(entry, AnyMessage):
            return self._touched.get(entry.seq, entry)
        target = self._touched.get(entry.target)
        if isinstance(entry, Edited) and target is not None and target.deleted:
            return replace(entry, text="")
        return entry

    def _position(self, seq: int) -> int:
        """Return the position of the first entry with this number or a higher one."""
        # Nearly always there are no gaps, and the first look finds it.
        guess = min(max(seq - self.first_seq, 0), len(self._entries))
        starts_here = guess == len(self._entries) or self._entries[guess].seq >= seq
        if starts_here and (guess == 0 or self._entries[guess - 1].seq < seq):
            return guess
        return bisect_left(self._entries, seq, hi=guess, key=_SEQ)

    def _entry(self, seq: int) -> Entry | None:
        position = self._position(seq)
        entry = self._entries[position] if position < len(self._entries) else None
        return entry if entry is not None and entry.seq == seq else None

    def _own_message(self, seq: int) -> Spoken | None:
        entry = self._entry(seq)
        return entry if isinstance(entry, AnyMessage) else self._touched.get(seq)

    def _is_visible(self, entry: Entry, viewer: str | None) -> bool:
        if viewer is None or type(entry) is Message:
            return True
        message = entry if isinstance(entry, AnyMessage) else self._own_message(entry.target)
        return message is not None and may_see(message, viewer)

    def _apply(self, change: Reacted | Edited | Deleted) -> None:
        message = self.messages([change.target]).get(change.target)
        if message is None:
            return
        if isinstance(change, Reacted):
            if not message.deleted:
                before = self.reactions([message.seq]).get(message.seq, {})
                self._reactions[message.seq] = apply_reaction(before, change)
            self._set_message(message)
        elif isinstance(change, Edited):
            if message.deleted:
                self._replace(replace(change, text=""))
            else:
                self._set_message(replace(message, text=change.text, edited=True))
        else:
            self._set_message(replace(message, text="", reply=None, edited=False, deleted=True, file=None))
            self._reactions[message.seq] = {}
            for position, entry in enumerate([*self._entries]):
                if isinstance(entry, Edited) and entry.target == message.seq:
                    self._put(position, replace(entry, text=""))

    def _set_message(self, message: Spoken) -> None:
        if self._entry(message.seq) is None:
            self._touched[message.seq] = message
        else:
            self._replace(message)

    def _replace(self, entry: Entry) -> None:
        self._put(self._position(entry.seq), entry)

    def _put(self, position: int, entry: Entry) -> None:
        self.characters += count_characters([entry]) - count_characters([self._entries[position]])
        self._entries[position] = entry


def may_see(message: AnyMessage, viewer: str | None) -> bool:
    """Return whether a member may see a message. None is nobody in particular, and may see everything."""
    return not isinstance(message, Told) or viewer is None or viewer in (message.member, message.to)


def count_characters(entries: Sequence[Entry], *, plain: bool = False) -> int:
    """Return how many characters the texts of these entries have; `plain` as in `History.append`."""
    if plain:
        return sum(map(len, map(_TEXT, entries)))
    return sum([len(entry.text) for entry in entries if isinstance(entry, _WITH_TEXT)])


def apply_reaction(before: Reactions, change: Reacted) -> Reactions:
    """Return the reactions after one was added or removed."""
    members = before.get(change.emoji, {})
    if change.on:
        return before | {change.emoji: {change.member: (change.seq, change.name)} | members}
    rest = {member: added for member, added in members.items() if member != change.member}
    others = {emoji: added for emoji, added in before.items() if emoji != change.emoji}
    return others | {change.emoji: rest} if rest else others
