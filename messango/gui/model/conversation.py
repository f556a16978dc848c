"""One stay in a room as it is shown, without a display: a client's events go in, what to show comes out."""

from __future__ import annotations

import math
from collections.abc import Callable

from messango.client.commands import help_rows
from messango.client.events import (
    GAP_NOTICE,
    Connecting,
    Disconnected,
    EndReason,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.client.trust_texts import invite_link, room_details
from messango.errors import MessangoError
from messango.gui.model.attention import Attention
from messango.gui.model.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.hosting_state import HostingState
from messango.gui.model.message_store import MessageStore
from messango.gui.model.room_list import RoomList
from messango.gui.model.roster import MemberRow, Roster
from messango.gui.model.search import TranscriptSearch
from messango.gui.model.session_end import SessionEndState
from messango.gui.model.transcript import Transcript
from messango.protocol.frames import RoomInfo
from messango.room.host_events import CommandDone, CommandFailed, RoomEvent, RoomRenamed, ServerWarning


class ConversationModel:
    """Knows what is to be shown of one stay; `now` gives seconds since 1970, `clock` never goes back."""

    def __init__(self, label: str, *, now: Callable[[], float], clock: Callable[[], float]) -> None:
        self.transcript = Transcript(now)
        self.search = TranscriptSearch(self.transcript)
        self.attention = Attention(clock)
        self.message_store = MessageStore()
        self.hosting = HostingState()
        self._label = label
        self._clock = clock
        self._room: RoomInfo | None = None
        self._joined_event: RoomJoined | None = None
        self._is_joined = False
        self._encrypted = True
        self._roster = Roster(clock)
        self._latest_seq = 0
        self._disconnected: tuple[MessangoError, float] | None = None
        self._reconnecting = False
        self._error: RequestFailed | None = None
        self._waiting_for_seat = False
        self.session_end: SessionEndState | None = None
        self._handlers: dict[type[Event], Callable[..., None]] = {
            Connecting: self._on_connecting,
            RoomJoined: self._on_joined,
            MessageReceived: self._on_message,
            MessageFailed: self.transcript.message_failed,
            MemberJoined: self._on_member_joined,
            MemberLeft: self._on_member_left,
            MemberRenamed: self._on_member_renamed,
            MemberTyping: lambda event: self._roster.typing_started(event.name),
            RequestFailed: self._on_request_failed,
            Disconnected: self._on_disconnected,
            SessionEnded: self._on_session_ended,
        }

    def apply(self, event: Event) -> None:
        """Take in what the client tells."""
        self._handlers[type(event)](event)

    def add_pending(self, message_id: str, text: str) -> None:
        """Note an own message that was handed to the client."""
        self.transcript.add_pending(message_id, text)

    def set_focus(self, *, focused: bool, at_end: bool) -> None:
        """Take note whether somebody looks at the newest lines."""
        was_watching = self.attention.is_watching
        self.attention.set_focus(focused=focused, at_end=at_end)
        if was_watching and not self.attention.is_watching:
            self.transcript.mark_unread_from_here()
        elif self.attention.is_watching and not was_watching:
            self.transcript.mark_watching()

    def dismiss_error(self) -> None:
        """The banner about what has failed was read."""
        self._error = None

    def show_error(self, error: MessangoError) -> None:
        """Something here failed; it stands above all else until it is read."""
        self._error = RequestFailed(str(error), error.hint)

    def show_warning(self, text: str) -> None:
        """Something is to be known before one speaks; it stands above all else until it is read."""
        self._error = RequestFailed(text, "")

    def show_help(self) -> None:
        """Show what can be typed beside messages."""
        for usage, summary in help_rows():
            self._add_notice(f"{usage}: {summary}")

    def show_members(self) -> None:
        """Show who is in the room; in a narrow window there is no list beside."""
        names = [f"{row.name} (you)" if row.you else row.name for row in self.members if not row.lost]
        self._add_notice(f"In the room: {', '.join(names)}" if names else "You are not in the room")

    def show_room_details(self) -> None:
        """Show what the host can compare with what their server shows."""
        for label, value in room_details(self._joined_event) if self._joined_event else ():
            self._add_notice(f"{label}: {value}")

    def show_invite(self) -> None:
        """Show a link to pass on."""
        link = invite_link(self._joined_event) if self._joined_event else None
        self._add_notice(
            link or "There is no link to pass on from here: the host's own window or terminal has it"
        )

    def saved(self, name: str) -> None:
        """What is held was written to a file of this name."""
        self._error = None
        self._add_notice(f"The conversation so far is kept in {name}")

    def check_successor(self, rooms: RoomList) -> None:
        """See whether a room that has closed is open again somewhere."""
        if self.session_end is not None:
            self.session_end.find_successor(rooms)

    def start_waiting(self) -> None:
        """Somebody waits for a seat."""
        self._waiting_for_seat = True
        if self.session_end is not None:
            self.session_end.start_waiting()

    def stop_waiting(self) -> None:
        """They have thought better of it."""
        self._waiting_for_seat = False
        if self.session_end is not None:
            self.session_end.stop_waiting()

    def start_new_session(self) -> None:
        """A new stay begins where the last has ended: what is shown stays, and is not shown again."""
        self.session_end, self._error = None, None
        self._disconnected, self._reconnecting, self._is_joined = None, False, False

    def handle_host_event(self, event: RoomEvent) -> None:
        """Take in what the server tells that is open here; of members the client tells."""
        if isinstance(event, RoomRenamed):
            self._add_notice(f"Another room has this name already: others find this one as “{event.name}”")
        elif isinstance(event, ServerWarning):
            self._add_notice(event.reason)
        elif isinstance(event, CommandDone | CommandFailed):
            self._add_notice(event.message)

    @property
    def ended(self) -> bool:
        """Whether the stay is over."""
        return self.session_end is not None

    @property
    def should_retry_join(self) -> bool:
        """Whether it is time to ask for a seat that somebody waits for."""
        return self.session_end is not None and self.session_end.retry_due

    @property
    def has_left(self) -> bool:
        """Whether the stay is over because we asked for it."""
        return self.session_end is not None and self.session_end.end is EndReason.LEFT

    @property
    def room(self) -> RoomInfo | None:
        """What is known of the room, once we have been in."""
        return self._room

    @property
    def title(self) -> str:
        """The room's name, or where we try to join."""
        return self._room.name if self._room else self._label

    @property
    def subtitle(self) -> str:
        """The line under the title: what is going on, who is in."""
        if self.ended:
            return "Not connected"
        if self._room is None or not self._is_joined:
            return "Waiting for a seat" if self._waiting_for_seat else "Joining…"
        if self._disconnected or self._reconnecting:
            return "Connection lost"
        safety = "encrypted" if self._encrypted else "not encrypted"
        hosted_here = " · open on this machine" if self.hosting.is_open else ""
        return f"{len(self._roster)} of {self._room.seats} seats taken · {safety}{hosted_here}"

    @property
    def placeholder(self) -> str:
        """What stands in a transcript that has nothing in it yet."""
        if not self.transcript.is_empty:
            return ""
        if self.ended:
            return "You are not in the room."
        return "Joining…" if self._room is None else "Nothing has been said yet. The first word is yours."

    @property
    def banner(self) -> Banner | None:
        """What stands above the conversation where something is wrong or has to be asked."""
        question = self.hosting.banner(self.title)
        if question is not None:
            return question
        if self._error is not None:
            return Banner(
                BannerSeverity.WARNING, self._error.reason, self._error.hint, (BannerAction.DISMISS,)
            )
        if self.session_end is not None:
            return self.session_end.banner(holds_messages=bool(self.message_store))
        if self._disconnected is not None:
            return self._reconnect_banner(*self._disconnected)
        if self._reconnecting:
            text = "The connection was lost. Reconnecting now…"
            return Banner(BannerSeverity.WARNING, text, "You can go on writing.", ())
        return None

    @property
    def own_name(self) -> str:
        """What we are called in the room."""
        return self._roster.you

    @property
    def names(self) -> list[str]:
        """The names of all who are in."""
        return self._roster.names

    @property
    def typing_text(self) -> str:
        """Who is typing, in words, or nothing."""
        return self._roster.typing_text

    @property
    def members(self) -> list[MemberRow]:
        """Who is in, in the order of their coming, you first, and last who lost the connection."""
        return self._roster.rows

    def _on_connecting(self, event: Connecting) -> None:
        self._disconnected = None
        self._reconnecting = event.reconnecting

    def _on_joined(self, event: RoomJoined) -> None:
        self._room, self._encrypted = event.room, event.encrypted
        self._joined_event, self._waiting_for_seat = event, False
        self._roster.reset(event.you, event.members, event.unencrypted)
        self._disconnected, self._reconnecting, self._is_joined = None, False, True
        self.transcript.session_started(event.you, event.member)
        if event.gap:
            self.transcript.add_notice(GAP_NOTICE)
        if event.resumed:
            return
        self._latest_seq = event.latest
        if self.hosting.is_open:
            self.transcript.add_notice("You host the room now: it closes for everybody when you leave")
        elif not event.encrypted:
            self.transcript.add_notice("This room is not encrypted: others on the network can read along.")
        elif event.by_invite and event.first_visit:
            self.transcript.add_notice("Your first visit. The room is the one that your invite link is for.")
        elif event.first_visit:
            self.transcript.add_notice(
                "Your first visit. Ask the host whether the room has the four words that Ctrl I shows."
            )

    def _on_message(self, event: MessageReceived) -> None:
        self._roster.message_received(event.name)
        if self.message_store.add(event):
            self.attention.message_received(event, self.own_name)
            self.transcript.message_received(event)
        if event.history and event.seq >= self._latest_seq:
            self.transcript.close_history()

    def _on_member_joined(self, event: MemberJoined) -> None:
        self._roster.member_joined(event.name, encrypted=event.encrypted)
        self.transcript.close_history()
        self.transcript.member_joined(event.name)

    def _on_member_left(self, event: MemberLeft) -> None:
        self._roster.member_left(event.name, event.reason)
        self.transcript.close_history()
        self.transcript.member_left(event.name, event.reason)

    def _on_member_renamed(self, event: MemberRenamed) -> None:
        self._roster.member_renamed(event.name, event.old)
        if event.you:
            self.transcript.set_own_name(event.name)
        self._add_notice(f"You are {event.name} now" if event.you else f"{event.old} is {event.name} now")

    def _on_request_failed(self, event: RequestFailed) -> None:
        self._error = event

    def _on_disconnected(self, event: Disconnected) -> None:
        self._disconnected = (event.error, self._clock() + event.retry_in_s)
        self._roster.clear_typing()

    def _on_session_ended(self, event: SessionEnded) -> None:
        self.session_end = SessionEndState(event, self._room, self._clock)
        if self._waiting_for_seat:
            self.session_end.keep_waiting()
        self._error = None
        self._roster.clear()
        self.transcript.fail_pending()

    def _add_notice(self, text: str) -> None:
        self.transcript.close_history()
        self.transcript.add_notice(text)

    def _reconnect_banner(self, error: MessangoError, retry_at: float) -> Banner:
        left_s = math.ceil(max(retry_at - self._clock(), 0))
        when = f"Reconnecting in {left_s} s." if left_s else "Reconnecting now…"
        hint = "You can go on writing: it is sent as soon as the room is back."
        return Banner(BannerSeverity.WARNING, f"{error} {when}", hint, (BannerAction.RETRY_NOW,))
