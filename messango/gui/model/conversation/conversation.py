"""A session in a room as it is shown, without a display: a client's events go in, what to show comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from messango.client.events import (
    GAP_NOTICE,
    AnyReceived,
    Connecting,
    Disconnected,
    EarlierReceived,
    EndReason,
    Event,
    HistoryEnded,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RequestFailed,
    RoomJoined,
    SearchResult,
    SessionEnded,
)
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.members.name_texts import renamed_text
from messango.client.trust.trust_texts import moved_notice, renamed_notice, went_on_notice
from messango.discovery.model.events import ANSWERED
from messango.errors import MessangoError
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.composer.writing import Writing
from messango.gui.model.conversation import notices
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.conversation.connection_state import ConnectionState
from messango.gui.model.conversation.hosting_state import HostingState
from messango.gui.model.conversation.message_actions import Rights
from messango.gui.model.conversation.room_history import RoomHistory
from messango.gui.model.conversation.room_messages import RoomMessages
from messango.gui.model.conversation.roster import MemberRow, Roster
from messango.gui.model.conversation.session_end import SessionEndState
from messango.gui.model.conversation.unsent_files import UnsentFiles
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.search.transcript_search import TranscriptSearch
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.transcript.transcript import Transcript
from messango.gui.model.transcript.unread_counter import UnreadCounter
from messango.protocol import error_codes
from messango.protocol.frames import RoomInfo
from messango.protocol.look_alike_texts import look_alike_notice
from messango.room.host.host_events import RoomEvent


class ConversationModel:
    """Holds what to show of a session; `now` returns seconds since 1970, `clock` monotonic seconds."""

    def __init__(self, label: str, *, now: Callable[[], float], clock: Callable[[], float]) -> None:
        self.transcript = Transcript(now)
        self.search = TranscriptSearch(self.transcript)
        self.unread = UnreadCounter(clock)
        self.hosting = HostingState()
        self.unsent = UnsentFiles(self.transcript.files.cards)
        self._label = label
        self._clock = clock
        self._connection = ConnectionState(clock)
        self._room: RoomInfo | None = None
        self._joined_event: RoomJoined | None = None
        self._encrypted = True
        self._roster = Roster(clock)
        self.messages = RoomMessages(self.transcript, self.unread, self._roster, lambda: self.writing.ignored)
        self.present, self.mentions = self.messages.present, self.messages.mentions
        self.message_store = self.messages.store
        self.room_history = RoomHistory(self.transcript, self.messages, clock)
        self.room_history.search.hides = lambda message: self.writing.ignored.hides(
            message.member, message.name
        )
        self.writing = Writing(self._roster, self.present, lambda: self.transcript.has_pending)
        self._error: RequestFailed | None = None
        self._waiting_for_seat = False
        self.session_end: SessionEndState | None = None
        self._handlers: dict[type[Event], Callable[..., None]] = {
            Connecting: lambda event: self._connection.connecting(reconnecting=event.reconnecting),
            RoomJoined: self._on_joined,
            HistoryEnded: lambda _: self.transcript.close_history(),
            MessageReceived: self._on_message,
            PrivateMessageReceived: self._on_message,
            ReactionChanged: self.messages.changed,
            MessageEdited: self.messages.changed,
            MessageDeleted: self.messages.changed,
            EarlierReceived: self.room_history.received,
            SearchResult: self.room_history.received,
            MessageFailed: self.transcript.message_failed,
            FileProgress: self.transcript.files.handle,
            FileSaved: self.transcript.files.handle,
            FileFailed: self._on_file_failed,
            MemberJoined: self._on_member_joined,
            MemberLeft: self._on_member_left,
            MemberRenamed: self._on_member_renamed,
            MemberTyping: self._on_typing,
            RequestFailed: self._on_request_failed,
            LinkChanged: self._on_link_changed,
            Disconnected: self._on_disconnected,
            SessionEnded: self._on_session_ended,
        }

    def apply(self, event: Event) -> None:
        """Apply an event of the client."""
        self._handlers[type(event)](event)
        self.writing.handle(event)

    def add_pending(self, message_id: str, message: OutgoingMessage) -> None:
        """Show an own message that was given to the client."""
        self.transcript.add_pending(message_id, message)

    def add_pending_file(self, transfer_id: str, share: OutgoingShare) -> None:
        """Show an own file that was given to the client."""
        self.transcript.add_pending_file(transfer_id, share)

    def ignored_changed(self) -> None:
        """Hide or show the messages of those whom we ignore now, or no more."""
        self.mentions.ignored_changed()
        self.transcript.redraw()

    def set_focus(self, *, focused: bool, at_end: bool) -> None:
        """Set whether the window has the focus, and whether the newest lines are in sight."""
        was_watching = self.unread.is_watching
        is_apart = not self.transcript.parts.shows_newest
        self.unread.set_focus(focused=focused, at_end=at_end, is_apart=is_apart)
        if was_watching and not self.unread.is_watching:
            self.transcript.mark_unread_from_here()
        elif self.unread.is_watching and not was_watching:
            self.transcript.mark_watching()

    def dismiss_error(self) -> None:
        """Close the banner about an error."""
        self._error = None

    def show_error(self, error: MessangoError) -> None:
        """Show an error in the banner, before anything else, until it is dismissed."""
        self._error = RequestFailed(str(error), error.hint)

    def show_warning(self, text: str) -> None:
        """Show a warning in the banner, before anything else, until it is dismissed."""
        self._error = RequestFailed(text, "")

    def add_notices(self, lines: Iterable[str]) -> None:
        """Show quiet lines below the newest message."""
        for line in lines:
            self.transcript.close_history()
            self.transcript.add_notice(line)

    def show_first_visit(self, text: str) -> None:
        """Show the words to compare on a first visit; it does not end the history."""
        self.transcript.add_notice(text)

    def saved(self, name: str) -> None:
        """Show that the conversation was saved to a file of this name."""
        self._error = None
        self.add_notices([f"The conversation so far is saved in {name}"])

    def use_list(self, rooms: RoomList) -> None:
        """Take from the list of rooms what the room itself does not report: its number of seats now, and,
        when it has closed, whether it was opened again.
        """
        if self.session_end is not None:
            self.session_end.find_successor(rooms)
        elif self._room is not None:
            listed = rooms.by_id(self._room.id)
            if listed is not None and listed.status in ANSWERED and listed.seats != self._room.seats:
                self._room = msgspec.structs.replace(self._room, seats=listed.seats)

    def start_waiting(self) -> None:
        """Wait for a seat."""
        self._waiting_for_seat = True
        if self.session_end is not None:
            self.session_end.start_waiting()

    def stop_waiting(self) -> None:
        """Stop waiting for a seat."""
        self._waiting_for_seat = False
        if self.session_end is not None:
            self.session_end.stop_waiting()

    def start_new_session(self) -> None:
        """Begin a new session after the last one ended; what is shown stays, and is not shown twice."""
        self.session_end, self._error = None, None
        self._connection.reset()

    def handle_host_event(self, event: RoomEvent) -> None:
        """Show an event of the server in this window; the client reports members."""
        text = notices.host_notice(event)
        if text:
            self.add_notices([text])

    @property
    def ended(self) -> bool:
        """Whether the session has ended."""
        return self.session_end is not None

    @property
    def can_ask(self) -> bool:
        """Whether the room can answer requests, or will after reconnecting."""
        return self._room is not None and not self.ended

    @property
    def should_retry_join(self) -> bool:
        """Whether to try to join a full room again now."""
        return self.session_end is not None and self.session_end.retry_due

    @property
    def has_left(self) -> bool:
        """Whether the session has ended because we left."""
        return self.session_end is not None and self.session_end.end is EndReason.LEFT

    @property
    def room(self) -> RoomInfo | None:
        """The room's public information; None before we joined."""
        return self._room

    @property
    def joined_event(self) -> RoomJoined | None:
        """How we joined, the last time; None before we joined."""
        return self._joined_event

    @property
    def title(self) -> str:
        """The room's name, or the address while we are joining."""
        return self._room.name if self._room else self._label

    @property
    def subtitle(self) -> str:
        """The line under the title."""
        if self.ended:
            return "Not connected"
        if self._room is None or not self._connection.is_joined:
            return "Waiting for a seat" if self._waiting_for_seat else "Joining…"
        if self._connection.is_lost:
            return "Connection lost"
        return notices.presence_line(
            self._room, *self._roster.counts, encrypted=self._encrypted, hosted_here=self.hosting.is_open
        )

    @property
    def placeholder(self) -> str:
        """What an empty transcript shows."""
        if not self.transcript.is_empty:
            return ""
        if self.ended:
            return "You are not in the room."
        return "Joining…" if self._room is None else "No messages yet. Write the first one."

    @property
    def banner(self) -> Banner | None:
        """The banner above the conversation, if something is wrong or has to be confirmed."""
        question = self.hosting.banner(self.title) or self.unsent.banner()
        if question is not None:
            return question
        if self._error is not None:
            return Banner(
                BannerSeverity.WARNING, self._error.reason, self._error.hint, (BannerAction.DISMISS,)
            )
        if self.session_end is not None:
            return self.session_end.banner(holds_messages=bool(self.message_store))
        return self._connection.banner()

    @property
    def own_name(self) -> str:
        """Our name in the room."""
        return self._roster.you

    @property
    def names(self) -> list[str]:
        """The names of all members."""
        return self._roster.names

    @property
    def typing_text(self) -> str:
        """Who is typing, as a sentence; empty if nobody is."""
        return self._roster.typing_text

    @property
    def members(self) -> list[MemberRow]:
        """The first members in the order in which they joined, you first; last who lost the connection."""
        return self._roster.rows

    @property
    def member_count(self) -> int:
        """The number of members, also of those who have no row."""
        return len(self._roster)

    @property
    def message_rights(self) -> Rights:
        """What we may do with messages now."""
        if self._room is None or self.ended:
            return Rights(is_connected=False)
        is_host = self.own_name in self.names and self._roster.person(self.own_name).host
        return Rights(is_connected=True, features=self._room.features, is_host=is_host)

    def _on_joined(self, event: RoomJoined) -> None:
        self._room, self._encrypted = event.room, event.encrypted
        history_follows = self.messages.joined(event)
        self.room_history.joined(event)
        self._joined_event, self._waiting_for_seat = event, False
        former_name, former_names = self._roster.you, set(self._roster.names)
        self._roster.joined(event)
        self._connection.joined()
        self.transcript.session_started(event.you, event.member)
        if event.gap:
            self.transcript.add_notice(GAP_NOTICE)
        # Its server tells a host of a new address, with the new invite.
        moved = "" if self.hosting.is_open else moved_notice(event)
        for text in filter(None, (went_on_notice(event), renamed_notice(event), moved)):
            self.transcript.add_notice(text)
        texts = (
            notices.joined_again_notices(event, former_name, former_names)
            if event.resumed
            else notices.joined_notices(event, hosted_here=self.hosting.is_open)
        )
        for text in texts:
            self.transcript.add_notice_below_history(text)
        if not history_follows:
            self.transcript.close_history()

    def _on_message(self, event: AnyReceived) -> None:
        self._roster.message_received(event.name)
        self.messages.received(event)

    def _on_typing(self, event: MemberTyping) -> None:
        if not self.writing.ignored.hides(event.member, event.name):
            self._roster.typing_started(event.name, private=event.private)

    def _on_member_joined(self, event: MemberJoined) -> None:
        self._roster.member_joined(event.person)
        self.transcript.close_history()
        self.transcript.member_joined(event.name, event.server)
        if event.resembles:
            self.transcript.add_notice(look_alike_notice(event.name, event.resembles, self.own_name))

    def _on_member_left(self, event: MemberLeft) -> None:
        self._roster.member_left(event.name, event.reason)
        self.transcript.close_history()
        self.transcript.member_left(event.name, event.reason, event.note)

    def _on_member_renamed(self, event: MemberRenamed) -> None:
        self._roster.member_renamed(event.name, event.old, event.resembles, event.server)
        if event.only_moved:
            return
        if event.you:
            self.transcript.set_own_name(event.name)
        lines = [renamed_text(event)]
        if event.resembles and event.name != event.old:
            lines.append(look_alike_notice(event.name, event.resembles, self.own_name))
        self.add_notices(lines)

    def _on_request_failed(self, event: RequestFailed) -> None:
        if self.room_history.failed(event):
            return
        if event.code in (error_codes.NOT_KEPT, error_codes.KEPT_AGAIN):
            self.hosting.is_unstored = event.code == error_codes.NOT_KEPT
        if event.code == error_codes.KEPT_AGAIN:
            if self._error is not None and self._error.code == error_codes.NOT_KEPT:
                self._error = None
            self.add_notices([event.reason])
        else:
            self._error = event

    def _on_file_failed(self, event: FileFailed) -> None:
        self.transcript.files.handle(event)
        self.transcript.message_failed(event)

    def _on_disconnected(self, event: Disconnected) -> None:
        self._connection.disconnected(event)
        self._roster.clear_typing()

    def _on_link_changed(self, event: LinkChanged) -> None:
        self._connection.link_changed(event)
        if event.up and not self.hosting.is_open:  # Its server tells a host.
            self.add_notices([event.reason])

    def _on_session_ended(self, event: SessionEnded) -> None:
        self.session_end = SessionEndState(event, self._room, self._clock)
        if self._waiting_for_seat:
            self.session_end.keep_waiting()
        self._error = None
        self.room_history.ended()
        self._roster.clear()
        self.transcript.fail_pending()
        self.transcript.files.session_ended()
