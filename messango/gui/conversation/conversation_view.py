"""The page with a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from messango.client.interface import RoomClientLike
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.composer.composer_view import ComposerView
from messango.gui.conversation.composer.edit_keys import EditKeys
from messango.gui.conversation.emoji.picker_owner import PickerOwner
from messango.gui.conversation.header_view import HeaderView
from messango.gui.conversation.members_view import MemberActions, MembersView
from messango.gui.conversation.messages.messages import Messages
from messango.gui.conversation.search.navigation import Navigation
from messango.gui.conversation.search.search_bar import SearchBar
from messango.gui.conversation.transcript.search_highlight import SearchHighlighter
from messango.gui.conversation.transcript.transcript_bindings import TranscriptBindings
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.roster import MemberRow
from messango.gui.model.conversation.typed_commands import PageActions
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.text.plain_names import plain_name


class ConversationView(ttk.Frame):
    """Shows a `ConversationModel` and sends what is written by the client; owns neither."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        conversation: ConversationModel,
        client: RoomClientLike,
        *,
        on_leave: Callable[[], None],
        on_link: Callable[[str], None],
        actions: Mapping[BannerAction, Callable[[], None]],
        recent_emoji: RecentEmoji,
    ) -> None:
        """`actions` holds the banner's actions that the window runs; the other ones run here."""
        super().__init__(parent, padding=look.scaled(theme.WIDE_GAP))
        self._look, self._sanitizer = look, sanitizer
        self._conversation, self._client = conversation, client
        self._narrow = False
        #: Remembers whom we ignore.
        self.save_ignored: Callable[[], None] = lambda: None
        #: Keeps what is half written, or no more.
        self.save_draft: Callable[[], None] = lambda: None
        #: Removes a member from the room; None unless we host it.
        self.remove_member: Callable[[MemberRow], None] | None = None
        self._actions: dict[BannerAction, Callable[[], None]] = {
            BannerAction.RETRY_NOW: lambda: self._client.retry_now(),
            BannerAction.DISMISS: self._then_refresh(conversation.dismiss_error),
            BannerAction.STAY: self._cancel_leave,
            BannerAction.WAIT_FOR_SEAT: self._then_refresh(conversation.start_waiting),
            BannerAction.STOP_WAITING: self._then_refresh(conversation.stop_waiting),
            **actions,
        }
        self.header = HeaderView(
            self, look, on_leave=on_leave, on_status=lambda text: self.composer.show_status(text)
        )
        self.banner = BannerView(self, look, sanitizer, on_action=lambda action: self._actions[action]())
        self.search_bar = SearchBar(
            self,
            look,
            sanitizer,
            conversation.search,
            conversation.room_history.search,
            ask=lambda words, before: self._client.search(words, before),
            today=conversation.transcript.today,
            on_found=lambda seq: self.navigation.jump_to(seq),
            on_match=lambda: self.navigation.show_match(),
            on_close=self._close_search,
        )
        self.transcript = TranscriptView(
            self, look, sanitizer, conversation.transcript, on_view_changed=self._on_view_changed
        )
        self.composer = ComposerView(
            self,
            look,
            sanitizer,
            conversation,
            client=lambda: self._client,
            on_sent=self._on_sent,
            page=PageActions(
                leave=on_leave,
                ignore=self._ignore,
                search=lambda words: self.navigation.search_for(words),
                show_earlier=lambda around: self.navigation.show_earlier(around),
                show_mentions=lambda: self.navigation.show_mentions(),
            ),
            recent_emoji=recent_emoji,
        )
        self.emoji = PickerOwner(self, look, sanitizer, recent_emoji)
        self._set_edit_keys(self.composer.edit_keys)
        self.entry, self.send_button = self.composer.entry, self.composer.send_button
        self.members = MembersView(
            self,
            look,
            sanitizer,
            MemberActions(
                write_to=lambda row: self.composer.write_to(row.id, row.name),
                mention=lambda row: self.entry.mention(row.name),
                ignore=lambda row, ignored: self._ignore(row.id, row.name, ignored),
                is_ignored=lambda row: conversation.writing.ignored.hides(row.id, row.name),
                remove=lambda: self.remove_member,
            ),
        )
        self.bindings = TranscriptBindings(
            self.transcript.held,
            on_link=on_link,
            on_status=self.composer.show_status,
            on_send_again=self._send_again,
            on_discard=self._discard,
            on_quote=lambda seq: self.messages.jump_to(seq),
        )
        self.messages = Messages(
            self.transcript,
            self.bindings,
            self.composer,
            conversation,
            look,
            sanitizer,
            self.emoji,
            client=lambda: self._client,
        )
        self._highlighter = SearchHighlighter(self.transcript.held, conversation.search)
        self.navigation = Navigation(
            conversation,
            self.transcript,
            self.search_bar,
            self._highlighter,
            client=lambda: self._client,
            on_status=self.composer.show_status,
            on_arrival=self.messages.highlight,
        )
        self.messages.load_around = self.navigation.jump_to
        self.jump_button = ttk.Button(
            self.transcript, style="Pill.TButton", command=self._scroll_to_end, takefocus=False
        )
        self.mention_button = ttk.Button(
            self.transcript, style="Pill.TButton", command=self.go_to_mention, takefocus=False
        )
        self._lay_out()
        self._bind_keys()

    def refresh(self) -> bool:
        """Show the conversation as it is now; returns whether more is waiting to be drawn."""
        conversation = self._conversation
        title = self._sanitizer.name(conversation.title)
        self.header.show(title, self._sanitizer.label(conversation.subtitle))
        self.navigation.arrive()
        self._update_attention()
        has_more = self.transcript.sync(conversation.placeholder)
        members = conversation.members
        self.members.show(members, conversation.member_count)
        self._show_members(has_any=bool(members))
        self.composer.refresh(title)
        banner = conversation.banner
        if banner is None:
            self.banner.grid_remove()
        else:
            self.banner.show(banner)
            self.banner.grid()
            self._limit_banner()
        self.navigation.load_more()
        if self.search_bar.winfo_manager():
            has_more |= self.search_bar.step()
            self._highlighter.highlight()
        return has_more

    def set_client(self, client: RoomClientLike) -> None:
        """Send by another client from now on."""
        self._client = client
        self.entry.text.focus_set()
        self.refresh()

    def status_text(self) -> str:
        """Return the text below the message field."""
        return self.composer.status_text()

    def open_search(self) -> str:
        """Show the search bar."""
        self.search_bar.grid()
        self.search_bar.open()
        return "break"

    def pick_emoji(self) -> None:
        """Choose an emoji for the message field, or close the picker."""
        self.emoji.open(self.entry.emoji_button, self.entry.insert)

    def _on_view_changed(self) -> None:
        self._update_attention()
        self.navigation.load_more()

    def _on_sent(self) -> None:
        self.save_draft()
        self.transcript.scroll_to_end()
        self.refresh()

    def _send_again(self, message_id: str) -> None:
        if self._conversation.ended:
            return
        message = self._conversation.transcript.pop_failed(message_id)
        if message is not None:
            self.composer.send_message(message)
            self.refresh()

    def _set_edit_keys(self, keys: EditKeys) -> None:
        writing = self._conversation.writing

        def answer_newest() -> bool:
            message = writing.newest_of_others()
            if message is not None:
                self.composer.answer_message(message)
            return message is not None

        def newest_author() -> str:
            message = writing.newest_of_others()
            return message.name if message is not None else ""

        keys.last_own, keys.newest_of_others, keys.answer_newest = (
            writing.last_own,
            newest_author,
            answer_newest,
        )

    def _ignore(self, member: str, name: str, ignored: bool) -> None:  # noqa: FBT001 (called by commands and menus)
        """Hide or show what a member writes, and remember it."""
        conversation, who = self._conversation, plain_name(name)
        if ignored:
            conversation.writing.ignored.add(member, name)
            text = f"You ignore {who} now: what they write is hidden, also what they wrote. They are not told"
        else:
            conversation.writing.ignored.remove(member, name)
            text = f"You do not ignore {who} any more"
        conversation.ignored_changed()
        self.save_ignored()
        conversation.add_notices([text])
        self.refresh()

    def go_to_mention(self) -> str:
        """Show the next mention: the oldest that nobody has looked at, then upwards."""
        seq = self._conversation.mentions.next()
        if seq is None:
            self.composer.show_status("Nobody has mentioned you in the messages that are loaded here")
        else:
            self.navigation.show_earlier(seq)
        self.refresh()
        return "break"

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

    def _update_attention(self) -> None:
        """Store whether the newest lines are being read; if they are out of sight, show the jump button."""
        # `focus_get` fails while a file dialog has the keyboard: its widgets are Tcl's own.
        focused = bool(self.tk.call("focus"))
        self._conversation.set_focus(focused=focused, at_end=self._at_end)
        seen = self.transcript.visible_seqs() if focused else None
        if seen is not None:
            self._conversation.mentions.log.mark_seen(*seen)
        self._place_mention_button()
        text = self._conversation.unread.jump_button_text
        if text:
            self.jump_button.configure(text=text)
            self.jump_button.place(relx=0.5, rely=1.0, y=-self._look.scaled(theme.GAP), anchor="s")
        else:
            self.jump_button.place_forget()

    @property
    def _at_end(self) -> bool:
        # A reader who follows sees the newest line in a moment, even if it is not drawn yet.
        return self.transcript.following or self.transcript.at_end

    def _scroll_to_end(self) -> None:
        self.transcript.scroll_to_end()
        self.refresh()

    def _close_search(self) -> None:
        self.search_bar.grid_remove()
        self._highlighter.highlight()
        self.entry.text.focus_set()

    def _place_mention_button(self) -> None:
        text = self._conversation.mentions.button_text
        if text:
            self.mention_button.configure(text=text)
            gap = self._look.scaled(theme.GAP)
            self.mention_button.place(relx=1.0, rely=0.0, x=-2 * gap, y=gap, anchor="ne")
        else:
            self.mention_button.place_forget()

    def _on_escape(self) -> None:
        if self.search_bar.winfo_manager():
            self.search_bar.close()
        else:
            self._scroll_to_end()

    def _on_resize(self, event: tk.Event[ttk.Frame]) -> None:
        narrow = event.width < self._look.scaled(theme.NARROW_WIDTH)
        self.header.set_narrow(narrow=narrow)
        self._narrow = narrow
        self._show_members(has_any=bool(self._conversation.members))
        self._limit_banner()

    def _show_members(self, *, has_any: bool) -> None:
        """Show the members if the window is wide enough and there are any."""
        if self._narrow or not has_any:
            self.members.grid_remove()
        else:
            self.members.grid()

    def _bind_keys(self) -> None:
        self.bind("<Configure>", self._on_resize)
        text = self.entry.text
        for target in (text, self.transcript.text):
            target.bind("<Control-m>", lambda _: self.go_to_mention())
        text.bind("<Prior>", lambda _: self._page_scroll(-1))
        text.bind("<Next>", lambda _: self._page_scroll(1))
        for widget in (text, self.transcript.text):
            widget.bind("<Escape>", lambda _: self._on_escape())
        focusable: tuple[tk.Misc, ...] = (text, self.transcript.text, self.search_bar.entry)
        for focus_target in focusable:
            # The next message counts as seen, or does not.
            for event in ("<FocusIn>", "<FocusOut>"):
                focus_target.bind(event, lambda _: self._update_attention(), add=True)

    def _page_scroll(self, pages: int) -> str:
        self.transcript.page_scroll(pages)
        return "break"

    def _limit_banner(self) -> None:
        """Leave the header and the message field their place in a small window."""
        top = self.header.winfo_y()  # below the page's padding, which is as high at the bottom
        others = self.header.winfo_reqheight() + self.composer.winfo_reqheight()
        gaps = 2 * top + 3 * self._look.scaled(theme.GAP)
        self.banner.limit_height(self.winfo_height() - others - gaps)

    def _lay_out(self) -> None:
        gap = self._look.scaled(theme.GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        self.header.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.banner.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.banner.grid_remove()
        self.search_bar.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.search_bar.grid_remove()
        self.transcript.grid(row=3, column=0, sticky="nsew")
        self.members.grid(row=3, column=1, sticky="nsew", padx=(gap, 0))
        self.members.configure(width=self._look.scaled(theme.MEMBERS_WIDTH))
        self.members.grid_propagate(False)
        self.composer.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
