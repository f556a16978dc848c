"""What Tab makes of an answer and an edit, so that one sees whom one answers and what one edits. Pure."""

from __future__ import annotations

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.message_text.quotes import quote_of
from messango.client.typed.addressing import Target
from messango.client.typed.commands import UserCommand, parse_input
from messango.client.typed.requests import EditText, Reply, SendPrivate
from messango.client.typed.which_message import expand_edit, expand_reply
from messango.gui.model.composer.composer_mode import partner
from messango.gui.model.composer.writing import Writing
from messango.protocol.frames import Quote
from messango.protocol.text.validation import normalized_name


class TypedExpansion:
    """Remembers which private message the typed `/msg` answers, for as long as the field has one."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._answered: PrivateMessageReceived | None = None

    def expand(self, typed: str) -> str | None:
        """Return what Tab makes of a typed command, or None if it has nothing to do with it."""
        names = self._writing.directory.names
        command = parse_input(typed, names)
        if isinstance(command, EditText) and not command.text:
            message = self._writing.find(command.target, change=True)
            if message is not None and message.own:
                is_last = message == self._writing.find(Target(), change=True)
                return expand_edit(message, is_last=is_last)
        if isinstance(command, Reply):
            message = self._writing.find(command.target, change=False)
            if message is not None and (isinstance(message, PrivateMessageReceived) or not command.text):
                return self._expand_reply(message, command.text, names)
        return None

    def answered_member(self, command: UserCommand | None) -> str | None:
        """Return the public id of the member whose private message a command answers by Tab, or None."""
        if self._answered is None or not isinstance(command, SendPrivate):
            return None
        other = partner(self._answered)
        return other.member if normalized_name(other.name) == normalized_name(command.name) else None

    def quote_for(self, command: SendPrivate, member: str) -> Quote | None:
        """Return what a private message to the member with this id answers, if Tab made it of an answer."""
        answered, self._answered = self._answered, None
        if answered is None or not command.text or partner(answered).member != member:
            return None
        return quote_of(answered)

    def changed(self, typed: str) -> None:
        """Forget the answered message when the command is no longer in the field."""
        if not typed.startswith("/msg"):
            self._answered = None

    def _expand_reply(self, message: AnyReceived, text: str, names: list[str]) -> str:
        self._answered = message if isinstance(message, PrivateMessageReceived) else None
        last = self._writing.find(Target(name=message.name), change=False)
        return expand_reply(message, text, names, is_last_of_author=last == message)
