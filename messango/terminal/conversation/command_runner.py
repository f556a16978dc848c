"""Does what the typed commands ask for; the screen and the plain lines show the results their own way."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod

from messango.client.events import (
    EarlierReceived,
    PrivateMessageReceived,
    RequestFailed,
    SearchResult,
)
from messango.client.interface import RoomClientLike
from messango.client.members.ignored import IgnoredMembers
from messango.client.typed.commands import UserCommand
from messango.client.typed.requests import (
    CancelTransfer,
    ChangeName,
    DeleteMessage,
    EditText,
    GetFiles,
    IgnoreMember,
    Quit,
    React,
    Reply,
    SearchMessages,
    SendFiles,
    SendPrivate,
    SendText,
    ShowEarlier,
    ShowFiles,
    ShowInvite,
    ShowMembers,
    ShowMentions,
    ShowRoom,
    UnignoreMember,
)
from messango.client.typed.which_message import other_of
from messango.errors import CorruptFile
from messango.protocol.text.command_table import InvalidInput, ShowHelp
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import join_names
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.drafting import Drafting, has_own
from messango.terminal.conversation.file_commands import FileCommands
from messango.terminal.conversation.front_end import FrontEnd
from messango.terminal.conversation.questions import Questions
from messango.terminal.conversation.texts import message_text


class CommandRunner:
    """Used by one thread."""

    def __init__(
        self,
        client: RoomClientLike,
        conversation: Conversation,
        drafting: Drafting,
        front_end: FrontEnd,
        save_ignored: Callable[[str, IgnoredMembers], None],
    ) -> None:
        """`save_ignored` keeps whom the person ignores in the room with an id."""
        self._client = client
        self._conversation = conversation
        self._drafting = drafting
        self._front_end = front_end
        self._save_ignored = save_ignored
        self._questions = Questions(client, conversation, front_end)
        self._files = FileCommands(client, conversation, drafting.files, front_end)
        #: What is not accepted yet besides messages, for the sentence that says that it failed.
        self._waiting: dict[str, str] = {}

    def run(self, typed: str) -> bool:
        """Do what a typed text asks for; returns False to leave it in the field."""
        command = self._drafting.parse(typed)
        done = True if command is None else self._run(command)
        if done:
            self._drafting.done()
        return done

    def report_typing(self, typed: str) -> None:
        """Tell those who will read it that the person is typing."""
        command = self._drafting.parse(typed)
        if isinstance(command, SendPrivate) and command.text:
            if member := self._conversation.directory.find(command.name):
                self._client.send_typing(member)
        elif isinstance(command, SendText):
            self._client.send_typing()
        elif isinstance(command, Reply) and command.text:
            message = self._drafting.message_for(command)
            if not isinstance(message, str | PrivateMessageReceived):
                self._client.send_typing()

    @singledispatchmethod
    def _run(self, command: UserCommand) -> bool:
        raise AssertionError(command)

    @_run.register
    def _(self, command: InvalidInput) -> bool:
        self._front_end.problem(command.reason)
        return False

    @_run.register
    def _(self, command: SendText) -> bool:
        self._sent(self._client.send_message(command.text), command.text)
        return True

    @_run.register
    def _(self, command: SendPrivate) -> bool:
        if not command.text:
            self._front_end.notice(f"Type the text for {plain_name(command.name)} behind the name.")
            return False
        member = self._conversation.directory.find(command.name)
        if member is None:
            self._front_end.problem(
                f"The room has not said who {plain_name(command.name)} is. Try again soon."
            )
            return False
        if sentence := self._drafting.another_member(command):
            self._drafting.refused()
            return self._fail(sentence)
        if self._conversation.directory.is_gone(member):
            name = plain_name(command.name)
            return self._fail(
                f"{name} has left, and would not get it: somebody who comes back is a new member."
            )
        request_id = self._client.tell(member, command.text, self._drafting.reply_to(command))
        self._sent(request_id, f"(only to {plain_name(command.name)}) {command.text}")
        return True

    @_run.register
    def _(self, command: Reply) -> bool:
        message = self._drafting.message_for(command)
        if isinstance(message, str):
            return self._fail(message)
        if isinstance(message, PrivateMessageReceived) and command.text:
            name = plain_name(other_of(message))
            return self._fail(
                f"{message_text(message)} is private, so nothing was sent. To answer only {name}, type "
                f"/msg {name} and the text."
            )
        if not command.text:
            return self._expand(command)
        self._sent(self._client.send_message(command.text, message.seq), command.text)
        return True

    @_run.register
    def _(self, command: React) -> bool:
        message = self._drafting.message_for(command)
        if isinstance(message, str):
            return self._fail(message)
        on = not has_own(message, command.emoji)
        request_id = self._client.react(message.seq, command.emoji, on)
        self._wait(request_id, "The reaction", f"{command.emoji} on {message_text(message)}")
        return True

    @_run.register
    def _(self, command: EditText) -> bool:
        message = self._drafting.message_for(command)
        if isinstance(message, str):
            return self._fail(message)
        if not message.own:
            return self._fail(f"{message_text(message)} is not yours. You can answer it: /reply.")
        # A file needs no line about it: with the text that was fetched taken away, that is what is meant.
        empties = message.file is not None and self._drafting.has_fetched(message)
        if not command.text and not empties:
            return self._expand(command)
        if command.text == message.caption:
            self._front_end.notice("The text is the same, so nothing is changed.")
            return True
        shown = f"edit: {command.text}" if command.text else f"edit: no text with {message_text(message)}"
        self._wait(self._client.edit(message.seq, command.text), "The edit", shown)
        return True

    @_run.register
    def _(self, command: DeleteMessage) -> bool:
        message = self._drafting.message_for(command)
        if isinstance(message, str):
            return self._fail(message)
        self._wait(self._client.delete(message.seq), "The deletion", f"delete {message_text(message)}")
        return True

    @_run.register
    def _(self, command: IgnoreMember) -> bool:
        ignored = self._conversation.ignored
        if not command.name:
            names = join_names([*map(plain_name, ignored.names)], len(ignored.names))
            self._front_end.notice(f"You ignore {names}." if names else "You ignore nobody here.")
            return True
        name = plain_name(command.name)
        if not ignored.add(self._conversation.directory.find(command.name) or "", command.name):
            self._front_end.notice(f"You already ignore {name}.")
            return True
        self._ignored_changed(f"You ignore {name} now: what they write is hidden. /unignore {name} shows it.")
        return True

    @_run.register
    def _(self, command: UnignoreMember) -> bool:
        member = self._conversation.directory.find(command.name) or ""
        name = plain_name(command.name)
        if not self._conversation.ignored.remove(member, command.name):
            return self._fail(f"You do not ignore anybody called {name}. /ignore lists whom you ignore.")
        self._ignored_changed(f"What {name} writes is shown again.")
        return True

    @_run.register
    def _(self, command: ShowEarlier) -> bool:
        self._questions.ask_earlier(command.around)
        return True

    @_run.register
    def _(self, command: SearchMessages) -> bool:
        return self._questions.ask_search(command.words)

    @_run.register
    def _(self, command: SendFiles) -> bool:
        answered = self._drafting.answered_by(command)
        if isinstance(answered, str):
            return self._fail(answered)
        return self._files.send(command, answered.seq if answered else None)

    @_run.register
    def _(self, _command: ShowFiles) -> bool:
        return self._files.show()

    @_run.register
    def _(self, command: GetFiles) -> bool:
        return self._files.get(command)

    @_run.register
    def _(self, command: CancelTransfer) -> bool:
        return self._files.cancel(command)

    @_run.register
    def _(self, _command: ShowMentions) -> bool:
        self._questions.show_mentions()
        return True

    @_run.register
    def _(self, _command: ShowHelp) -> bool:
        self._front_end.show_help()
        return True

    @_run.register
    def _(self, _command: ShowMembers) -> bool:
        self._front_end.show_members()
        return True

    @_run.register
    def _(self, _command: ShowRoom) -> bool:
        self._front_end.show_room()
        return True

    @_run.register
    def _(self, _command: ShowInvite) -> bool:
        self._front_end.show_invite()
        return True

    @_run.register
    def _(self, command: ChangeName) -> bool:
        self._client.rename(command.name)
        return True

    @_run.register
    def _(self, _command: Quit) -> bool:
        self._front_end.leave()
        return True

    def answered(self, event: EarlierReceived | SearchResult) -> None:
        """Show the messages of an answer that we have asked for."""
        self._questions.answered(event)

    def failed(self, event: RequestFailed) -> str:
        """Return the sentence about a request that failed."""
        self._questions.forget(event.id)
        what = self._waiting.pop(event.id, "")
        was = f"{what} was not accepted. " if what else ""
        return f"{was}{event.reason} {event.hint}".rstrip()

    def accepted(self, request_id: str) -> None:
        """Forget a request that the room has accepted."""
        self._waiting.pop(request_id, None)

    def _sent(self, request_id: str, shown: str) -> None:
        self._conversation.sent(request_id)
        self._front_end.queued(request_id, shown, is_message=True)

    def _wait(self, request_id: str, what: str, shown: str) -> None:
        self._waiting[request_id] = what
        self._front_end.queued(request_id, shown, is_message=False)

    def _expand(self, command: Reply | EditText) -> bool:
        typed = "/reply" if isinstance(command, Reply) else "/edit"
        target = command.target
        name = f" “{target.name}”" if target.name else ""
        number = f" #{target.seq}" if target.seq is not None else ""
        expanded = self._drafting.expand(f"{typed}{number}{name}")
        if expanded is not None:
            self._front_end.set_typed(expanded)
        return False

    def _fail(self, sentence: str) -> bool:
        self._front_end.problem(sentence)
        return False

    def _ignored_changed(self, sentence: str) -> None:
        joined = self._conversation.joined
        try:
            if joined is not None:
                self._save_ignored(joined.room.id, self._conversation.ignored)
        except (OSError, CorruptFile) as error:
            sentence = f"{sentence} Only until you leave: it can't be saved ({error})."
        self._front_end.visibility_changed()
        self._front_end.notice(sentence)
