"""The page with a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from messango.gui import theme
from messango.gui.banner import Step
from messango.gui.banner_view import BannerView
from messango.gui.conversation import Conversation
from messango.gui.display import Display
from messango.gui.entry import Entry
from messango.gui.members_view import MembersView
from messango.gui.services import Client
from messango.gui.style import Look
from messango.gui.toggle import Toggle
from messango.gui.transcript_view import TranscriptView
from messango.protocol.text import clean_text, text_fault


class ConversationView(ttk.Frame):
    """Shows a `Conversation` and hands what is written to the client; owns neither."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        conversation: Conversation,
        client: Client,
        *,
        on_leave: Callable[[], None],
        steps: Mapping[Step, Callable[[], None]],
    ) -> None:
        """`steps` is what the window does where a banner offers it; the rest is done here."""
        super().__init__(parent, padding=look.px(theme.WIDE_GAP))
        self._look, self._display = look, display
        self._conversation, self._client = conversation, client
        self._steps: dict[Step, Callable[[], None]] = {
            Step.RETRY_NOW: lambda: self._client.retry_now(),
            Step.DISMISS: self._dismiss,
            Step.STAY: self._stay,
            **steps,
        }
        header = ttk.Frame(self)
        self._title = ttk.Label(header, style="Title.TLabel")
        self._subtitle = ttk.Label(header, style="Muted.TLabel")
        self.toggle = Toggle(header, look)
        self.leave_button = ttk.Button(header, text="Leave", style="Quiet.TButton", command=on_leave)
        self.banner = BannerView(self, look, display, on_step=lambda step: self._steps[step]())
        self.transcript = TranscriptView(self, look, display, conversation.transcript, on_moved=self._watch)
        self.members = MembersView(self, look, display)
        writing = ttk.Frame(self)
        self.entry = Entry(writing, look, on_send=self.send_draft, on_typing=self._typing)
        self.send_button = ttk.Button(writing, text="Send", style="Main.TButton", command=self.send_draft)
        self._fault = self._refused = ""
        self._note = ttk.Label(self, style="Small.TLabel")
        self._lay_out(header, writing)
        self.bind("<Configure>", self._resized)

    def refresh(self) -> bool:
        """Show what the conversation holds now; returns whether there is more than one moment can take."""
        conversation = self._conversation
        title = self._display.line(conversation.title)
        self._title.configure(text=title)
        self._subtitle.configure(text=self._display.line(conversation.subtitle))
        self.entry.prompt(f"Write to {title}")
        self._watch()
        behind = self.transcript.apply(conversation.silence)
        self.members.show(conversation.members)
        self._show_note()
        banner = conversation.banner
        if banner is None:
            self.banner.grid_remove()
        else:
            self.banner.show(banner)
            self.banner.grid()
        return behind

    def use(self, client: Client) -> None:
        """Hand what is written to another client from now on."""
        self._client = client
        self.entry.text.focus_set()
        self.refresh()

    def send_draft(self) -> None:
        """Hand what is written to the client; what can't be sent stays in the field, with the reason."""
        text = clean_text(self.entry.get()).strip()
        if not text or self._conversation.ended:
            return
        fault = text_fault(text)
        if fault:
            self._fault, self._refused = f"{fault} Send it in parts.", self.entry.get()
            self._show_note()
            return
        self._conversation.said(self._client.say(text), text)
        self.entry.set("")
        self.transcript.follow()
        self.refresh()

    def note(self) -> str:
        """Return what stands below the field."""
        return str(self._note.cget("text"))

    def _show_note(self) -> None:
        """Say what is wrong with what is written, until it is changed; else who is typing."""
        if self._fault and self.entry.get() == self._refused:
            self._note.configure(text=self._fault, style="Fault.TLabel")
        else:
            words = self._display.line(self._conversation.typing)
            self._note.configure(text=words, style="Small.TLabel")

    def _watch(self) -> None:
        """Take note whether somebody looks at the newest lines."""
        focused = bool(self.tk.call("focus"))
        self._conversation.watch(focused=focused, at_end=self.transcript.following)

    def _typing(self) -> None:
        self._show_note()
        if not self._conversation.ended:
            self._client.typing()

    def _dismiss(self) -> None:
        self._conversation.dismiss()
        self.refresh()

    def _stay(self) -> None:
        self._conversation.hosted.stay()
        self.entry.text.focus_set()
        self.refresh()

    def _resized(self, event: tk.Event[ttk.Frame]) -> None:
        if event.width < self._look.px(theme.NARROW):
            self.members.grid_remove()
        else:
            self.members.grid()

    def _lay_out(self, header: ttk.Frame, writing: ttk.Frame) -> None:
        px = self._look.px
        gap, small = px(theme.GAP), px(theme.SMALL_GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        header.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        header.columnconfigure(0, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self._subtitle.grid(row=1, column=0, sticky="w")
        self.toggle.grid(row=0, column=1, rowspan=2, padx=small)
        self.leave_button.grid(row=0, column=2, rowspan=2)
        self.banner.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.banner.grid_remove()
        self.transcript.grid(row=2, column=0, sticky="nsew")
        self.members.grid(row=2, column=1, sticky="nsew", padx=(gap, 0))
        self.members.configure(width=px(theme.MEMBERS_WIDTH))
        self.members.grid_propagate(False)
        writing.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        writing.columnconfigure(0, weight=1)
        self.entry.grid(row=0, column=0, sticky="ew", padx=(0, small))
        self.send_button.grid(row=0, column=1, sticky="se")
        self._note.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(px(theme.TINY), 0))
