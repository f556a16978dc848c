"""The composer: the bar that says for whom the text is, the message field, and the status line below."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.client.events import PrivateMessageReceived, ReceivedMessage
from messango.client.interface import RoomClientLike
from messango.client.typed.commands import UserCommand, parse_input, typing_to
from messango.client.typed.requests import SendFiles, SendText
from messango.gui.conversation.composer.composer_bar_view import ComposerBarView
from messango.gui.conversation.composer.edit_keys import EditKeys
from messango.gui.conversation.composer.emoji_typing import EmojiTyping
from messango.gui.conversation.composer.field_completion import FieldCompletion
from messango.gui.conversation.composer.field_emoji import FieldEmoji
from messango.gui.conversation.composer.message_entry import MessageEntry
from messango.gui.conversation.composer.status_line import StatusLine
from messango.gui.conversation.sending.long_draft import LongDraft
from messango.gui.conversation.sending.sending import Sending
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer import composer_bar
from messango.gui.model.composer.choices import NameChoices
from messango.gui.model.composer.composer import editable_text
from messango.gui.model.composer.composer_mode import (
    PUBLIC,
    Answering,
    ComposerMode,
    Editing,
    OnlyTo,
    Recipient,
    Unsent,
    partner,
)
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.typed_commands import PageActions, TypedCommands
from messango.gui.model.emoji.emoji_choices import EmojiChoices
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.model.sending.long_text import is_too_long, too_long_text
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.sending.refusals import COMMAND_AS_LINE, FILES_ARE_CHOSEN
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.frames import Quote
from messango.protocol.limits import MAX_QUOTE_CHARACTERS
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.plain_names import plain_name


class ComposerView(ttk.Frame):
    """Sends what is written by the client that `client` returns; what can't be sent stays in the field.

    The conversation's `composer` says for whom it is. `on_sent` is called after a message or a command;
    `page` has what commands do elsewhere on the page.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        conversation: ConversationModel,
        *,
        client: Callable[[], RoomClientLike],
        on_sent: Callable[[], None],
        page: PageActions,
        recent_emoji: RecentEmoji,
    ) -> None:
        super().__init__(parent)
        self._sanitizer, self._conversation, self._client = sanitizer, conversation, client
        self._look, self._on_sent, self._room = look, on_sent, ""
        self._state = conversation.writing.composer
        self.entry = MessageEntry(
            self,
            look,
            sanitizer,
            names=self._mentionable_names,
            on_send=self.send_draft,
            on_input=self._on_input,
            on_status=self.show_status,
            expand=lambda typed: self._commands.expansion.expand(typed),
        )
        self.bar = ComposerBarView(self, look, sanitizer, on_close=self.close_mode)
        self.send_button = ttk.Button(self, style="Primary.TButton", command=self.send_draft)
        self.sending = Sending(
            self,
            look,
            sanitizer,
            conversation,
            on_change=self._on_files_changed,
            on_status=self.show_status,
        )
        self.long_draft = LongDraft(self.entry, self.sending, self._state)
        self._status = StatusLine(
            self,
            sanitizer,
            draft=self.entry.get,
            typing=lambda: conversation.typing_text,
            too_long=self.long_draft.advice,
            on_offer=self.long_draft.offer,
            is_file=lambda: self.sending.files.has_text_file,
        )
        self._commands = TypedCommands(conversation, client, self, page)
        self.edit_keys = EditKeys(self.entry, self, self._show_mode)
        sources = (NameChoices(self._mentionable_names), EmojiChoices(recent_emoji))
        self.names_popup = FieldCompletion(parent, look, sanitizer, self.entry, sources)
        typing = EmojiTyping(self.entry, recent_emoji)
        self.entry.key_filters += [typing.handle, FieldEmoji(self.entry.text, look).handle]
        self.entry.key_filters += [self.edit_keys.handle, self._on_key]
        self._lay_out()

    def refresh(self, title: str) -> None:
        """Show the conversation as it is now."""
        self._room = title
        self._show_mode()
        self._status.refresh()

    def answer(self, seq: int, name: str, preview: str, to: Recipient | None = None) -> None:
        """Answer the message `seq` of `name`; with `to` it is private, and the answer goes to them only."""
        # A message may be long; the room quotes its beginning.
        self._enter(Answering(seq, name, preview[:MAX_QUOTE_CHARACTERS], to))

    def answer_message(self, message: ReceivedMessage) -> None:
        """Answer a message to those who have it."""
        to = partner(message) if isinstance(message, PrivateMessageReceived) else None
        self.answer(message.seq, message.name, message.text, to)

    def write_to(self, member: str, name: str) -> None:
        """Write to one member only, if that is possible; `member` is their id."""
        self._enter(OnlyTo(Recipient(member, name)))

    def edit_message(
        self, seq: int, text: str, to: Recipient | None = None, *, may_be_empty: bool = False
    ) -> None:
        """Edit the own message `seq`; the half-written text comes back afterwards."""
        self._enter(Editing(seq, editable_text(text), to, may_be_empty))

    @property
    def is_editing(self) -> bool:
        """Whether the text in the field replaces that of an own message."""
        return isinstance(self._state.mode, Editing)

    def close_mode(self) -> None:
        """Write to everybody again, or go back to what an edit interrupted."""
        mode, text = self._state.mode, self.entry.get()
        was_edit = isinstance(mode, Editing)
        self._show_text(self._state.close(text))
        if mode.to is not None and text.strip() and not was_edit and self.entry.get() != text:
            self.show_status(f"Your text to {plain_name(mode.to.name)} is kept until you write to them again")
        self.entry.text.focus_set()

    def send_draft(self) -> None:
        """Send what is written, or run it as a command."""
        typed = self.entry.get().strip("\n")
        if self._conversation.ended:
            return
        if self.sending.is_open:
            self._send_files(typed)
            return
        if self.long_draft.may_be_file(typed):
            self.long_draft.offer()
            return
        is_edit, blocked = isinstance(self._state.mode, Editing), self._blocked_text()
        command = parse_input(typed, self._names_meant())
        if blocked and (is_edit or isinstance(command, SendText)):
            self._reject(blocked)
        elif isinstance(self._state.mode, Editing):
            self._save_edit(self._state.mode, typed)
        elif isinstance(command, InvalidInput):
            self._reject(command.reason)
        elif command is not None:
            self._run(command, typed)

    def unsent(self) -> Unsent:
        """Return what is half written."""
        return self._state.unsent(self.entry.get())

    def restore(self, unsent: Unsent) -> None:
        """Begin with what was half written at the last visit, unless something is written already."""
        if self.entry.get() or self._state.mode != PUBLIC:
            return
        is_here = unsent.to is not None and self._conversation.writing.private_refusal(unsent.to) == ""
        self._show_text(self._state.restore(unsent, self._names_meant(), is_here=is_here))

    def show_status(self, text: str) -> None:
        """Show a text below the field until something is typed or another text replaces it."""
        self._status.show_hint(text)

    def status_text(self) -> str:
        """Return the text below the field."""
        return self._status.text()

    def counter_text(self) -> str:
        """Return the text of the length counter."""
        return self._status.counter()

    def _enter(self, mode: ComposerMode) -> None:
        # What was meant for one member, or as another text of a message, would go to all as their line.
        if self.sending.is_open and (mode.to is not None or isinstance(mode, Editing)):
            self.show_status(FILES_ARE_CHOSEN)
            return
        if mode.to is not None and not isinstance(mode, Editing):
            reason = self._conversation.writing.private_refusal(mode.to)
            if reason:
                self.show_status(reason)
                return
        if not self._conversation.ended:
            self._show_text(self._state.enter(mode, self.entry.get()))
            self.entry.text.focus_set()

    def _show_text(self, text: str) -> None:
        if text != self.entry.get():
            self.entry.set(text)
            self.entry.text.mark_set("insert", "end-1c")
        self._status.clear()
        self._show_mode()

    def send_text(self, text: str) -> None:
        """Send a text to those whom the mode says, and end the mode."""
        self.send_message(OutgoingMessage(text, self._state.mode.to, self._quote()))
        self._show_text(self._state.sent())

    def send_message(self, message: OutgoingMessage) -> None:
        """Send a message to those whom it says."""
        self._conversation.add_pending(message.send_by(self._client()), message)

    def send_file(self, share: OutgoingShare) -> None:
        """Send a file to everybody."""
        self._conversation.add_pending_file(share.send_by(self._client()), share)

    def choose_typed_files(self, command: SendFiles) -> str:
        """Show the files of a command to be sent; returns why none can be, or an empty text."""
        refusal = self.sending.refusal()
        if not refusal:
            self.sending.add_typed(command.paths, keep_metadata=command.keep_metadata)
            self.entry.set(command.text)
        return refusal

    def _quote(self) -> Quote | None:
        mode = self._state.mode
        return Quote(mode.seq, mode.name, mode.preview) if isinstance(mode, Answering) else None

    def _send_files(self, typed: str) -> None:
        """Send the chosen files, with what is written as the line about them."""
        command = None if self.sending.files.has_text_file else parse_input(typed, self._names_meant())
        reason = self._blocked_text() or self.sending.refusal() or self.sending.files.refusal
        if isinstance(command, InvalidInput):
            reason = reason or command.reason
        elif command is not None and not isinstance(command, SendText):
            reason = reason or COMMAND_AS_LINE
        if reason:
            self._reject(reason)
            return
        for share in self.sending.take(command.text if isinstance(command, SendText) else "", self._quote()):
            self.send_file(share)
        if isinstance(command, SendText):
            self.entry.history.add(typed)
        self._show_text(self._state.sent())
        self._on_sent()

    def _on_files_changed(self) -> None:
        self._show_mode()
        self._status.refresh()

    def _run(self, command: UserCommand, typed: str) -> None:
        if not isinstance(command, SendText):
            self.entry.set("")  # what a command brings into the field comes instead
        if error := self._commands.run(command):
            self.entry.set(typed)
            self._reject(error)
            return
        self._commands.done()
        self.entry.history.add(typed)
        self._on_sent()

    def _save_edit(self, mode: Editing, typed: str) -> None:
        command = parse_input(typed)
        text = command.text if isinstance(command, SendText) else ""
        if command is None and not mode.may_be_empty:
            self._reject("A message can't be empty. To delete it, use its menu.")
        elif isinstance(command, InvalidInput):
            self._reject(command.reason)
        elif command is not None and not isinstance(command, SendText):
            self._reject("A command can't be the text of a message.")
        else:
            if typed != mode.text:
                self._client().edit(mode.seq, text)
            self._show_text(self._state.sent())
            self._on_sent()

    def _reject(self, reason: str) -> None:
        too_long = is_too_long(self.entry.get().strip("\n")) and not self.sending.is_open
        advice = too_long_text(self._state.mode, may_be_file=False) if too_long else ""
        self._status.show_error(f"{reason} {advice}".strip())

    def _on_key(self, key: str, state: int) -> bool:  # noqa: ARG002 (as all filters)
        if key != "Escape" or (self._state.mode == PUBLIC and not self.sending.is_open):
            return False
        if self.sending.is_open:
            self.sending.cancel()
        else:
            self.close_mode()
        return True

    def _blocked_text(self) -> str:
        state = self._state
        return composer_bar.blocked_text(
            state.mode, self._conversation.writing.whereabouts(state.mode.to), state.blocked
        )

    def _names_meant(self) -> list[str]:
        """Return the names that a command may mean: also of those who wrote here and left."""
        return self._conversation.writing.directory.names

    def _mentionable_names(self) -> list[str]:
        return [name for name in self._conversation.names if name != self._conversation.own_name]

    def _on_input(self) -> None:
        self._status.draft_changed()
        self._commands.changed(self.entry.get())
        self.long_draft.changed()
        mode = self._state.mode
        if self._conversation.ended or isinstance(mode, Editing) or self._blocked_text():
            return
        name = typing_to(self.entry.get(), self._names_meant())
        if name == "":
            self._client().send_typing(mode.to.member if mode.to else "")
        elif name and (member := self._conversation.writing.directory.find(name)):
            self._client().send_typing(member)

    def _show_mode(self) -> None:
        mode = self._state.mode
        texts = composer_bar.bar_texts(
            mode,
            self._conversation.writing.whereabouts(mode.to),
            self._state.blocked,
            self.edit_keys.answer_hint(),
        )
        if texts is None:
            self.bar.grid_remove()
        else:
            self.bar.show(texts)
            self.bar.grid()
        self.entry.set_private(private=self._state.is_private)
        narrow = self.winfo_width() < self._look.scaled(theme.NARROW_WIDTH)
        files = self.sending.files
        label = files.button if files else composer_bar.send_label(mode, narrow=narrow)
        self.send_button.configure(text=self._sanitizer.label(label))
        can_send = not self._conversation.ended and (not files or files.can_send)
        self.send_button.state(["!disabled" if can_send else "disabled"])
        placeholder = files.placeholder if files else composer_bar.placeholder(mode, self._room)
        self.entry.set_placeholder("Not connected" if self._conversation.ended else placeholder)

    def _lay_out(self) -> None:
        gap, tiny = self._look.scaled(theme.SMALL_GAP), self._look.scaled(theme.TINY)
        self.columnconfigure(0, weight=1)
        for row, part in enumerate((self.sending.panel, self.bar)):
            part.grid(row=row, column=0, columnspan=3, sticky="ew", pady=(0, tiny))
            part.grid_remove()
        self.entry.grid(row=2, column=0, columnspan=2, sticky="ew", padx=(0, gap))
        self.send_button.grid(row=2, column=2, sticky="se")
        self._status.grid(row=3, column=0, columnspan=3, sticky="ew", pady=(tiny, 0))
        self.bind("<Configure>", lambda _: self._show_mode())
