"""What a front end of the terminal knows of the conversation: messages, members, mentions, whom one ignores.

Events in; what they mean for the screen out. No input, no output.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Final

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    Event,
    FileFailed,
    FileSaved,
    MemberRenamed,
    MemberTyping,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    ReceivedMessage,
    RoomJoined,
    SearchResult,
)
from messango.client.files.file_list import FileList, ListedFile
from messango.client.members.directory import MemberDirectory
from messango.client.members.ignored import IgnoredMembers
from messango.client.mentions import MentionLog, is_mention
from messango.client.present_messages import PresentMessages
from messango.terminal.conversation.answers import answered_id
from messango.terminal.conversation.transfer_progress import TransferProgress

#: As many as a person can want to answer; older ones are a request away.
_MAX_MESSAGES: Final = 20_000
_MAX_CHARACTERS: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event means, and the numbers of the messages that it changes."""

    #: Whether to show nothing of it: it is an ignored member's, or says nothing new.
    hidden: bool = False
    #: Whether the message is new, and mentions us or is for us only.
    calls: bool = False
    changed: tuple[int, ...] = ()


class Conversation:
    """Used by one thread."""

    def __init__(
        self,
        load_ignored: Callable[[str], IgnoredMembers] = lambda _: IgnoredMembers(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load_ignored` returns whom the person ignores in the room with an id; `clock` gives seconds."""
        self.directory = MemberDirectory()
        self.messages = PresentMessages(_MAX_MESSAGES, _MAX_CHARACTERS)
        self.mentions = MentionLog()
        self.files = FileList()
        self.transfers = TransferProgress(clock)
        self.ignored = IgnoredMembers()
        self.joined: RoomJoined | None = None
        self.you = ""
        self._sending: set[str] = set()
        #: The number of the first message of those that are shown without a gap, and whether it is the
        #: beginning of the room.
        self.oldest: int | None = None
        self.is_beginning = False
        self._load_ignored = load_ignored
        #: All messages by their numbers, until something happens: every key may ask for them.
        self._in_order: list[AnyReceived] | None = None

    @property
    def is_sending(self) -> bool:
        """Whether the room has not accepted or rejected all our messages yet."""
        return bool(self._sending)

    def sent(self, request_id: str) -> None:
        """Note that a message of ours was sent, and is not accepted yet."""
        self._sending.add(request_id)

    @property
    def names(self) -> list[str]:
        """The names that a command may mean: of the others who are here, were here, or have written."""
        return self.directory.names

    def names_for(self, typed: str) -> list[str]:
        """Return the names that Tab offers for a typed text: of an ignored member, also one of long ago."""
        is_unignore = typed.lower().startswith("/unignore ")
        return self.ignored.names if is_unignore else self.names

    def handle(self, event: Event) -> Effect:
        """Learn from an event."""
        self._in_order = None
        self._sending.discard(answered_id(event))
        self.directory.handle(event)
        effect = self._apply(event)
        self.transfers.handle(event)
        self.files.handle(event)
        ended = self.files.of_transfer(event.id) if isinstance(event, FileSaved | FileFailed) else None
        return Effect(changed=(ended.seq,)) if ended and ended.seq else effect

    def newest_first(self) -> Iterator[AnyReceived]:
        """Yield the messages that can be answered: without those of ignored members."""
        if self._in_order is None:
            self._in_order = self.messages.in_order()
        return (message for message in reversed(self._in_order) if not self.hides(message))

    def hides(self, message: ReceivedMessage) -> bool:
        """Return whether a message is hidden."""
        return not message.own and self.ignored.hides(message.member, message.name)

    def is_mention(self, message: ReceivedMessage) -> bool:
        """Return whether a message of somebody else mentions us, or answers one of ours."""
        if message.own or not self.you or self.hides(message):
            return False
        quoted = self.messages.get(message.reply.seq) if message.reply else None
        answers_you = quoted.own if quoted is not None else _is_quoted(message, self.you)
        return is_mention(message.text, self.you, answers_you=answers_you, names=self._other_names())

    def _other_names(self) -> Iterator[str]:
        yield from self.directory.names  # Only if the message has our name in it.

    def mentioning(self) -> list[AnyReceived]:
        """Return the messages that mention us, the newest last."""
        found = (self.messages.get(seq) for seq in self.mentions.seqs)
        return [message for message in found if message is not None and not self.hides(message)]

    def answer(self, event: EarlierReceived | SearchResult) -> list[AnyReceived]:
        """Add older messages; return those that are shown, in their present form."""
        self._in_order = None
        return [message for message in self.messages.add_answer(event) if not self.hides(message)]

    def shown_files(self) -> list[ListedFile]:
        """Return the files of the conversation, without those of ignored members."""
        return [file for file in self.files.all() if not self._hides_file(file)]

    def _hides_file(self, file: ListedFile) -> bool:
        message = self.messages.get(file.seq)
        return message is not None and self.hides(message)

    @singledispatchmethod
    def _apply(self, _event: Event) -> Effect:
        """Other events only concern the members."""
        return Effect()

    @_apply.register
    def _(self, event: RoomJoined) -> Effect:
        if self.messages.joined(event):
            self.mentions.clear()
        if event.since is None:
            # The newest messages follow: there may be a gap before them.
            self.oldest, self.is_beginning = None, False
        if self.joined is None or self.joined.room.id != event.room.id:
            self.ignored = self._load_ignored(event.room.id)
        self.joined, self.you = event, event.you
        return Effect()

    @_apply.register
    def _(self, event: MemberRenamed) -> Effect:
        if event.you:
            self.you = event.name
        return Effect()

    @_apply.register(MessageReceived)
    @_apply.register(PrivateMessageReceived)
    def _(self, event: AnyReceived) -> Effect:
        is_new = self.messages.add(event)
        if self.oldest is None or event.seq < self.oldest:
            self.oldest = event.seq
        if self.hides(event):
            return Effect(hidden=True)
        is_private = isinstance(event, PrivateMessageReceived)
        is_mention = self.is_mention(event)
        if is_mention:
            self.mentions.add(event.seq, seen=event.history)
        return Effect(calls=is_new and not event.history and not event.own and (is_mention or is_private))

    @_apply.register(ReactionChanged)
    @_apply.register(MessageEdited)
    @_apply.register(MessageDeleted)
    def _(self, event: ReactionChanged | MessageEdited | MessageDeleted) -> Effect:
        changed = self.messages.apply(event)
        for seq in changed:
            self._check_mention(seq)
        # What the missed message already shows, or a reaction to one that was deleted later.
        is_known = event.history and event.target in self.messages and not changed
        is_ignored = not event.own and self.ignored.hides(event.member, event.name)
        return Effect(is_known or is_ignored, changed=changed)

    @_apply.register
    def _(self, event: MemberTyping) -> Effect:
        return Effect(hidden=self.ignored.hides(event.member, event.name))

    def _check_mention(self, seq: int) -> None:
        message = self.messages.get(seq)
        if message is None or message.deleted or not self.is_mention(message):
            self.mentions.remove(seq)
        else:
            self.mentions.add(seq, seen=True)


def _is_quoted(message: ReceivedMessage, you: str) -> bool:
    return message.reply is not None and message.reply.name == you
