"""The page with a conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from messango.client.interface import RoomClientLike
from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.composer.composer_view import ComposerView
from messango.gui.conversation.conversation_commands import ConversationCommands
from messango.gui.conversation.emoji.picker_owner import PickerOwner
from messango.gui.conversation.files.files import Files, PictureParts
from messango.gui.conversation.header_view import HeaderView
from messango.gui.conversation.invite_card import InviteCard
from messango.gui.conversation.members_view import MemberActions, MembersView
from messango.gui.conversation.messages.messages import Messages
from messango.gui.conversation.page_layout import PageLayout, PageParts
from messango.gui.conversation.pill_row import PillRow
from messango.gui.conversation.search.navigation import Navigation
from messango.gui.conversation.search.search_bar import SearchBar
from messango.gui.conversation.sending.drop_hint import DropHint
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
from messango.gui.model.rooms.room_details import RoomDetails
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.text.sanitizer import TextSanitizer


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
        pictures: PictureParts,
    ) -> None:
        """`actions` holds the banner's actions that the window runs; the other ones run here."""
        super().__init__(parent, padding=look.scaled(theme.WIDE_GAP))
        self._look, self._sanitizer = look, sanitizer
        self._conversation, self._client = conversation, client
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
        self._add_frame(on_leave)
        self._add_writing(on_leave, recent_emoji)
        self._add_members()
        self._add_reading(on_link)
        self._add_files(pictures)
        self._lay_out()
        self._bind_keys()

    def _add_frame(self, on_leave: Callable[[], None]) -> None:
        """Create what stands above the transcript."""
        look, sanitizer, conversation = self._look, self._sanitizer, self._conversation
        self.header = HeaderView(self, look, sanitizer, on_leave=on_leave)
        self.banner = BannerView(self, look, sanitizer, on_action=lambda action: self._actions[action]())
        self.invite = InviteCard(self, look, sanitizer, on_close=self._hide_invite)
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

    def _add_writing(self, on_leave: Callable[[], None], recent_emoji: RecentEmoji) -> None:
        """Create the transcript, and the field with all that it uses."""
        look, sanitizer, conversation = self._look, self._sanitizer, self._conversation
        self.transcript = TranscriptView(
            self, look, sanitizer, conversation.transcript, on_view_changed=self._on_view_changed
        )
        self.commands = ConversationCommands(
            conversation,
            show=lambda seq: self.navigation.show_earlier(seq),
            on_status=lambda text: self.composer.show_status(text),
            refresh=self.refresh,
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
                ignore=self.commands.ignore,
                search=lambda words: self.navigation.search_for(words),
                show_earlier=lambda around: self.navigation.show_earlier(around),
                show_mentions=lambda: self.navigation.show_mentions(),
            ),
            recent_emoji=recent_emoji,
        )
        self.drop_hint = DropHint(self, look, sanitizer, over=self.transcript)
        self.emoji = PickerOwner(self, look, sanitizer, recent_emoji)
        keys = self.composer.edit_keys
        keys.last_own, keys.newest_of_others = conversation.writing.last_own, self.commands.newest_author
        self.entry, self.send_button = self.composer.entry, self.composer.send_button

    def _add_members(self) -> None:
        """Create the list of members, with what one can do with them."""
        look, sanitizer, conversation = self._look, self._sanitizer, self._conversation
        self.members = MembersView(
            self,
            look,
            sanitizer,
            MemberActions(
                write_to=self._write_to,
                mention=lambda row: self._mention(row.name),
                ignore=lambda row, ignored: self.commands.ignore(row.id, row.name, ignored),
                is_ignored=lambda row: conversation.writing.ignored.hides(row.id, row.name),
                remove=lambda: self.remove_member,
            ),
            on_escape=self._on_escape,
        )

    def _add_reading(self, on_link: Callable[[str], None]) -> None:
        """Create what clicks, keys and searches do in the transcript."""
        look, sanitizer, conversation = self._look, self._sanitizer, self._conversation
        self.bindings = TranscriptBindings(
            self.transcript.held,
            on_link=on_link,
            on_status=self.composer.show_status,
            on_send_again=self._send_again,
            on_discard=self._discard,
            on_toggle=self.transcript.toggle_expanded,
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
        self._pills = PillRow(
            self.transcript, look, on_jump=self._scroll_to_end, on_mention=self.commands.go_to_mention
        )
        self.jump_button, self.mention_button = self._pills.jump_button, self._pills.mention_button

    def _add_files(self, pictures: PictureParts) -> None:
        """Create what shows files and pictures, and what is done with them."""
        self.files = Files(
            self,
            self.transcript,
            self.bindings,
            self._conversation,
            self._look,
            self._sanitizer,
            pictures,
            client=lambda: self._client,
            on_status=self.composer.show_status,
            refresh=self.refresh,
        )
        self.messages.use_files(self.files.commands)

    def _lay_out(self) -> None:
        """Place everything on the page."""
        self._layout = PageLayout(
            self,
            self._look,
            PageParts(
                self.header,
                self.banner,
                self.search_bar,
                self.invite,
                self.transcript,
                self.members,
                self.composer,
            ),
        )
        self._members_place = self._layout.members_place

    def refresh(self) -> bool:
        """Show the conversation as it is now; returns whether more is waiting to be drawn."""
        conversation = self._conversation
        self.header.show(conversation.title, conversation.subtitle)
        self.navigation.arrive()
        self._update_attention()
        has_more = self.transcript.sync(conversation.placeholder)
        self.files.refresh()
        self.members.show(conversation.members, conversation.member_count)
        self._members_place.set_has_any(has_any=bool(conversation.members))
        self.composer.refresh(conversation.title)
        banner = conversation.banner
        if banner is not None:
            self.banner.show(banner)
        self._layout.show_banner(on=banner is not None)
        self.navigation.load_more()
        self._layout.make_room_for_search()
        if self.search_bar.winfo_manager():
            has_more |= self.search_bar.step()
            self._highlighter.highlight()
        return has_more

    def _hide_invite(self) -> None:
        self._conversation.hosting.invite_hidden = True
        self.show_invite(None)
        self.entry.text.focus_set()

    def show_invite(self, details: RoomDetails | None) -> None:
        """Show how to invite others, or no more."""
        if details is not None:
            self.invite.show(details)
        self._layout.show_invite(on=details is not None)

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
        self.files.close_viewer()
        self.search_bar.grid()
        self.search_bar.open()
        return "break"

    def show_composer(self) -> None:
        """End what has taken the place of the message field: a search, or a picture that is shown large."""
        self.files.close_viewer()
        if not self._layout.shows_composer:
            self.search_bar.close()

    def toggle_members(self) -> None:
        """In a narrow window, show the members in the place of the transcript, or the transcript again."""
        self._members_place.toggle()
        if self._members_place.covers_transcript:
            self.members.focus_first()
        else:
            self.entry.text.focus_set()

    def _mention(self, name: str) -> None:
        self._uncover_transcript()
        self.entry.mention(name)

    def _write_to(self, row: MemberRow) -> None:
        self._uncover_transcript()
        self.composer.write_to(row.id, row.name)

    def _uncover_transcript(self) -> None:
        if self._members_place.covers_transcript:
            self.toggle_members()

    def pick_emoji(self) -> None:
        """Choose an emoji for the message field, or close the picker."""
        self.emoji.open(self.entry.emoji_button, self.entry.insert)

    def _on_view_changed(self) -> None:
        self._update_attention()
        self.navigation.load_more()

    def _on_sent(self) -> None:
        self.save_draft()
        if not self.navigation.pop_commanded():
            self.transcript.scroll_to_end()
        self.refresh()

    def _send_again(self, message_id: str) -> None:
        if self._conversation.ended:
            return
        message = self._conversation.transcript.pop_failed(message_id)
        if isinstance(message, OutgoingShare):
            self._conversation.add_pending_file(message.send_by(self._client), message)
        elif message is not None:
            self.composer.send_message(message)
        self.refresh()

    def _discard(self, message_id: str) -> None:
        self._conversation.transcript.pop_failed(message_id)
        self.refresh()

    def _cancel_leave(self) -> None:
        self._conversation.hosting.cancel_leave()
        self._conversation.unsent.cancel_leave()
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
        has_unseen = self._conversation.mentions.log.unseen_count > 0
        seen = self.transcript.visible_seqs() if focused and has_unseen else None
        if seen is not None:
            self._conversation.mentions.log.mark_seen(*seen)
        if self._layout.shows_composer:
            unread, mentions = self._conversation.unread, self._conversation.mentions
            self._pills.show(unread.jump_button_text, mentions.button_text)
        else:  # a search needs the place
            self._pills.show("", "")

    @property
    def _at_end(self) -> bool:
        # A reader who follows sees the newest line in a moment, even if it is not drawn yet.
        is_covered = self.files.viewer is not None
        return not is_covered and (self.transcript.following or self.transcript.at_end)

    def _scroll_to_end(self) -> None:
        self.transcript.scroll_to_end()
        self.refresh()

    def _close_search(self) -> None:
        self.search_bar.grid_remove()
        self.composer.grid()
        self._highlighter.highlight()
        self.entry.text.focus_set()

    def _on_escape(self) -> None:
        if self.search_bar.winfo_manager():
            self.search_bar.close()
        elif self._members_place.covers_transcript:
            self.toggle_members()
        else:
            self._scroll_to_end()

    def _bind_keys(self) -> None:
        text = self.entry.text
        for target in (text, self.transcript.text):
            target.bind("<Control-m>", lambda _: self.commands.go_to_mention())
        text.bind("<Prior>", lambda _: self._page_scroll(-1))
        text.bind("<Next>", lambda _: self._page_scroll(1))
        # What is typed after a selection in the transcript goes to the field; Ctrl C still copies.
        text.bind("<<Copy>>", lambda _: None if text.tag_ranges("sel") else self.bindings.copy_selection())
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
