"""What the window does for each command that is typed in the message field. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.interface import RoomClientLike
from messango.client.message_text.quotes import quote_of
from messango.client.typed.begun import BegunCommand
from messango.client.typed.commands import UserCommand, parse_input
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
from messango.gui.model.composer.composer_mode import Recipient, partner
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.composer.typed_expansion import TypedExpansion
from messango.gui.model.conversation import notices
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.typed_files import TypedFiles
from messango.protocol.text.command_table import ShowHelp
from messango.protocol.text.plain_names import plain_name


class Composer(Protocol):
    """What commands need of the message field."""

    def send_text(self, text: str) -> None:
        """Send a text to those whom the mode of the field says."""

    def send_message(self, message: OutgoingMessage) -> None:
        """Send a message to those whom it says."""

    def answer(self, seq: int, name: str, preview: str, to: Recipient | None = None) -> None:
        """Let the next text answer a message."""

    def write_to(self, member: str, name: str) -> None:
        """Let the next text go to one member only."""

    def edit_message(
        self, seq: int, text: str, to: Recipient | None = None, *, may_be_empty: bool = False
    ) -> None:
        """Edit a message in the field."""

    def choose_typed_files(self, command: SendFiles) -> str:
        """Show files to be sent; returns why none can be, or an empty text."""
        ...


@dataclass(frozen=True, slots=True)
class PageActions:
    """What commands need of the page: `ignore` takes a member's id and name, and whether to ignore them;
    `show_earlier` the number of the message to show older ones around, or None.
    """

    leave: Callable[[], None]
    ignore: Callable[[str, str, bool], None]
    search: Callable[[str], None]
    show_earlier: Callable[[int | None], None]
    show_mentions: Callable[[], None]


class TypedCommands:
    """Runs commands for a conversation, by the client that `client` returns."""

    def __init__(
        self,
        conversation: ConversationModel,
        client: Callable[[], RoomClientLike],
        composer: Composer,
        page: PageActions,
    ) -> None:
        self._conversation, self._client = conversation, client
        self._composer, self._page = composer, page
        self._files = TypedFiles(conversation, client)
        self.expansion = TypedExpansion(conversation.writing)
        self._begun = BegunCommand(conversation.writing)

    def changed(self, typed: str) -> None:
        """Note whom and what is meant by what stands in the field now."""
        self.expansion.changed(typed)
        command = parse_input(typed, self._conversation.writing.directory.names)
        if isinstance(command, SendFiles) and command.reply_to is not None:
            command = Reply(command.reply_to, "")
        self._begun.changed(command, self.expansion.answered_member(command))

    def done(self) -> None:
        """Forget what was meant: it is sent."""
        self._begun.forget()

    def run(self, command: UserCommand) -> str:
        """Run a command; returns why it can't be, or an empty text."""
        handlers: dict[type, Callable[..., str | None]] = {
            SendPrivate: self._tell,
            Reply: self._reply,
            React: self._react,
            EditText: self._edit,
            DeleteMessage: self._delete,
            IgnoreMember: self._ignore,
            UnignoreMember: self._unignore,
            SendFiles: self._choose_files,
            ShowFiles: self._files.show,
            GetFiles: self._files.get,
            CancelTransfer: self._files.cancel,
        }
        handler = handlers.get(type(command))
        if handler is None:
            self._run_plain(command)
            return ""
        return handler(command) or ""

    def _run_plain(self, command: UserCommand) -> None:
        """Run a command that can't fail."""
        page, conversation = self._page, self._conversation
        plain: dict[type, Callable[[], object]] = {
            ShowMentions: page.show_mentions,
            Quit: page.leave,
            ShowHelp: lambda: notices.help_lines(),
            ShowMembers: lambda: [notices.members_line(conversation.members, conversation.member_count)],
            ShowRoom: lambda: notices.details_lines(conversation.joined_event),
            ShowInvite: lambda: [notices.invite_line(conversation.joined_event)],
        }
        if isinstance(command, SendText):
            self._composer.send_text(command.text)
        elif isinstance(command, ChangeName):
            self._client().rename(command.name)
        elif isinstance(command, ShowEarlier):
            page.show_earlier(command.around)
        elif isinstance(command, SearchMessages):
            page.search(command.words)
        else:
            lines = plain[type(command)]()
            if isinstance(lines, list):
                conversation.add_notices(lines)

    def _tell(self, command: SendPrivate) -> str | None:
        to = Recipient(self._conversation.writing.directory.find(command.name) or "", command.name)
        if refusal := self._begun.another_member(command, self.expansion.answered_member(command)):
            return refusal
        if refusal := self._conversation.writing.private_refusal(to):
            return refusal
        if command.text:
            quote = self.expansion.quote_for(command, to.member)
            self._composer.send_message(OutgoingMessage(command.text, to, quote))
        else:
            self._composer.write_to(to.member, to.name)
        return None

    def _reply(self, command: Reply) -> str | None:
        message = self._begun.message_for(command)
        if isinstance(message, str):
            return message
        to = _recipient(message)
        if to is not None and (refusal := self._conversation.writing.private_refusal(to)):
            return refusal
        if command.text:
            self._composer.send_message(OutgoingMessage(command.text, to, quote_of(message)))
        else:
            self._composer.answer(message.seq, message.name, message.text, to)
        return None

    def _choose_files(self, command: SendFiles) -> str | None:
        if command.reply_to is not None and (refusal := self._reply(Reply(command.reply_to, ""))):
            return refusal
        return self._composer.choose_typed_files(command)

    def _react(self, command: React) -> str | None:
        message = self._begun.message_for(command)
        if isinstance(message, str):
            return message
        has_it = any(reaction.mine and reaction.emoji == command.emoji for reaction in message.reactions)
        self._client().react(message.seq, command.emoji, not has_it)
        return None

    def _edit(self, command: EditText) -> str | None:
        message = self._begun.message_for(command)
        if isinstance(message, str):
            return message
        if not message.own:
            return "You can edit your own messages only."
        if command.text:
            self._client().edit(message.seq, command.text)
        else:
            is_file = message.file is not None
            self._composer.edit_message(
                message.seq, message.caption, _recipient(message), may_be_empty=is_file
            )
        return None

    def _delete(self, command: DeleteMessage) -> str | None:
        message = self._begun.message_for(command)
        if isinstance(message, str):
            return message
        self._client().delete(message.seq)
        return None

    def _ignore(self, command: IgnoreMember) -> str | None:
        conversation = self._conversation
        if not command.name:
            names = ", ".join(map(plain_name, conversation.writing.ignored.names))
            conversation.add_notices([f"You ignore: {names}" if names else "You ignore nobody"])
            return None
        if command.name == conversation.own_name:
            return "You can't ignore yourself."
        member = conversation.writing.directory.find(command.name) or ""
        if conversation.writing.ignored.hides(member, command.name):
            return f"You ignore {plain_name(command.name)} already."
        self._page.ignore(member, command.name, True)
        return None

    def _unignore(self, command: UnignoreMember) -> str | None:
        conversation = self._conversation
        member = conversation.writing.directory.find(command.name) or ""
        if not conversation.writing.ignored.hides(member, command.name):
            return f"You do not ignore {plain_name(command.name)}."
        self._page.ignore(member, command.name, False)
        return None


def _recipient(message: AnyReceived) -> Recipient | None:
    return partner(message) if isinstance(message, PrivateMessageReceived) else None
