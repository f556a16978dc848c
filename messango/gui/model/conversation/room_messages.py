"""The messages of a room: kept in their present form, shown, counted, and changed later."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    MessageChange,
    PrivateMessageReceived,
    RoomJoined,
    SearchResult,
)
from messango.client.members.ignored import IgnoredMembers
from messango.client.present_messages import PresentMessages
from messango.gui.model.composer.composer_bar import away_text
from messango.gui.model.conversation.mention_tracker import MentionTracker
from messango.gui.model.conversation.roster import Roster
from messango.gui.model.transcript.message_store import MessageStore
from messango.gui.model.transcript.transcript import Transcript
from messango.gui.model.transcript.unread_counter import UnreadCounter
from messango.protocol.features import EARLIER


class RoomMessages:
    """Takes the client's events about messages to all who need them."""

    def __init__(
        self,
        transcript: Transcript,
        unread: UnreadCounter,
        roster: Roster,
        ignored: Callable[[], IgnoredMembers],
    ) -> None:
        self._transcript, self._unread, self._ignored = transcript, unread, ignored
        #: All that this window has received, for saving and for opening the room again.
        self.store = MessageStore()
        #: What the room's messages are now, by number.
        self.present = PresentMessages()
        self.mentions = MentionTracker(self.present, lambda: roster.you, lambda: roster.names, self._ignored)
        transcript.is_mention = self.mentions.is_mention
        transcript.ignored = ignored
        self._fingerprint = ""
        self._latest_seq = self._received_seq = 0
        #: Later messages of the history came while we were away; None before we joined.
        self._missed_after: int | None = None
        #: The first message that follows may come after others that we miss.
        self._may_have_gap = False

    def joined(self, event: RoomJoined) -> bool:
        """Prepare for the messages that follow; returns whether some do that are history."""
        # With the same host, the numbers are the same ones as before.
        counts_on = event.fingerprint == self._fingerprint and event.latest >= self._received_seq
        if self.present.joined(event):
            self.mentions.clear()
            if not counts_on:
                self._transcript.restart_numbers()
                self.store.restart_numbers()
        self._fingerprint, self._latest_seq = event.fingerprint, event.latest
        history_follows = event.room.history and event.latest > self._received_seq
        can_fill = counts_on and EARLIER in event.room.features
        self._may_have_gap = can_fill and event.since is None and self._received_seq > 0
        if self._missed_after is None:
            self._missed_after = event.latest
        elif not event.resumed or event.latest < self._missed_after:
            # The numbers are another host's, or begin again. What we have is not added twice.
            self._missed_after = 0
        return history_follows

    def received(self, message: AnyReceived) -> None:
        """Show a message, and count it if it is new to the reader."""
        may_have_gap, self._may_have_gap = self._may_have_gap, False
        if may_have_gap and message.seq > self._received_seq + 1:
            self._start_after_gap(message)
        self._received_seq = max(self._received_seq, message.seq)
        if self._keep(message):
            missed = message.history and message.seq > (self._missed_after or 0)
            mentions_you = not message.deleted and self._count(message, missed=missed)
            self._transcript.message_received(message, missed=missed, mentions_you=mentions_you)
            if isinstance(message, PrivateMessageReceived) and message.own and message.away:
                self._transcript.close_history()
                self._transcript.add_notice(away_text(message.to_name))
        if message.history and message.seq >= self._latest_seq:
            self._transcript.close_history()

    def changed(self, change: MessageChange) -> None:
        """Show a reaction, an edit or a deletion, also in the answers that quote the message."""
        changed = self.present.apply(change)
        self.mentions.changed(change.target)
        for seq in changed:
            if message := self.present.get(seq):
                self.store.replace(message)
                self._transcript.message_changed(message)

    def answered(self, answer: EarlierReceived | SearchResult) -> None:
        """Keep older messages that we have asked for."""
        self.present.add_answer(answer)

    def _start_after_gap(self, message: AnyReceived) -> None:
        """Leave a place for what was said since the last message: a newcomer gets only the newest."""
        if self.store.get(message) is None:
            self.store.start_after_gap(self._received_seq, message)
            self._transcript.start_after_gap()

    def _count(self, message: AnyReceived, *, missed: bool) -> bool:
        """Count a message as unseen; returns whether it mentions us."""
        is_past = message.history and not missed
        mentions_you = self.mentions.received(message, seen=is_past or self._unread.is_watching)
        if not self._ignored().hides(message.member, message.name):
            for_us = mentions_you or isinstance(message, PrivateMessageReceived)
            self._unread.message_received(message, for_us=for_us, missed=missed)
        return mentions_you

    def _keep(self, message: AnyReceived) -> bool:
        """Keep a message in its present form; return whether we did not have it, from another host either."""
        self.present.add(message)
        if self.store.add(message):
            return True
        former = self.store.replace(message)
        self._transcript.message_changed(message, former_seq=former.seq if former else None)
        return False
