"""Where a message is written: the field, the button, and the line of words below."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.client.commands import (
    ChangeName,
    InvalidInput,
    Quit,
    SendText,
    ShowHelp,
    ShowInvite,
    ShowMembers,
    ShowRoom,
    UserCommand,
    is_message,
    parse_input,
)
from messango.client.protocol import RoomClientProtocol
from messango.gui.conversation.message_entry import MessageEntry
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer import counter_text
from messango.gui.model.conversation import ConversationModel
from messango.gui.model.text_sanitizer import TextSanitizer
from messango.protocol.limits import MAX_TEXT_CHARACTERS


class ComposerView(ttk.Frame):
    """Hands what is written to the client that `client` gives; what can't be sent stays in the field.

    `on_sent` is called after a message, `on_quit` when somebody types that they want to leave.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        conversation: ConversationModel,
        *,
        client: Callable[[], RoomClientProtocol],
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
        # Words that are longer than the window would make it wider.
        self._status_label.configure(width=1)

    def refresh(self, title: str) -> None:
        """Show what the conversation holds now."""
        ended = self._conversation.ended
        self.entry.set_placeholder("Not connected" if ended else f"Write to {title}")
        self.send_button.state(["disabled" if ended else "!disabled"])
        self._refresh_status()

    def send_draft(self) -> None:
        """Say what is written, or do what it asks for."""
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
        """Say something below the field, until something is written or there is something else to say."""
        self._status, self._status_draft = text, self.entry.get()
        self._refresh_status()

    def status_text(self) -> str:
        """Return what stands below the field."""
        return str(self._status_label.cget("text"))

    def counter_text(self) -> str:
        """Return what is said of the message's length."""
        return str(self._counter.cget("text"))

    def _execute(self, command: UserCommand) -> None:
        conversation = self._conversation
        actions: dict[type[UserCommand], Callable[[], None]] = {
            ShowHelp: conversation.show_help,
            ShowMembers: conversation.show_members,
            ShowRoom: conversation.show_room_details,
            ShowInvite: conversation.show_invite,
        }
        if isinstance(command, Quit):
            self._on_quit()
            return
        if isinstance(command, SendText):
            conversation.add_pending(self._client().send_message(command.text), command.text)
        elif isinstance(command, ChangeName):
            self._client().rename(command.name)
        else:
            actions[type(command)]()
        self._on_sent()

    def _mentionable_names(self) -> list[str]:
        return [name for name in self._conversation.names if name != self._conversation.own_name]

    def _on_input(self) -> None:
        if self.entry.get() != self._status_draft:
            self._status = ""
        self._refresh_status()
        if not self._conversation.ended and is_message(self.entry.get()):
            self._client().typing()

    def _refresh_status(self) -> None:
        """Say what is wrong with what is written, until it is changed; else what was told; else who types."""
        draft = self.entry.get()
        if self._error and draft == self._rejected_draft:
            self._status_label.configure(text=self._error, style="Error.TLabel")
        else:
            text = self._sanitizer.line(self._status or self._conversation.typing_text)
            self._status_label.configure(text=text, style="Small.TLabel")
        is_too_long = len(draft) > MAX_TEXT_CHARACTERS
        self._counter.configure(
            text=counter_text(draft), style="Error.TLabel" if is_too_long else "Small.TLabel"
        )
