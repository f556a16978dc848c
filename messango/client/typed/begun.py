"""Whom and what a command meant when it was begun: meanwhile others write, leave and take names. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from messango.client.events import AnyReceived
from messango.client.members.directory import MemberDirectory
from messango.client.present_messages import PresentMessages
from messango.client.typed.addressing import Target
from messango.client.typed.commands import UserCommand
from messango.client.typed.requests import DeleteMessage, EditText, React, Reply, SendPrivate
from messango.client.typed.which_message import find_message, no_message
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.validation import normalized_name

AboutMessage: TypeAlias = Reply | React | EditText | DeleteMessage


class Conversation(Protocol):
    """What the words of a command are looked up in."""

    messages: PresentMessages
    directory: MemberDirectory

    @property
    def is_sending(self) -> bool:
        """Whether an own message waits for its receipt."""

    def newest_first(self) -> Iterator[AnyReceived]:
        """Yield the messages that the person sees."""


@dataclass(frozen=True, slots=True)
class _Key:
    """What the typed words of a command mean by themselves."""

    kind: type[AboutMessage | SendPrivate]
    words: Target | str


class BegunCommand:
    """Remembers the message or the member that was meant when the words for it were typed."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._key: _Key | None = None
        self._seq: int | None = None
        self._member: str | None = None

    def changed(self, command: UserCommand | None, answered: str | None = None) -> None:
        """Note what is meant by what is typed now, and forget what is not meant any more.

        `answered` is the public id of the member whose private message the command answers.
        """
        if isinstance(command, SendPrivate):
            if not self._knows(command):
                found = answered or self._conversation.directory.find(command.name)
                self._key, self._seq, self._member = _key_of(command), None, found
        elif isinstance(command, Reply | React | EditText | DeleteMessage):
            if not self._knows(command):
                self.forget()
                message = self.message_for(command)
                self._key = _key_of(command)
                self._seq = None if isinstance(message, str) else message.seq
        elif not isinstance(command, InvalidInput):
            self.forget()

    def message_for(self, command: AboutMessage) -> AnyReceived | str:
        """Return the message that a command means, or the sentence that says why there is none."""
        # To delete another's message, the host names it.
        change = isinstance(command, EditText | DeleteMessage)
        if change and command.target == Target() and self._conversation.is_sending:
            return "Your last message is still being sent. Try again when it is shown."
        if self._seq is not None and self._knows(command):
            meant = self._conversation.messages.get(self._seq)
            if meant is None or meant.deleted:
                return "That message was deleted. Type the command again."
            return meant
        message = find_message(command.target, self._conversation.newest_first(), change=change)
        return no_message(command.target, change=change) if message is None else message

    def another_member(self, command: SendPrivate, answered: str | None = None) -> str:
        """Return the sentence that the name is another member's by now; mostly empty."""
        meant = (self._member if self._knows(command) else None) or answered
        if meant is None or meant == self._conversation.directory.find(command.name):
            return ""
        name = plain_name(command.name)
        return f"{name} is another member now than the one you meant. Type it all again to write to this one."

    def forget(self) -> None:
        """Forget the command: another one is begun."""
        self._key = self._seq = self._member = None

    def _knows(self, command: AboutMessage | SendPrivate) -> bool:
        """Return whether these words have been typed before, and were not changed since."""
        return self._key == _key_of(command)


def _key_of(command: AboutMessage | SendPrivate) -> _Key:
    words = normalized_name(command.name) if isinstance(command, SendPrivate) else command.target
    return _Key(type(command), words)
