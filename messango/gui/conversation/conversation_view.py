"""The page with a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial
from tkinter import ttk

from messango.client.protocol import RoomClientProtocol
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.composer_view import ComposerView
from messango.gui.conversation.members_view import MembersView
from messango.gui.conversation.search_bar import SearchBar
from messango.gui.conversation.search_highlight import SearchHighlighter
from messango.gui.conversation.transcript_bindings import TranscriptBindings
from messango.gui.conversation.transcript_view import TranscriptView
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.banner import BannerAction
from messango.gui.model.conversation import ConversationModel
from messango.gui.model.text_sanitizer import TextSanitizer
from messango.gui.widgets.color_scheme_button import ColorSchemeButton
from messango.gui.widgets.icon_button import DETAILS, FIND, SAVE, IconButton


class ConversationView(ttk.Frame):
    """Shows a `ConversationModel` and hands what is written to the client; owns neither."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        conversation: ConversationModel,
        client: RoomClientProtocol,
        *,
        on_leave: Callable[[], None],
        on_link: Callable[[str], None],
        actions: Mapping[BannerAction, Callable[[], None]],
    ) -> None:
        """`actions` is what the window does where a banner offers it; the rest is done here."""
        super().__init__(parent, padding=look.scaled(theme.WIDE_GAP))
        self._look, self._sanitizer = look, sanitizer
        self._conversation, self._client = conversation, client
        self._narrow = False
        #: What removes a member from the room, where we may.
        self.remove_member: Callable[[str], None] | None = None
        self._actions: dict[BannerAction, Callable[[], None]] = {
            BannerAction.RETRY_NOW: lambda: self._client.retry_now(),
            BannerAction.DISMISS: self._then_refresh(conversation.dismiss_error),
            BannerAction.STAY: self._cancel_leave,
            BannerAction.WAIT_FOR_SEAT: self._then_refresh(conversation.start_waiting),
            BannerAction.STOP_WAITING: self._then_refresh(conversation.stop_waiting),
            **actions,
        }
        header = ttk.Frame(self)
        self._title = ttk.Label(header, style="Title.TLabel")
        self._subtitle = ttk.Label(header, style="Muted.TLabel")
        self.find_button = IconButton(header, look, "search", "Find", FIND)
        self.save_button = IconButton(header, look, "save", "Keep", SAVE)
        self.details_button = IconButton(header, look, "info", "Details", DETAILS)
        self.color_scheme_button = ColorSchemeButton(header, look)
        self.leave_button = ttk.Button(header, text="Leave", style="Secondary.TButton", command=on_leave)
        self.banner = BannerView(self, look, sanitizer, on_action=lambda action: self._actions[action]())
        self.search_bar = SearchBar(
            self, look, conversation.search, on_match=self._show_match, on_close=self._close_search
        )
        self.transcript = TranscriptView(
            self, look, sanitizer, conversation.transcript, on_view_changed=self._update_attention
        )
        self.composer = ComposerView(
            self,
            look,
            sanitizer,
            conversation,
            client=lambda: self._client,
            on_sent=self._on_sent,
            on_quit=on_leave,
        )
        self.entry, self.send_button = self.composer.entry, self.composer.send_button
        self.members = MembersView(
            self, look, sanitizer, on_mention=self.entry.mention, remove=lambda: self.remove_member
        )
        self.bindings = TranscriptBindings(
            self.transcript,
            on_link=on_link,
            on_status=self.composer.show_status,
            on_send_again=self._send_again,
            on_discard=self._discard,
        )
        self._highlighter = SearchHighlighter(self.transcript)
        self.jump_button = ttk.Button(
            self.transcript, style="Pill.TButton", command=self._scroll_to_end, takefocus=False
        )
        self._bind_tooltips()
        self._lay_out(header)
        self._bind_keys()

    def refresh(self) -> bool:
        """Show what the conversation holds now; returns whether there is more than one moment can take."""
        conversation = self._conversation
        title = self._sanitizer.line(conversation.title)
        self._title.configure(text=title)
        self._subtitle.configure(text=self._sanitizer.line(conversation.subtitle))
        self._update_attention()
        has_more = self.transcript.sync(conversation.placeholder)
        self.members.show(conversation.members)
        self._show_members()
        self.composer.refresh(title)
        banner = conversation.banner
        if banner is None:
            self.banner.grid_remove()
        else:
            self.banner.show(banner)
            self.banner.grid()
        if self.search_bar.winfo_manager():
            has_more |= self.search_bar.step()
            self._highlight_matches()
        return has_more

    def set_client(self, client: RoomClientProtocol) -> None:
        """Hand what is written to another client from now on."""
        self._client = client
        self.entry.text.focus_set()
        self.refresh()

    def status_text(self) -> str:
        """Return what stands below the field."""
        return self.composer.status_text()

    def open_search(self) -> str:
        """Look for words in the conversation."""
        self.search_bar.grid()
        self.search_bar.open()
        return "break"

    def _on_sent(self) -> None:
        self.transcript.scroll_to_end()
        self.refresh()

    def _send_again(self, message_id: str) -> None:
        if self._conversation.ended:
            return
        text = self._conversation.transcript.pop_failed(message_id)
        if text is not None:
            self._conversation.add_pending(self._client.send_message(text), text)
            self.refresh()

    def _discard(self, message_id: str) -> None:
        self._conversation.transcript.pop_failed(message_id)
        self.refresh()

    def _cancel_leave(self) -> None:
        self._conversation.hosting.cancel_leave()
        self.entry.text.focus_set()
        self.refresh()

    def _then_refresh(self, change: Callable[[], None]) -> Callable[[], None]:
        def changed() -> None:
            change()
            self.refresh()

        return changed

    # Where the reader is.

    def _update_attention(self) -> None:
        """Take note whether somebody looks at the newest lines, and show the way there."""
        # `focus_get` fails while a file dialog has the keyboard: its widgets are Tcl's own.
        focused = bool(self.tk.call("focus"))
        self._conversation.set_focus(focused=focused, at_end=self._at_end)
        text = self._conversation.attention.jump_button_text
        if text:
            self.jump_button.configure(text=text)
            self.jump_button.place(relx=0.5, rely=1.0, y=-self._look.scaled(theme.GAP), anchor="s")
        else:
            self.jump_button.place_forget()

    @property
    def _at_end(self) -> bool:
        # Who follows sees the newest line in a moment, also where it is not drawn yet.
        return self.transcript.following or self.transcript.at_end

    def _scroll_to_end(self) -> None:
        self.transcript.scroll_to_end()
        self.refresh()

    def _show_match(self) -> None:
        number = self._conversation.search.current
        transcript = self._conversation.transcript
        if number is None:
            return
        if transcript.block(number).is_collapsed:
            transcript.expand(number)
        self.transcript.scroll_to(number)
        self.transcript.sync(self._conversation.placeholder)
        self._highlight_matches()

    def _highlight_matches(self) -> None:
        search = self._conversation.search
        self._highlighter.highlight(search.query.strip(), search.current)

    def _close_search(self) -> None:
        self.search_bar.grid_remove()
        self._highlight_matches()
        self.entry.text.focus_set()

    def _on_escape(self) -> None:
        if self.search_bar.winfo_manager():
            self.search_bar.close()
        else:
            self._scroll_to_end()

    def _on_resize(self, event: tk.Event[ttk.Frame]) -> None:
        narrow = event.width < self._look.scaled(theme.NARROW_WIDTH)
        for widget in (self.find_button, self.save_button):
            if narrow:
                widget.grid_remove()
            else:
                widget.grid()
        self._narrow = narrow
        self._subtitle.grid(columnspan=6 if narrow else 1)
        for button in (self.details_button, self.color_scheme_button, self.leave_button):
            button.grid(rowspan=1 if narrow else 2)
        self._show_members()

    def _show_members(self) -> None:
        """Show the members where there is room for them, and somebody to show."""
        if self._narrow or not self._conversation.members:
            self.members.grid_remove()
        else:
            self.members.grid()

    def _bind_keys(self) -> None:
        self.bind("<Configure>", self._on_resize)
        text = self.entry.text
        text.bind("<Prior>", lambda _: self._page_scroll(-1))
        text.bind("<Next>", lambda _: self._page_scroll(1))
        for widget in (text, self.transcript.text):
            widget.bind("<Escape>", lambda _: self._on_escape())
        focusable: tuple[tk.Misc, ...] = (text, self.transcript.text, self.search_bar.entry)
        for focus_target in focusable:
            # What comes in the next moment is seen, or is not.
            for event in ("<FocusIn>", "<FocusOut>"):
                focus_target.bind(event, lambda _: self._update_attention(), add=True)

    def _bind_tooltips(self) -> None:
        """Say below the field what a picture stands for, while the pointer or the keyboard is on it."""
        tooltips = {
            self.find_button: "Find words in the conversation · Ctrl F",
            self.save_button: "Keep the conversation in a file · Ctrl S",
            self.details_button: "The room's details: fingerprint and invite link · Ctrl I",
            self.color_scheme_button: "Light or dark",
        }
        for button, tooltip in tooltips.items():
            for event in ("<Enter>", "<FocusIn>"):
                button.bind(event, partial(self._show_tooltip, tooltip), add=True)
            for event in ("<Leave>", "<FocusOut>"):
                button.bind(event, partial(self._show_tooltip, ""), add=True)

    def _show_tooltip(self, text: str, _event: tk.Event[tk.Misc]) -> None:
        self.composer.show_status(text)

    def _page_scroll(self, pages: int) -> str:
        self.transcript.page_scroll(pages)
        return "break"

    def _lay_out(self, header: ttk.Frame) -> None:
        px = self._look.scaled
        gap = px(theme.GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        header.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        header.columnconfigure(0, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self._subtitle.grid(row=1, column=0, sticky="w")
        for column, button in enumerate(
            (self.find_button, self.save_button, self.details_button, self.color_scheme_button), 1
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
        self.composer.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
