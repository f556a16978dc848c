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
from messango.gui.background.services import Client
from messango.gui.conversation.message_entry import Entry
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.composer import counter
from messango.gui.model.conversation import Conversation
from messango.gui.model.text_sanitizer import Display
from messango.protocol.limits import MAX_TEXT_CHARACTERS


class WritingView(ttk.Frame):
    """Hands what is written to the client that `client` gives; what can't be sent stays in the field.

    `on_sent` is called after a message, `on_quit` when somebody types that they want to leave.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        conversation: Conversation,
        *,
        client: Callable[[], Client],
        on_sent: Callable[[], None],
        on_quit: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._display, self._conversation, self._client = display, conversation, client
        self._on_sent, self._on_quit = on_sent, on_quit
        self._fault = self._refused = self._told = self._told_for = ""
        self.entry = Entry(
            self,
            look,
            display,
            names=self._names,
            on_send=self.send_draft,
            on_typing=self._typing,
            on_told=self.tell,
        )
        self.send_button = ttk.Button(self, text="Send", style="Main.TButton", command=self.send_draft)
        self._note = ttk.Label(self, style="Small.TLabel")
        self._counter = ttk.Label(self, style="Small.TLabel")
        small, tiny = look.px(theme.SMALL_GAP), look.px(theme.TINY)
        self.columnconfigure(0, weight=1)
        self.entry.grid(row=0, column=0, columnspan=2, sticky="ew", padx=(0, small))
        self.send_button.grid(row=0, column=2, sticky="se")
        self._note.grid(row=1, column=0, sticky="ew", pady=(tiny, 0))
        self._counter.grid(row=1, column=1, columnspan=2, sticky="e", pady=(tiny, 0))
        # Words that are longer than the window would make it wider.
        self._note.configure(width=1)

    def refresh(self, title: str) -> None:
        """Show what the conversation holds now."""
        ended = self._conversation.ended
        self.entry.prompt("Not connected" if ended else f"Write to {title}")
        self.send_button.state(["disabled" if ended else "!disabled"])
        self._show_note()

    def send_draft(self) -> None:
        """Say what is written, or do what it asks for."""
        typed = self.entry.get().strip("\n")
        if self._conversation.ended:
            return
        wanted = parse_input(typed)
        if isinstance(wanted, InvalidInput):
            too_long = " Send it in parts." if len(typed) > MAX_TEXT_CHARACTERS else ""
            self._fault, self._refused = wanted.reason + too_long, self.entry.get()
            self._show_note()
        elif wanted is not None:
            self.entry.recall.sent(typed)
            self.entry.set("")
            self._do(wanted)

    def tell(self, words: str) -> None:
        """Say something below the field, until something is written or there is something else to say."""
        self._told, self._told_for = words, self.entry.get()
        self._show_note()

    def note(self) -> str:
        """Return what stands below the field."""
        return str(self._note.cget("text"))

    def counted(self) -> str:
        """Return what is said of the message's length."""
        return str(self._counter.cget("text"))

    def _do(self, wanted: UserCommand) -> None:
        conversation = self._conversation
        answers: dict[type[UserCommand], Callable[[], None]] = {
            ShowHelp: conversation.help,
            ShowMembers: conversation.who,
            ShowRoom: conversation.tell_room,
            ShowInvite: conversation.tell_invite,
        }
        if isinstance(wanted, Quit):
            self._on_quit()
            return
        if isinstance(wanted, SendText):
            conversation.said(self._client().send_message(wanted.text), wanted.text)
        elif isinstance(wanted, ChangeName):
            self._client().rename(wanted.name)
        else:
            answers[type(wanted)]()
        self._on_sent()

    def _names(self) -> list[str]:
        return [name for name in self._conversation.names if name != self._conversation.you]

    def _typing(self) -> None:
        if self.entry.get() != self._told_for:
            self._told = ""
        self._show_note()
        if not self._conversation.ended and is_message(self.entry.get()):
            self._client().typing()

    def _show_note(self) -> None:
        """Say what is wrong with what is written, until it is changed; else what was told; else who types."""
        written = self.entry.get()
        if self._fault and written == self._refused:
            self._note.configure(text=self._fault, style="Fault.TLabel")
        else:
            words = self._display.line(self._told or self._conversation.typing)
            self._note.configure(text=words, style="Small.TLabel")
        over = len(written) > MAX_TEXT_CHARACTERS
        self._counter.configure(text=counter(written), style="Fault.TLabel" if over else "Small.TLabel")
