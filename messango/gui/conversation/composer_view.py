"""The composer: the message field, the send button, and the status line below."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.client.commands import (
    ChangeName,
    Quit,
    SendText,
    ShowInvite,
    ShowMembers,
    ShowRoom,
    UserCommand,
    is_message,
    parse_input,
)
from messango.client.interface import RoomClientLike
from messango.gui.conversation.transcript.message_entry import MessageEntry
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation import notices
from messango.gui.model.conversation.composer import counter_text
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.protocol.text.command_table import InvalidInput, ShowHelp


class ComposerView(ttk.Frame):
    """Sends what is written by the client that `client` returns; what can't be sent stays in the field.

    `on_sent` is called after a message or a command, `on_quit` after `/quit`.
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
        on_quit: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._sanitizer, self._conversation, self._client = sanitizer, conversation, client
        self._on_sent, self._on_quit = on_sent, on_quit
        self._error = self._rejected_draft = self._status = self._status_draft = ""
        self.entry = MessageEntry(
            self,
            look,
            sanitizer,
            names=self._mentionable_names,
            on_send=self.send_draft,
            on_typing=self._on_input,
            on_status=self.show_status,
        )
        self.send_button = ttk.Button(self, text="Send", style="Primary.TButton", command=self.send_draft)
        self._status_label = ttk.Label(self, style="Small.TLabel")
        self._counter = ttk.Label(self, style="Small.TLabel")
        gap, tiny = look.scaled(theme.SMALL_GAP), look.scaled(theme.TINY)
        self.columnconfigure(0, weight=1)
        self.entry.grid(row=0, column=0, columnspan=2, sticky="ew", padx=(0, gap))
        self.send_button.grid(row=0, column=2, sticky="se")
        self._status_label.grid(row=1, column=0, sticky="ew", pady=(tiny, 0))
        self._counter.grid(row=1, column=1, columnspan=2, sticky="e", pady=(tiny, 0))
        # A text longer than the window would make the window wider.
        self._status_label.configure(width=1)

    def refresh(self, title: str) -> None:
        """Show the conversation as it is now."""
        ended = self._conversation.ended
        self.entry.set_placeholder("Not connected" if ended else f"Write to {title}")
        self.send_button.state(["disabled" if ended else "!disabled"])
        self._refresh_status()

    def send_draft(self) -> None:
        """Send what is written, or run it as a command."""
        typed = self.entry.get().strip("\n")
        if self._conversation.ended:
            return
        command = parse_input(typed)
        if isinstance(command, InvalidInput):
            too_long = " Send it in parts." if len(typed) > MAX_TEXT_CHARACTERS else ""
            self._error, self._rejected_draft = command.reason + too_long, self.entry.get()
            self._refresh_status()
        elif command is not None:
            self.entry.history.add(typed)
            self.entry.set("")
            self._execute(command)

    def show_status(self, text: str) -> None:
        """Show a text below the field until something is typed or another text replaces it."""
        self._status, self._status_draft = text, self.entry.get()
        self._refresh_status()

    def status_text(self) -> str:
        """Return the text below the field."""
        return str(self._status_label.cget("text"))

    def counter_text(self) -> str:
        """Return the text of the length counter."""
        return str(self._counter.cget("text"))

    def _execute(self, command: UserCommand) -> None:
        conversation = self._conversation
        answers: dict[type[UserCommand], Callable[[], list[str]]] = {
            ShowHelp: notices.help_lines,
            ShowMembers: lambda: [notices.members_line(conversation.members, conversation.member_count)],
            ShowRoom: lambda: notices.details_lines(conversation.joined_event),
            ShowInvite: lambda: [notices.invite_line(conversation.joined_event)],
        }
        if isinstance(command, Quit):
            self._on_quit()
            return
        if isinstance(command, SendText):
            conversation.add_pending(self._client().send_message(command.text), command.text)
        elif isinstance(command, ChangeName):
            self._client().rename(command.name)
        else:
            conversation.add_notices(answers[type(command)]())
        self._on_sent()

    def _mentionable_names(self) -> list[str]:
        return [name for name in self._conversation.names if name != self._conversation.own_name]

    def _on_input(self) -> None:
        if self.entry.get() != self._status_draft:
            self._status = ""
        self._refresh_status()
        if not self._conversation.ended and is_message(self.entry.get()):
            self._client().send_typing()

    def _refresh_status(self) -> None:
        """Show the error of the draft until it is changed; else the status; else who is typing."""
        draft = self.entry.get()
        if self._error and draft == self._rejected_draft:
            self._status_label.configure(text=self._error, style="Error.TLabel")
        else:
            text = self._sanitizer.label(self._status) or self._sanitizer.preview(draft)
            text = text or self._sanitizer.label(self._conversation.typing_text)
            self._status_label.configure(text=text, style="Small.TLabel")
        is_too_long = len(draft) > MAX_TEXT_CHARACTERS
        self._counter.configure(
            text=counter_text(draft), style="Error.TLabel" if is_too_long else "Small.TLabel"
        )
