"""The messages of a room in their present form, by number: what was said, and what became of it. Pure.

Reactions are counted once, by the server or by us. A message that came with its reactions has in them all
changes up to an entry that the server named; those that follow are counted here, those up to it are not.
What a returning member has missed comes with its last text, and its edits and its deletion follow all the
same: those change nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    ReactionChanged,
    RoomJoined,
    SearchResult,
)
from messango.client.message_text.quotes import quoted_text
from messango.protocol.frames import Quote, Reaction
from messango.protocol.limits import MAX_REACTION_NAMES, MAX_REACTIONS

#: Beyond this many messages, or characters in them, the tenth that was added first is dropped.
MAX_MESSAGES: Final = 200_000
MAX_CHARACTERS: Final = 50_000_000

#: An edit reaches the quotes of this many answers, the last ones: a room that sends more must not hold up the
#: window with each edit. A deletion reaches all.
_MAX_EDITED_QUOTES: Final = 1_000

#: The changes that are kept for messages which come later: an answer takes seconds at most.
_MAX_CHANGES: Final = 1_000
_MAX_CHANGE_CHARACTERS: Final = 1_000_000


class PresentMessages:
    """For one thread. All messages are of one room; those of private talk too."""

    def __init__(self, max_messages: int = MAX_MESSAGES, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_messages, self._max_characters = max_messages, max_characters
        self._room_id = ""
        #: The number up to which the history that follows has its reactions; None if they follow it.
        self._history_counted: int | None = None
        #: The number of the last entry before we joined, of which no message of the history lacks an edit.
        self._latest = 0
        self._clear()

    def _clear(self) -> None:
        self._messages: dict[int, AnyReceived] = {}
        self._characters = 0
        #: The number of the last change that a message has in it, if it is not its own number.
        self._counted: dict[int, int] = {}
        #: The same for its text and its quote only, if reactions to it are still to come.
        self._text_known: dict[int, int] = {}
        #: The numbers of the messages that answer a message and quote its text, in the order of arrival.
        self._answers: dict[int, dict[int, None]] = {}
        self._recent: deque[MessageChange] = deque()
        self._recent_characters = 0

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, seq: object) -> bool:
        return seq in self._messages

    def get(self, seq: int) -> AnyReceived | None:
        """Return the message with this number; None if it is not here."""
        return self._messages.get(seq)

    def in_order(self) -> list[AnyReceived]:
        """Return all messages by their numbers."""
        return [self._messages[seq] for seq in sorted(self._messages)]

    def joined(self, event: RoomJoined) -> bool:
        """Note what follows now; forget everything if the numbers are another room's, or begin again.

        Returns whether that was so. After a while away some of what we have may have changed without our
        knowing; it is kept all the same, so that a deletion still finds its text.
        """
        is_another = event.room.id != self._room_id or event.latest < max(self._messages, default=0)
        begins_again = bool(self._messages) and is_another
        if is_another:
            self._clear()
        self._room_id = event.room.id
        self._latest = event.latest
        self._history_counted = event.latest if event.since is None else None
        return begins_again

    def add(self, message: AnyReceived) -> bool:
        """Add a message that the room has sent by itself; return whether it is new, or differs now."""
        counted = message.seq
        if message.history and self._history_counted is not None:
            counted = max(counted, self._history_counted)
        is_changed = self._put(message, counted)
        if is_changed and message.history and (message.edited or message.reply is not None):
            self._text_known[message.seq] = self._latest
        return is_changed

    def apply(self, change: MessageChange) -> tuple[int, ...]:
        """Change the messages that this is about; return their numbers, without those that are not here.

        The text of a deleted message is gone from the quotes, and from what is kept here, as well.
        """
        self._remember(change)
        return tuple(seq for seq in (change.target, *self._answering(change)) if self._apply(change, seq))

    def add_answer(self, answer: EarlierReceived | SearchResult) -> tuple[AnyReceived, ...]:
        """Add the messages of an answer; return them in their present form, in order."""
        later = [change for change in self._recent if change.seq > answer.latest]
        for message in answer.messages:
            if self._put(message, max(message.seq, answer.latest)):
                for change in later:
                    self._apply(change, message.seq)
        return tuple(
            self._messages.get(message.seq, message)  # Not here if there are too many.
            for message in answer.messages
        )

    def _put(self, message: AnyReceived, counted: int) -> bool:
        seq, held = message.seq, self._messages.get(message.seq)
        if held is not None and (held.member, held.id) == (message.member, message.id):
            if self._counted.get(seq, seq) >= counted:
                return False  # It comes again, and what we have is as new.
            message = replace(message, history=held.history)
        elif held is not None:
            self._drop([seq])
        self._hold(message)
        if counted > seq:
            self._counted[seq] = counted
        if message.deleted:
            self._empty_quotes(seq)
        while len(self._messages) > self._max_messages or self._characters > self._max_characters:
            self._drop(islice(self._messages, max(len(self._messages) // 10, 1)))
        return message != held

    def _empty_quotes(self, seq: int) -> None:
        """Drop the text of a message from its answers: it was deleted while we were away."""
        for each in sorted(self._answers.get(seq, ())):
            answering = self._messages[each]
            if answering.reply is not None:
                self._hold(replace(answering, reply=Quote(seq, answering.reply.name)))

    def _hold(self, message: AnyReceived) -> None:
        if held := self._messages.get(message.seq):
            self._characters -= _size(held)
            self._unlink(held)
        self._characters += _size(message)
        self._messages[message.seq] = message
        if message.reply is not None and message.reply.text:
            self._answers.setdefault(message.reply.seq, {})[message.seq] = None

    def _drop(self, seqs: Iterable[int]) -> None:
        for seq in [*seqs]:
            message = self._messages.pop(seq)
            self._characters -= _size(message)
            self._counted.pop(seq, None)
            self._text_known.pop(seq, None)
            self._unlink(message)

    def _unlink(self, message: AnyReceived) -> None:
        """Forget that a message answers another."""
        if message.reply is not None and (answers := self._answers.get(message.reply.seq)):
            answers.pop(message.seq, None)
            if not answers:
                del self._answers[message.reply.seq]

    def _remember(self, change: MessageChange) -> None:
        """Keep a change for messages that an answer on its way brings as they were before."""
        if isinstance(change, MessageDeleted):
            self._recent = deque(each for each in self._recent if each.target != change.target)
            self._recent_characters = sum(map(_text_size, self._recent))
        self._recent.append(change)
        self._recent_characters += _text_size(change)
        while len(self._recent) > _MAX_CHANGES or self._recent_characters > _MAX_CHANGE_CHARACTERS:
            self._recent_characters -= _text_size(self._recent.popleft())

    def _answering(self, change: MessageChange) -> list[int]:
        """Return the numbers of the answers whose quotes may differ now."""
        if isinstance(change, MessageDeleted):
            return sorted(self._answers.get(change.target, ()))
        target = self._messages.get(change.target)
        if isinstance(change, ReactionChanged) or (target is not None and target.deleted):
            return []
        return sorted(islice(reversed(self._answers.get(change.target, {})), _MAX_EDITED_QUOTES))

    def _apply(self, change: MessageChange, seq: int) -> bool:
        """Apply a change to the message with this number; return whether it differs now."""
        message = self._messages.get(seq)
        if message is None or change.seq <= self._counted.get(seq, seq):
            return False
        if not isinstance(change, ReactionChanged) and change.seq <= self._text_known.get(seq, 0):
            return False
        changed = changed_message(message, change)
        if changed is message:
            return False
        self._counted[seq] = change.seq
        self._hold(changed)
        return True


def changed_message(message: AnyReceived, change: MessageChange) -> AnyReceived:
    """Return a message, or an answer that quotes it, after a change; the same one if nothing differs."""
    if message.seq == change.target:
        if message.deleted:
            return message
        if isinstance(change, ReactionChanged):
            reactions = _changed_reactions(message.reactions, change)
            return message if reactions is message.reactions else replace(message, reactions=reactions)
        if isinstance(change, MessageDeleted):
            return replace(message, text="", reply=None, edited=False, deleted=True, reactions=(), file=None)
        # Without a text it was deleted later.
        return replace(message, text=change.text, edited=True) if change.text else message
    if message.reply is None or message.reply.seq != change.target or isinstance(change, ReactionChanged):
        return message
    text = quoted_text(change.text) if isinstance(change, MessageEdited) else ""
    if text == message.reply.text:
        return message
    return replace(message, reply=Quote(change.target, message.reply.name, text))


def _changed_reactions(before: tuple[Reaction, ...], change: ReactionChanged) -> tuple[Reaction, ...]:
    index = next((i for i, each in enumerate(before) if each.emoji == change.emoji), None)
    if index is None:
        if not change.on or len(before) >= MAX_REACTIONS:
            return before
        return (*before, Reaction(change.emoji, 1, change.own, (change.name,)))
    reaction = before[index]
    if change.own and reaction.mine == change.on:
        return before  # Our request has changed nothing.
    after = _added(reaction, change) if change.on else _removed(reaction, change)
    return (*before[:index], *([after] if after.count > 0 else []), *before[index + 1 :])


def _added(reaction: Reaction, change: ReactionChanged) -> Reaction:
    names = (*reaction.names, change.name)[:MAX_REACTION_NAMES]
    return Reaction(reaction.emoji, reaction.count + 1, reaction.mine or change.own, names)


def _removed(reaction: Reaction, change: ReactionChanged) -> Reaction:
    names = [*reaction.names]
    if change.name in names:
        names.remove(change.name)
    mine = reaction.mine and not change.own
    return Reaction(reaction.emoji, reaction.count - 1, mine, tuple(names))


def _size(message: AnyReceived) -> int:
    quoted = 0 if message.reply is None else len(message.reply.text)
    return len(message.text) + quoted + 100 * len(message.reactions)


def _text_size(change: MessageChange) -> int:
    return len(change.text) if isinstance(change, MessageEdited) else 0
