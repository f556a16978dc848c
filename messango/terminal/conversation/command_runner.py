"""Does what the typed commands ask for; the screen and the plain lines show the results their own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Final, Protocol

from messango.client.commands import UserCommand
from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    PrivateMessageReceived,
    RequestFailed,
    SearchResult,
)
from messango.client.interface import RoomClientLike
from messango.client.members.ignored import IgnoredMembers
from messango.client.typed.requests import (
    ChangeName,
    DeleteMessage,
    EditText,
    IgnoreMember,
    Quit,
    React,
    Reply,
    SearchMessages,
    SendPrivate,
    SendText,
    ShowEarlier,
    ShowInvite,
    ShowMembers,
    ShowMentions,
    ShowRoom,
    UnignoreMember,
)
from messango.client.typed.which_message import other_of
from messango.errors import CorruptFile
from messango.protocol.limits import MAX_SEQ
from messango.protocol.text.command_table import InvalidInput, ShowHelp
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import counted, join_names
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.drafting import Drafting, has_own
from messango.terminal.conversation.texts import excerpt_of, found_text, message_text

#: So many older messages come at once: about a screen.
EARLIER_COUNT: Final = 30

_BEGINNING: Final = "the beginning of the room"


class FrontEnd(Protocol):
    """What the commands need of a front end."""

    def notice(self, sentence: str) -> None:
        """Show a sentence."""

    def problem(self, sentence: str) -> None:
        """Show an error."""

    def show_messages(self, title: str, messages: Sequence[AnyReceived], end: str) -> None:
        """Show older messages, with their numbers, between two titles."""

    def show_help(self) -> None:
        """Show the commands."""

    def show_members(self) -> None:
        """Show who is in the room."""

    def show_room(self) -> None:
        """Show the room's words, fingerprint and address."""

    def show_invite(self) -> None:
        """Show a link to the room."""

    def set_typed(self, text: str) -> None:
        """Put a text into the field."""

    def queued(self, request_id: str, text: str, *, is_message: bool) -> None:
        """Show that something is sent and not accepted yet."""

    def visibility_changed(self) -> None:
        """Show or hide messages: others are ignored now."""

    def leave(self) -> None:
        """Leave the room."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked for: the words of a search, or older messages, perhaps around one."""

    words: str = ""
    around: int | None = None


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
        #: What we have asked the room for, by the id of the request.
        self._questions: dict[str, _Question] = {}
        #: What is not accepted yet besides messages, for the sentence that says that it failed.
        self._waiting: dict[str, str] = {}
        self._last_search: tuple[str, int | None] = ("", None)

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
        self._front_end.queued(self._client.send_message(command.text), command.text, is_message=True)
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
        request_id = self._client.tell(member, command.text, self._drafting.reply_to(command))
        shown = f"(only to {plain_name(command.name)}) {command.text}"
        self._front_end.queued(request_id, shown, is_message=True)
        return True

    @_run.register
    def _(self, command: Reply) -> bool:
        message = self._drafting.message_for(command)
        if isinstance(message, str):
            return self._fail(message)
        if isinstance(message, PrivateMessageReceived) and command.text:
            name = plain_name(other_of(message))
            return self._fail(
                f"{message_text(message)} is private, so nothing was sent. Press Tab to answer only {name}, "
                f"or type /msg {name} and the text."
            )
        if not command.text:
            return self._expand(command)
        request_id = self._client.send_message(command.text, message.seq)
        self._front_end.queued(request_id, command.text, is_message=True)
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
        if not command.text:
            return self._expand(command)
        if command.text == message.text:
            self._front_end.notice("The text is the same, so nothing is changed.")
            return True
        self._wait(self._client.edit(message.seq, command.text), "The edit", f"edit: {command.text}")
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
        if command.around is None and self._conversation.is_beginning:
            self._front_end.notice("Nothing is older: this is the beginning of the room.")
            return True
        if command.around is not None:
            before = min(command.around + EARLIER_COUNT // 2, MAX_SEQ)
        else:
            joined = self._conversation.joined
            before = self._conversation.oldest or (joined.latest + 1 if joined else 1)
        request_id = self._client.request_earlier(before, EARLIER_COUNT)
        self._questions[request_id] = _Question(around=command.around)
        self._front_end.queued(request_id, "looking for older messages…", is_message=False)
        return True

    @_run.register
    def _(self, command: SearchMessages) -> bool:
        words, before = (command.words, None) if command.words else self._last_search
        if not words:
            return self._fail("Type the words to search for: /search WORDS")
        request_id = self._client.search(words, before)
        self._questions[request_id] = _Question(words=words)
        self._front_end.queued(request_id, f"searching for “{excerpt_of(words)}”…", is_message=False)
        return True

    @_run.register
    def _(self, _command: ShowMentions) -> bool:
        messages = self._conversation.mentioning()[-EARLIER_COUNT:]
        if not messages:
            self._front_end.notice("Nobody has mentioned you here.")
            return True
        title = (
            f"{counted(len(messages), 'message')} that {'mentions' if len(messages) == 1 else 'mention'} you"
        )
        self._front_end.show_messages(title, messages, "now")
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
        question = self._questions.pop(event.id, None)
        if question is None:
            return
        messages = self._conversation.answer(event)
        if isinstance(event, SearchResult):
            self._show_found(question.words, event, messages)
        else:
            self._show_earlier(question, event, messages)

    def failed(self, event: RequestFailed) -> str:
        """Return the sentence about a request that failed."""
        self._questions.pop(event.id, None)
        what = self._waiting.pop(event.id, "")
        was = f"{what} was not accepted. " if what else ""
        return f"{was}{event.reason} {event.hint}".rstrip()

    def accepted(self, request_id: str) -> None:
        """Forget a request that the room has accepted."""
        self._waiting.pop(request_id, None)

    def _show_found(self, words: str, event: SearchResult, messages: Sequence[AnyReceived]) -> None:
        oldest = event.messages[0].seq if event.messages else None
        self._last_search = (words, oldest) if event.more else ("", None)
        title = found_text(len(messages), words, more=event.more)
        if not messages:
            self._front_end.notice(f"{title}.")
            return
        older = "; /search alone shows older ones" if event.more else ""
        self._front_end.show_messages(
            title, messages, f"/earlier #NUMBER shows what was said around one{older}"
        )

    def _show_earlier(
        self, question: _Question, event: EarlierReceived, messages: Sequence[AnyReceived]
    ) -> None:
        if question.around is None:
            if event.messages:
                self._conversation.oldest = event.messages[0].seq
            self._conversation.is_beginning = not event.more
        if not messages:
            self._front_end.notice("Nothing is older: this is the beginning of the room.")
            return
        title = counted(len(messages), "older message") if event.more else _BEGINNING
        if question.around is not None:
            title = f"around #{question.around}"
        self._front_end.show_messages(title, messages, "now")

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
