"""The page with a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial
from tkinter import ttk

from messango.gui.background.services import Client
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.composer_view import WritingView
from messango.gui.conversation.members_view import MembersView
from messango.gui.conversation.search_bar import SearchBar
from messango.gui.conversation.search_highlight import TranscriptMarks
from messango.gui.conversation.transcript_bindings import TranscriptHands
from messango.gui.conversation.transcript_view import TranscriptView
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.banner import Step
from messango.gui.model.conversation import Conversation
from messango.gui.model.text_sanitizer import Display
from messango.gui.widgets.color_scheme_button import Toggle
from messango.gui.widgets.icon_button import DETAILS, FIND, KEEP, MarkButton


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
        on_link: Callable[[str], None],
        steps: Mapping[Step, Callable[[], None]],
    ) -> None:
        """`steps` is what the window does where a banner offers it; the rest is done here."""
        super().__init__(parent, padding=look.px(theme.WIDE_GAP))
        self._look, self._display = look, display
        self._conversation, self._client = conversation, client
        self._narrow = False
        #: What removes a member from the room, where we may.
        self.remove_member: Callable[[str], None] | None = None
        self._steps: dict[Step, Callable[[], None]] = {
            Step.RETRY_NOW: lambda: self._client.retry_now(),
            Step.DISMISS: self._and_show(conversation.dismiss),
            Step.STAY: self._stay,
            Step.WAIT: self._and_show(conversation.wait),
            Step.WAIT_NO_MORE: self._and_show(conversation.wait_no_more),
            **steps,
        }
        header = ttk.Frame(self)
        self._title = ttk.Label(header, style="Title.TLabel")
        self._subtitle = ttk.Label(header, style="Muted.TLabel")
        self.find_button = MarkButton(header, look, "find", "Find", FIND)
        self.keep_button = MarkButton(header, look, "keep", "Keep", KEEP)
        self.details_button = MarkButton(header, look, "info", "Details", DETAILS)
        self.toggle = Toggle(header, look)
        self.leave_button = ttk.Button(header, text="Leave", style="Quiet.TButton", command=on_leave)
        self.banner = BannerView(self, look, display, on_step=lambda step: self._steps[step]())
        self.search_bar = SearchBar(
            self, look, conversation.search, on_moved=self._show_match, on_close=self._search_closed
        )
        self.transcript = TranscriptView(self, look, display, conversation.transcript, on_moved=self._watch)
        self.writing = WritingView(
            self,
            look,
            display,
            conversation,
            client=lambda: self._client,
            on_sent=self._sent,
            on_quit=on_leave,
        )
        self.entry, self.send_button = self.writing.entry, self.writing.send_button
        self.members = MembersView(
            self, look, display, on_mention=self.entry.mention, remove=lambda: self.remove_member
        )
        self.hands = TranscriptHands(
            self.transcript,
            on_link=on_link,
            on_told=self.writing.tell,
            on_send_again=self._send_again,
            on_discard=self._discard,
        )
        self._marks = TranscriptMarks(self.transcript)
        self.pill = ttk.Button(
            self.transcript, style="Pill.TButton", command=self._to_newest, takefocus=False
        )
        self._name_buttons()
        self._lay_out(header)
        self._bind_keys()

    def refresh(self) -> bool:
        """Show what the conversation holds now; returns whether there is more than one moment can take."""
        conversation = self._conversation
        title = self._display.line(conversation.title)
        self._title.configure(text=title)
        self._subtitle.configure(text=self._display.line(conversation.subtitle))
        self._watch()
        behind = self.transcript.apply(conversation.silence)
        self.members.show(conversation.members)
        self._show_members()
        self.writing.refresh(title)
        banner = conversation.banner
        if banner is None:
            self.banner.grid_remove()
        else:
            self.banner.show(banner)
            self.banner.grid()
        if self.search_bar.winfo_manager():
            behind |= self.search_bar.step()
            self._mark()
        return behind

    def use(self, client: Client) -> None:
        """Hand what is written to another client from now on."""
        self._client = client
        self.entry.text.focus_set()
        self.refresh()

    def note(self) -> str:
        """Return what stands below the field."""
        return self.writing.note()

    def find(self) -> str:
        """Look for words in the conversation."""
        self.search_bar.grid()
        self.search_bar.open()
        return "break"

    def _sent(self) -> None:
        self.transcript.follow()
        self.refresh()

    def _send_again(self, message_id: str) -> None:
        if self._conversation.ended:
            return
        text = self._conversation.transcript.take_failed(message_id)
        if text is not None:
            self._conversation.said(self._client.send_message(text), text)
            self.refresh()

    def _discard(self, message_id: str) -> None:
        self._conversation.transcript.take_failed(message_id)
        self.refresh()

    def _stay(self) -> None:
        self._conversation.hosted.stay()
        self.entry.text.focus_set()
        self.refresh()

    def _and_show(self, change: Callable[[], None]) -> Callable[[], None]:
        def changed() -> None:
            change()
            self.refresh()

        return changed

    # Where the reader is.

    def _watch(self) -> None:
        """Take note whether somebody looks at the newest lines, and show the way there."""
        # `focus_get` fails while a file dialog has the keyboard: its widgets are Tcl's own.
        focused = bool(self.tk.call("focus"))
        self._conversation.watch(focused=focused, at_end=self._at_end)
        words = self._conversation.attention.pill
        if words:
            self.pill.configure(text=words)
            self.pill.place(relx=0.5, rely=1.0, y=-self._look.px(theme.GAP), anchor="s")
        else:
            self.pill.place_forget()

    @property
    def _at_end(self) -> bool:
        # Who follows sees the newest line in a moment, also where it is not drawn yet.
        return self.transcript.following or self.transcript.at_end

    def _to_newest(self) -> None:
        self.transcript.follow()
        self.refresh()

    def _show_match(self) -> None:
        number = self._conversation.search.current
        transcript = self._conversation.transcript
        if number is None:
            return
        if transcript.block(number).folded:
            transcript.open(number)
        self.transcript.show(number)
        self.transcript.apply(self._conversation.silence)
        self._mark()

    def _mark(self) -> None:
        search = self._conversation.search
        self._marks.mark(search.words.strip(), search.current)

    def _search_closed(self) -> None:
        self.search_bar.grid_remove()
        self._mark()
        self.entry.text.focus_set()

    def _escaped(self) -> None:
        if self.search_bar.winfo_manager():
            self.search_bar.close()
        else:
            self._to_newest()

    def _resized(self, event: tk.Event[ttk.Frame]) -> None:
        narrow = event.width < self._look.px(theme.NARROW)
        for widget in (self.find_button, self.keep_button):
            if narrow:
                widget.grid_remove()
            else:
                widget.grid()
        self._narrow = narrow
        self._subtitle.grid(columnspan=6 if narrow else 1)
        for button in (self.details_button, self.toggle, self.leave_button):
            button.grid(rowspan=1 if narrow else 2)
        self._show_members()

    def _show_members(self) -> None:
        """Show the members where there is room for them, and somebody to show."""
        if self._narrow or not self._conversation.members:
            self.members.grid_remove()
        else:
            self.members.grid()

    def _bind_keys(self) -> None:
        self.bind("<Configure>", self._resized)
        text = self.entry.text
        text.bind("<Prior>", lambda _: self._turn(-1))
        text.bind("<Next>", lambda _: self._turn(1))
        for widget in (text, self.transcript.text):
            widget.bind("<Escape>", lambda _: self._escaped())
        keyboard: tuple[tk.Misc, ...] = (text, self.transcript.text, self.search_bar.entry)
        for place in keyboard:
            # What comes in the next moment is seen, or is not.
            for event in ("<FocusIn>", "<FocusOut>"):
                place.bind(event, lambda _: self._watch(), add=True)

    def _name_buttons(self) -> None:
        """Say below the field what a picture stands for, while the pointer or the keyboard is on it."""
        words = {
            self.find_button: "Find words in the conversation · Ctrl F",
            self.keep_button: "Keep the conversation in a file · Ctrl S",
            self.details_button: "The room's details: fingerprint and invite link · Ctrl I",
            self.toggle: "Light or dark",
        }
        for button, told in words.items():
            for event in ("<Enter>", "<FocusIn>"):
                button.bind(event, partial(self._tell, told), add=True)
            for event in ("<Leave>", "<FocusOut>"):
                button.bind(event, partial(self._tell, ""), add=True)

    def _tell(self, words: str, _event: tk.Event[tk.Misc]) -> None:
        self.writing.tell(words)

    def _turn(self, pages: int) -> str:
        self.transcript.turn(pages)
        return "break"

    def _lay_out(self, header: ttk.Frame) -> None:
        px = self._look.px
        gap = px(theme.GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        header.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        header.columnconfigure(0, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self._subtitle.grid(row=1, column=0, sticky="w")
        for column, button in enumerate(
            (self.find_button, self.keep_button, self.details_button, self.toggle), 1
        ):
            button.grid(row=0, column=column, rowspan=2)
        self.leave_button.grid(row=0, column=5, rowspan=2, padx=(px(theme.SMALL_GAP), 0))
        self.banner.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.banner.grid_remove()
        self.search_bar.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.search_bar.grid_remove()
        self.transcript.grid(row=3, column=0, sticky="nsew")
        self.members.grid(row=3, column=1, sticky="nsew", padx=(gap, 0))
        self.members.configure(width=px(theme.MEMBERS_WIDTH))
        self.members.grid_propagate(False)
        self.writing.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
