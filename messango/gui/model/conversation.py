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
from messango.gui.model.banner import Banner, Step, Tone
from messango.gui.model.hosting_state import Hosted
from messango.gui.model.message_store import Held
from messango.gui.model.room_list import RoomList
from messango.gui.model.roster import MemberRow, Roster
from messango.gui.model.search import Search
from messango.gui.model.session_end import Ending
from messango.gui.model.transcript import Transcript
from messango.protocol.frames import RoomInfo
from messango.server.host_events import CommandDone, CommandFailed, RoomRenamed, ServerEvent, ServerWarning


class Conversation:
    """Knows what is to be shown of one stay; `now` gives seconds since 1970, `clock` never goes back."""

    def __init__(self, place: str, *, now: Callable[[], float], clock: Callable[[], float]) -> None:
        self.transcript = Transcript(now)
        self.search = Search(self.transcript)
        self.attention = Attention(clock)
        self.held = Held()
        self.hosted = Hosted()
        self._place = place
        self._clock = clock
        self._room: RoomInfo | None = None
        self._entry: RoomJoined | None = None
        self._inside = False
        self._encrypted = True
        self._roster = Roster(clock)
        self._latest = 0
        self._interrupted: tuple[MessangoError, float] | None = None
        self._again = False
        self._fault: RequestFailed | None = None
        self._waiting = False
        self.ending: Ending | None = None
        self._hearers: dict[type[Event], Callable[..., None]] = {
            Connecting: self._connecting,
            RoomJoined: self._entered,
            MessageReceived: self._message_heard,
            MessageFailed: self.transcript.failed,
            MemberJoined: self._joined,
            MemberLeft: self._left,
            MemberRenamed: self._renamed,
            MemberTyping: lambda event: self._roster.typed(event.name),
            RequestFailed: self._request_failed,
            Disconnected: self._was_interrupted,
            SessionEnded: self._has_ended,
        }

    def hear(self, event: Event) -> None:
        """Take in what the client tells."""
        self._hearers[type(event)](event)

    def said(self, message_id: str, text: str) -> None:
        """Note an own message that was handed to the client."""
        self.transcript.said(message_id, text)

    def watch(self, *, focused: bool, at_end: bool) -> None:
        """Take note whether somebody looks at the newest lines."""
        before = self.attention.seen
        self.attention.look(focused=focused, at_end=at_end)
        if before and not self.attention.seen:
            self.transcript.leave_off()
        elif self.attention.seen and not before:
            self.transcript.come_back()

    def dismiss(self) -> None:
        """The banner about what has failed was read."""
        self._fault = None

    def complain(self, error: MessangoError) -> None:
        """Something here failed; it stands above all else until it is read."""
        self._fault = RequestFailed(str(error), error.hint)

    def caution(self, words: str) -> None:
        """Something is to be known before one speaks; it stands above all else until it is read."""
        self._fault = RequestFailed(words, "")

    def help(self) -> None:
        """Show what can be typed beside messages."""
        for usage, summary in help_rows():
            self._say(f"{usage}: {summary}")

    def who(self) -> None:
        """Show who is in the room; in a narrow window there is no list beside."""
        names = [f"{row.name} (you)" if row.you else row.name for row in self.members if not row.lost]
        self._say(f"In the room: {', '.join(names)}" if names else "You are not in the room")

    def tell_room(self) -> None:
        """Show what the host can compare with what their server shows."""
        for what, how in room_details(self._entry) if self._entry else ():
            self._say(f"{what}: {how}")

    def tell_invite(self) -> None:
        """Show a link to pass on."""
        link = invite_link(self._entry) if self._entry else None
        self._say(link or "There is no link to pass on from here: the host's own window or terminal has it")

    def kept(self, name: str) -> None:
        """What is held was written to a file of this name."""
        self._fault = None
        self._say(f"The conversation so far is kept in {name}")

    def look(self, rooms: RoomList) -> None:
        """See whether a room that has closed is open again somewhere."""
        if self.ending is not None:
            self.ending.look(rooms)

    def wait(self) -> None:
        """Somebody waits for a seat."""
        self._waiting = True
        if self.ending is not None:
            self.ending.wait()

    def wait_no_more(self) -> None:
        """They have thought better of it."""
        self._waiting = False
        if self.ending is not None:
            self.ending.wait_no_more()

    def go_on(self) -> None:
        """A new stay begins where the last has ended: what is shown stays, and is not shown again."""
        self.ending, self._fault = None, None
        self._interrupted, self._again, self._inside = None, False, False

    def told_as_host(self, event: ServerEvent) -> None:
        """Take in what the server tells that is open here; of members the client tells."""
        if isinstance(event, RoomRenamed):
            self._say(f"Another room has this name already: others find this one as “{event.name}”")
        elif isinstance(event, ServerWarning):
            self._say(event.reason)
        elif isinstance(event, CommandDone | CommandFailed):
            self._say(event.message)

    @property
    def ended(self) -> bool:
        """Whether the stay is over."""
        return self.ending is not None

    @property
    def ending_asks(self) -> bool:
        """Whether it is time to ask for a seat that somebody waits for."""
        return self.ending is not None and self.ending.ask_again

    @property
    def left(self) -> bool:
        """Whether the stay is over because we asked for it."""
        return self.ending is not None and self.ending.end is EndReason.LEFT

    @property
    def room(self) -> RoomInfo | None:
        """What is known of the room, once we have been in."""
        return self._room

    @property
    def title(self) -> str:
        """The room's name, or where we try to join."""
        return self._room.name if self._room else self._place

    @property
    def subtitle(self) -> str:
        """The line under the title: what is going on, who is in."""
        if self.ended:
            return "Not connected"
        if self._room is None or not self._inside:
            return "Waiting for a seat" if self._waiting else "Joining…"
        if self._interrupted or self._again:
            return "Connection lost"
        safety = "encrypted" if self._encrypted else "not encrypted"
        here = " · open on this machine" if self.hosted.here else ""
        return f"{len(self._roster)} of {self._room.seats} seats taken · {safety}{here}"

    @property
    def silence(self) -> str:
        """What stands in a transcript that has nothing in it yet."""
        if not self.transcript.empty:
            return ""
        if self.ended:
            return "You are not in the room."
        return "Joining…" if self._room is None else "Nothing has been said yet. The first word is yours."

    @property
    def banner(self) -> Banner | None:
        """What stands above the conversation where something is wrong or has to be asked."""
        asked = self.hosted.banner(self.title)
        if asked is not None:
            return asked
        if self._fault is not None:
            return Banner(Tone.CAUTION, self._fault.reason, self._fault.hint, (Step.DISMISS,))
        if self.ending is not None:
            return self.ending.banner(holds_messages=bool(self.held))
        if self._interrupted is not None:
            return self._interruption(*self._interrupted)
        if self._again:
            text = "The connection was lost. Reconnecting now…"
            return Banner(Tone.CAUTION, text, "You can go on writing.", ())
        return None

    @property
    def you(self) -> str:
        """What we are called in the room."""
        return self._roster.you

    @property
    def names(self) -> list[str]:
        """The names of all who are in."""
        return self._roster.names

    @property
    def typing(self) -> str:
        """Who is typing, in words, or nothing."""
        return self._roster.typing

    @property
    def members(self) -> list[MemberRow]:
        """Who is in, in the order of their coming, you first, and last who lost the connection."""
        return self._roster.rows

    def _connecting(self, event: Connecting) -> None:
        self._interrupted = None
        self._again = event.reconnecting

    def _entered(self, event: RoomJoined) -> None:
        self._room, self._encrypted = event.room, event.encrypted
        self._entry, self._waiting = event, False
        self._roster.enter(event.you, event.members, event.unencrypted)
        self._interrupted, self._again, self._inside = None, False, True
        self.transcript.enter(event.you, event.member)
        if event.gap:
            self.transcript.notice(GAP_NOTICE)
        if event.resumed:
            return
        self._latest = event.latest
        if self.hosted.here:
            self.transcript.notice("You host the room now: it closes for everybody when you leave")
        elif not event.encrypted:
            self.transcript.notice("This room is not encrypted: others on the network can read along.")
        elif event.by_invite and event.first_visit:
            self.transcript.notice("Your first visit. The room is the one that your invite link is for.")
        elif event.first_visit:
            self.transcript.notice(
                "Your first visit. Ask the host whether the room has the four words that Ctrl I shows."
            )

    def _message_heard(self, event: MessageReceived) -> None:
        self._roster.spoke(event.name)
        if self.held.add(event):
            self.attention.heard(event, self.you)
            self.transcript.heard(event)
        if event.history and event.seq >= self._latest:
            self.transcript.end_history()

    def _joined(self, event: MemberJoined) -> None:
        self._roster.join(event.name, encrypted=event.encrypted)
        self.transcript.end_history()
        self.transcript.joined(event.name)

    def _left(self, event: MemberLeft) -> None:
        self._roster.leave(event)
        reason = event.reason.rstrip(".")
        self.transcript.end_history()
        # Who went by choice has "left" for a reason, which says nothing new.
        self.transcript.left(event.name, "" if reason == "left" else reason)

    def _renamed(self, event: MemberRenamed) -> None:
        self._roster.rename(event.name, event.old)
        if event.you:
            self.transcript.rename(event.name)
        self._say(f"You are {event.name} now" if event.you else f"{event.old} is {event.name} now")

    def _request_failed(self, event: RequestFailed) -> None:
        self._fault = event

    def _was_interrupted(self, event: Disconnected) -> None:
        self._interrupted = (event.error, self._clock() + event.retry_in_s)
        self._roster.nobody_types()

    def _has_ended(self, event: SessionEnded) -> None:
        self.ending = Ending(event, self._room, self._clock)
        if self._waiting:
            self.ending.wait_on()
        self._fault = None
        self._roster.clear()
        self.transcript.give_up_waiting()

    def _say(self, text: str) -> None:
        self.transcript.end_history()
        self.transcript.notice(text)

    def _interruption(self, error: MessangoError, retry_at: float) -> Banner:
        left_s = math.ceil(max(retry_at - self._clock(), 0))
        when = f"Reconnecting in {left_s} s." if left_s else "Reconnecting now…"
        hint = "You can go on writing: it is sent as soon as the room is back."
        return Banner(Tone.CAUTION, f"{error} {when}", hint, (Step.RETRY_NOW,))
