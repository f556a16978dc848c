"""What is being typed: which message or member it means, as a line above the field; Tab and Alt-Up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.members.private_texts import WHO_CAN_READ
from messango.client.typed.addressing import Target
from messango.client.typed.begun import AboutMessage, BegunCommand
from messango.client.typed.commands import UserCommand, parse_input
from messango.client.typed.requests import (
    CancelTransfer,
    DeleteMessage,
    EditText,
    GetFiles,
    React,
    Reply,
    SendFiles,
    SendPrivate,
    SendText,
)
from messango.client.typed.which_message import (
    expand_edit,
    expand_reply,
    find_message,
    other_id,
    other_of,
)
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.validation import normalized_name
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.file_drafts import FileDrafts
from messango.terminal.conversation.texts import excerpt_of, message_text


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A message that was chosen for what is typed: `typed` is what stood in the field then."""

    message: AnyReceived
    typed: str


class Drafting:
    """Remembers which message is meant where the text alone does not say it: a private answer's."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._chosen: _Chosen | None = None
        self._begun = BegunCommand(conversation)
        self.files = FileDrafts(conversation)

    def parse(self, typed: str) -> UserCommand | None:
        """Return what a typed text asks for."""
        return parse_input(typed, self._conversation.names)

    def message_for(self, command: AboutMessage) -> AnyReceived | str:
        """Return the message that a command means, or the sentence that says why there is none."""
        return self._begun.message_for(command)

    def answered_by(self, command: SendFiles) -> AnyReceived | str | None:
        """Return the message that files answer, None without one, or the sentence why they can't."""
        if command.reply_to is None:
            return None
        message = self.message_for(Reply(command.reply_to, ""))
        if isinstance(message, PrivateMessageReceived):
            return f"{message_text(message)} is private, and a file goes to everybody, so nothing was sent."
        return message

    def reply_to(self, command: SendPrivate) -> int | None:
        """Return the number of the private message that this one answers, if it was chosen for that."""
        message = self._answered(command)
        return None if message is None or self._conversation.hides(message) else message.seq

    def another_member(self, command: SendPrivate) -> str:
        """Return the sentence that the name is another member's by now; mostly empty."""
        return self._begun.another_member(command, self._answered_id(command))

    def _answered_id(self, command: SendPrivate) -> str | None:
        answered = self._answered(command)
        return other_id(answered) if answered else None

    def _answered(self, command: SendPrivate) -> PrivateMessageReceived | None:
        message = self._chosen.message if self._chosen else None
        if not isinstance(message, PrivateMessageReceived):
            return None
        return message if normalized_name(other_of(message)) == normalized_name(command.name) else None

    def changed(self, typed: str) -> None:
        """Note what is meant now, and forget what is not meant any more."""
        if self._chosen and not typed.startswith(self._chosen.typed.split(" ", 1)[0]):
            self._chosen = None
        self.files.changed()
        command = self.parse(typed)
        if isinstance(command, InvalidInput) and typed.split(maxsplit=1)[0].lower() == "/react":
            command = React(Target(), "")  # The emoji comes last, but the message is chosen.
        if isinstance(command, SendFiles) and command.reply_to is not None:
            command = Reply(command.reply_to, "")
        answered = self._answered_id(command) if isinstance(command, SendPrivate) else None
        self._begun.changed(command, answered)

    def done(self) -> None:
        """Forget the chosen message: what was typed is sent, or cleared."""
        self._chosen = None
        self._begun.forget()

    def refused(self) -> None:
        """Forget the message that was answered: what is typed next, if there is no field, is not for it."""
        self._chosen = None

    def expand(self, typed: str) -> str | None:
        """Return what Tab makes of an answer or an edit; None for everything else.

        Tab again, before there is a text, goes on to the last message of somebody else.
        """
        command = self.parse(typed)
        if self._chosen and self._chosen.typed == typed and _is_begun(command):
            following = self._of_next_author(self._chosen.message)
            return self._choose(following, self._answering(following, ""))
        if isinstance(command, EditText) and not command.text:
            message = self.message_for(command)
            if not isinstance(message, str) and message.own:
                return self._choose(message, expand_edit(message, is_last=self._is_last(message)))
        if isinstance(command, Reply):
            message = self.message_for(command)
            is_private = isinstance(message, PrivateMessageReceived)
            if not isinstance(message, str) and (is_private or not command.text):
                return self._choose(message, self._answering(message, command.text))
        return None

    def _of_next_author(self, current: AnyReceived) -> AnyReceived:
        """Return the last message of the next author, in the order of their last messages; then the first."""
        last: dict[str, AnyReceived] = {}
        for message in self._conversation.newest_first():
            if not message.own and not message.deleted:
                last.setdefault(message.member, message)
        authors = [*last]
        place = authors.index(current.member) + 1 if current.member in last else 0
        return last[authors[place % len(authors)]] if authors else current

    def has_fetched(self, message: AnyReceived) -> bool:
        """Return whether what is typed began with the text of this message."""
        return self._chosen is not None and self._chosen.message.seq == message.seq

    def step(self, typed: str, older: int) -> str | None:
        """Return the text for the message before the one that is meant now, or with -1 after it.

        A command that changes an own message goes through these, everything else answers. None at the ends.
        """
        command = self.parse(typed)
        change = isinstance(command, EditText | DeleteMessage)
        messages = [
            message
            for message in self._conversation.newest_first()
            if not message.deleted and (message.own or not change)
        ]
        current = self._current(typed, command)
        index = next((i for i, message in enumerate(messages) if message == current), None)
        index = 0 if index is None and older > 0 else -1 if index is None else index + older
        if not 0 <= index < len(messages):
            return None
        message = messages[index]
        return self._choose(message, self._for(command, message, typed))

    def _current(self, typed: str, command: UserCommand | None) -> AnyReceived | None:
        if self._chosen and self._chosen.typed == typed:
            return self._chosen.message
        if isinstance(command, Reply | React | EditText | DeleteMessage) and command.target != Target():
            message = self.message_for(command)
            return None if isinstance(message, str) else message
        return None

    def _for(self, command: UserCommand | None, message: AnyReceived, typed: str) -> str:
        if isinstance(command, React):
            return f"/react {command.emoji} #{message.seq}"
        if isinstance(command, DeleteMessage):
            return f"/delete #{message.seq}"
        if isinstance(command, EditText):
            return expand_edit(message, is_last=self._is_last(message))
        if isinstance(command, Reply | SendPrivate | SendText):
            return self._answering(message, command.text)
        return self._answering(message, "" if typed.startswith("/") else typed)

    def _answering(self, message: AnyReceived, text: str) -> str:
        last = find_message(Target(name=message.name), self._conversation.newest_first(), change=False)
        names = self._conversation.names
        return expand_reply(message, text, names, is_last_of_author=last == message)

    def _is_last(self, message: AnyReceived) -> bool:
        return find_message(Target(), self._conversation.newest_first(), change=True) == message

    def _choose(self, message: AnyReceived, typed: str) -> str:
        self._chosen = _Chosen(message, typed)
        return typed

    def describe(self, typed: str) -> str:
        """Return for whom, or about which message, the typed text is; empty for a message to all."""
        return self._describe(self.parse(typed))

    @singledispatchmethod
    def _describe(self, _command: UserCommand | None) -> str:
        return ""

    @_describe.register
    def _(self, command: SendPrivate) -> str:
        name = plain_name(command.name)
        member = self._conversation.directory.find(command.name)
        if member is not None and self._conversation.directory.is_gone(member):
            return f"{name} has left and would not get it."
        if sentence := self.another_member(command):
            return sentence
        is_here = member is not None and self._conversation.directory.is_present(member)
        answered = self._conversation.messages.get(self.reply_to(command) or -1)
        answer = f", answering “{excerpt_of(answered.text)}”" if answered else ""
        away = "" if is_here else f" {name} is away."
        return f"Only to {name}{answer}. {WHO_CAN_READ}.{away}"

    @_describe.register
    def _(self, command: SendFiles) -> str:
        answered = self.answered_by(command)
        if isinstance(answered, str):
            return answered
        files = self.files.describe(command)
        return f"{files} Answers {message_text(answered)}" if answered else files

    @_describe.register(GetFiles)
    @_describe.register(CancelTransfer)
    def _(self, command: GetFiles | CancelTransfer) -> str:
        return self.files.describe(command)

    @_describe.register
    def _(self, command: Reply) -> str:
        message = self.message_for(command)
        if isinstance(message, PrivateMessageReceived):
            return f"{message_text(message)} is private. Tab answers only {plain_name(other_of(message))}."
        return message if isinstance(message, str) else f"Answering {message_text(message)}"

    @_describe.register
    def _(self, command: React) -> str:
        message = self.message_for(command)
        if isinstance(message, str):
            return message
        does = "Takes back" if has_own(message, command.emoji) else "Adds"
        return f"{does} {command.emoji}: {message_text(message)}"

    @_describe.register
    def _(self, command: EditText) -> str:
        message = self.message_for(command)
        return message if isinstance(message, str) else f"Changes {_whose(message)}"

    @_describe.register
    def _(self, command: DeleteMessage) -> str:
        message = self.message_for(command)
        return message if isinstance(message, str) else f"Deletes {_whose(message)}"


def _is_begun(command: UserCommand | None) -> bool:
    """Return whether an answer has no text yet."""
    return isinstance(command, Reply | SendPrivate) and not command.text


def _whose(message: AnyReceived) -> str:
    if not message.own:
        return f"the message of {message_text(message)}"
    to = f" to {plain_name(message.to_name)}" if isinstance(message, PrivateMessageReceived) else ""
    return f"your message{to}: “{excerpt_of(message.text)}”"


def has_own(message: AnyReceived, emoji: str) -> bool:
    """Return whether we have reacted to a message with this emoji."""
    return any(reaction.emoji == emoji and reaction.mine for reaction in message.reactions)
