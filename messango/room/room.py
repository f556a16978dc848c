"""The room: decides the order of messages, names and seats, and which frames each connection receives."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from typing import Final

from messango import __version__
from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.features import offered_features
from messango.protocol.frames import (
    Closed,
    Entry,
    Join,
    Problem,
    Refused,
    Rename,
    RoomInfo,
    Say,
    ServerCard,
    Typing,
    TypingNotice,
)
from messango.protocol.limits import NO_HISTORY, PROTOCOL_VERSION, TYPING_INTERVAL_S
from messango.protocol.text.validation import clean_name
from messango.room.admission import REPLACED_NOTICE, AdmissionPolicy, banned_notice, closing_notice
from messango.room.arrival import Arrival
from messango.room.bans import Ban, Bans
from messango.room.batch import Batch, Delivery
from messango.room.files.shelf import NO_SHELF, FileShelf
from messango.room.following import entries_for, missed_entries
from messango.room.history.history import RETRY_S, History
from messango.room.host.host_events import (
    GuestLinkExpired,
    MemberDisconnected,
)
from messango.room.member_reports import joined_event
from messango.room.members import MAX_SESSIONS, Member, Members, is_banned_by, new_session
from messango.room.peer import Peer
from messango.room.posting import Posting
from messango.room.presence import Presence
from messango.room.request_check import EntryRequest
from messango.room.sequencer import Sequencer
from messango.room.storage_report import StorageReport, storage_problem_frame
from messango.room.welcome import renamed_frame, welcome_frames

#: A member who missed more messages than this receives them in parts, each after reading the one before.
BACKLOG_BATCH_MESSAGES: Final = 200


class Room:
    """One conversation. Calls come in batches: `begin_batch`, then any of the others, then `end_batch`.

    The caller chooses a `connection_id` for each connection and never uses one twice.
    `end_batch` stores the messages before it returns the frames that deliver them.
    """

    def __init__(
        self,
        room_id: str,
        name: str,
        seats: int,
        history: History,
        bans: Bans | None = None,
        shelf: FileShelf = NO_SHELF,
    ) -> None:
        self.id = room_id
        self.name = name
        #: The seats and the sessions that may return; and the rules for joining.
        self.members = Members(seats, history.sessions(MAX_SESSIONS))
        self.admission = AdmissionPolicy(self.members, bans or Bans())
        self._history = history
        self._storage = StorageReport(history)
        #: Whether the history has to be looked after in `RETRY_S`, even if no request comes.
        self._history_needs_care = True
        #: The connections at the beginning of the batch.
        self._connected_before: tuple[int, ...] = ()
        #: The files that members share.
        self.shelf = shelf
        self._sequencer = Sequencer(history, shelf)
        self._posting = Posting(self.members, self._sequencer, shelf)
        self._batch = Batch()
        self._presence = Presence(self.members, self._batch, shelf)
        #: When this batch began, on a monotonic clock, and in seconds since 1970 UTC.
        self.now_s = 0.0
        self.time_s = 0.0

    @property
    def private_messages(self) -> int:
        """How many messages to one member only there were since the room opened."""
        return self._posting.private_messages

    @property
    def is_congested(self) -> bool:
        """Whether members should wait until what they have said is on its way."""
        return False

    def room_info(self) -> RoomInfo:
        """Return the public information about the room."""
        return RoomInfo(
            protocol=PROTOCOL_VERSION,
            id=self.id,
            name=self.name,
            version=__version__,
            members=len(self.members),
            seats=self.members.seats,
            locked=self.admission.locked,
            history=self._history.is_persistent,
            features=offered_features(
                files=self.shelf.largest_file is not None, web=self.admission.guests.is_open
            ),
            password=self.admission.has_password,
            largest_file=self.shelf.largest_file,
        )

    def next_deadline_s(self) -> float | None:
        """Return when the next batch is due, on the clock of `begin_batch`'s `now_s`, or None."""
        deadlines_s = [
            member.seat_expires_s
            for member in self.members.disconnected()
            if member.seat_expires_s < math.inf
        ]
        if (report_s := self.admission.guests.next_report_s()) is not None:
            deadlines_s.append(report_s)
        if self._history_needs_care:
            deadlines_s.append(self.now_s + RETRY_S)
        return min(deadlines_s, default=None)

    def begin_batch(self, now_s: float, time_s: float) -> None:
        """Begin a batch and free the seats that expired.

        `now_s` is in seconds of a monotonic clock, `time_s` in seconds since 1970 UTC.
        """
        self.now_s, self.time_s = now_s, time_s
        self._connected_before = self.members.connected
        for member in self.members.disconnected():
            if member.seat_expires_s <= now_s:
                self._remove(member, error_codes.CONNECTION_BROKE)
        if self.admission.guests.take_expiry(now_s, time_s):
            self._batch.events.append(GuestLinkExpired())

    def end_batch(self) -> Batch:
        """Store the batch's messages and sessions; return what to send, and the host's events."""
        self._commit()
        self._history_needs_care = self._history.flush_pending(self.time_s)
        self._save_sessions()
        self._report_history_state()
        return self._batch.take()

    def join(self, connection_id: int, join: Join, peer: Peer, password_generation: int = 0) -> None:
        """Ask for a seat; `Batch.joins` of this or a later batch says whether the client is a member then.

        `password_generation` is that of the password that they have proved, or of none.
        """
        member = self.member_of(join, peer)
        if refusal := self.admission.join_refusal(self.name, join, member, peer, self.now_s, self.time_s):
            self._presence.turn_away(connection_id, join.name, str(peer), refusal)
            return
        is_host = self.admission.proves_host(join, peer)
        seated = member if member is not None and self._has_seat(member) else None
        if refusal := self.admission.password_refusal(password_generation, seated, peer):
            self._presence.turn_away(connection_id, join.name, str(peer), refusal)
            return
        try:
            newcomer = member or Member(clean_name(join.name), session=new_session(browser=peer.browser))
        except BadName as error:
            refusal = Refused(error_codes.BAD_NAME, str(error), error.hint)
            self._presence.turn_away(connection_id, join.name, str(peer), refusal)
            return
        arrival = Arrival(newcomer, connection_id, peer, join.since, password_generation, is_host)
        if seated is None:
            self._ask_for_seat(arrival, returning=member is not None)
        else:
            self._resume(arrival)

    def post_messages(self, connection_id: int, messages: Sequence[Say]) -> None:
        """Accept messages in this order; their texts went through `protocol.text.validation.clean_text`.

        A repeated id is answered with what it led to and not accepted again.
        """
        member = self.members.by_connection(connection_id)
        if member is not None:
            self._posting.post_messages(self._batch, member, messages, self.time_s)

    def post_entry(self, connection_id: int, request: EntryRequest) -> None:
        """Accept a request that takes a number in the room's order, or answer it with a problem.

        A repeated id is answered with what it led to.
        """
        member = self.members.by_connection(connection_id)
        if member is not None:
            self._posting.post_entry(self._batch, member, request, self.time_s)

    def rename(self, connection_id: int, rename: Rename) -> None:
        """Change a member's name, with ` 2`, ` 3`... added if it is taken."""
        member = self.members.by_connection(connection_id)
        if member is None:
            return
        try:
            wanted = clean_name(rename.name)
            self.admission.require_name_not_banned(wanted, self.time_s)
        except BadName as error:
            self._batch.send((connection_id,), Problem(error_codes.BAD_NAME, str(error), error.hint))
            return
        if self.members.available_name(wanted, exclude=member) == member.name:
            # The answer says what the wish became; for the others nothing has changed.
            self._batch.send((connection_id,), renamed_frame(self.members.person(member), member.name))
        else:
            self._call(member, wanted)

    def _call(self, member: Member, wanted: str) -> None:
        """Call a member by this name, with a number if it is taken."""
        self._presence.rename(member, self.members.available_name(wanted, exclude=member))

    def on_typing(self, connection_id: int, typing: Typing) -> None:
        """Notify the others, or one, that a member is typing, at most once per `TYPING_INTERVAL_S`."""
        member = self.members.by_connection(connection_id)
        if member is not None and self.now_s - member.last_typing_s >= TYPING_INTERVAL_S:
            member.last_typing_s = self.now_s
            others = self._others(connection_id)
            if typing.to:
                others = tuple({*others} & {*self.members.caught_up_among({typing.to})})
            self._batch.send(others, TypingNotice(member.name, member.id, private=bool(typing.to)))

    def send_backlog(self, connection_id: int) -> None:
        """Send the next part of a member's backlog; call this when the member has read the last part."""
        member = self.members.by_connection(connection_id)
        if member is None or member.last_delivered_seq is None:
            return
        self._commit()
        missed = missed_entries(self._history, member.id, member.last_delivered_seq, BACKLOG_BATCH_MESSAGES)
        self._send_missed(member, connection_id, missed)

    def disconnect(self, connection_id: int, silent_s: float = 0.0) -> None:
        """Reserve the seat of a member whose connection broke after `silent_s` without a byte.

        The grace period counts from the last byte; the other members get no notice until it ends.
        """
        member = self.members.by_connection(connection_id)
        if member is not None:
            self.members.disconnect(member, self.now_s - silent_s)
            self._batch.events.append(MemberDisconnected(member.name))

    def leave(self, connection_id: int, reason: str) -> None:
        """Free a member's seat and close their connection; the others receive `reason`."""
        member = self.members.by_connection(connection_id)
        if member is not None:
            self._remove(member, reason)
            self._batch.close_connection(connection_id)

    def kick(self, member: Member, closing_frame: Closed, note: str) -> None:
        """Remove a member for good, who receives `closing_frame`; the others receive its code and `note`."""
        self.admission.bans.add_kicked(member.session_hash)
        self._expel(member, closing_frame, note)

    def dismiss(self, member: Member, closing_frame: Closed) -> None:
        """Remove a member, whose session may return, with `closing_frame`."""
        self._expel(member, closing_frame, "")

    def _expel(self, member: Member, closing_frame: Closed, note: str) -> None:
        connection_id = member.connection_id
        self._remove(member, closing_frame.code, note)
        if connection_id is not None:
            self._batch.close_connection(connection_id, closing_frame)

    def announce(self, text: str) -> None:
        """Post a valid text as the host, under `HOST_NAME`, which no member can have."""
        self._posting.announce(self._batch, Say(secrets.token_hex(8), text), self.time_s)

    def set_locked(self, *, on: bool) -> None:
        """Refuse newcomers from now on, or admit them again."""
        self.admission.locked = on

    def add_ban(self, ban: Ban) -> list[Member]:
        """Ban, and remove and return the members whom the ban means."""
        self.admission.bans.add(ban)
        closing_frame = banned_notice(self.name, ban, self.time_s)
        banned = [member for member in self.members if is_banned_by(ban, member)]
        for member in banned:
            self._expel(member, closing_frame, ban.reason)
        return banned

    def remove_bans(self, target: str) -> list[Ban]:
        """Lift and return the bans that a name, an address or a network means."""
        return self.admission.bans.remove(target)

    def _closing_notice(self) -> Closed:
        return closing_notice(self.name)

    def close(self) -> None:
        """Close the room: every member receives a goodbye, and nobody can join. Twice is harmless."""
        self.admission.closed = True
        for connection_id in self.members.connected:
            self._batch.close_connection(connection_id, self._closing_notice())
        for member in [*self.members]:
            if self.members.is_seated(member):
                self.members.release_seat(member)

    def _others(self, connection_id: int) -> tuple[int, ...]:
        return tuple(other for other in self.members.connected if other != connection_id)

    def _save_sessions(self) -> None:
        """Store new sessions before their members receive them."""
        if self.members.unsaved:
            sessions = [member.saved_session for member in self.members.unsaved.values()]
            self.members.unsaved = {}
            self._history.save_sessions(sessions, self.time_s)

    def _report_history_state(self) -> None:
        """Report once that messages can't be stored, and once that they are stored again."""
        events, frame = self._storage.news()
        self._batch.events += events
        if frame is None:
            return
        if self._storage.problem is None:
            # The file may have been opened just now, and have sessions that we do not know.
            self.members.add_saved(self._history.sessions(MAX_SESSIONS))
        # Before the batch's messages: a receipt must not be the last word about a message.
        self._batch.deliveries.insert(0, Delivery(self._connected_before, [frame]))
        joined = tuple({*self.members.connected} - {*self._connected_before})
        self._batch.send(joined, frame)

    def _commit(self) -> None:
        """Store what was accepted so far."""
        self._sequencer.commit()

    def member_of(self, join: Join, peer: Peer) -> Member | None:
        """Return the member who joins again, if the room knows the session."""
        return self.members.by_session(join.session, encrypted=peer.encrypted, browser=peer.browser)

    def _has_seat(self, member: Member) -> bool:
        """Return whether a member can simply go on at the seat that they have."""
        return self.members.is_seated(member)

    def _resume(self, arrival: Arrival) -> None:
        """Connect a returning member to their seat; an older connection of the same session is closed."""
        member = arrival.member
        if member.connection_id is not None:
            self._batch.close_connection(member.connection_id, REPLACED_NOTICE)
        arrival.take_over()
        self.members.assign_seat(member, arrival.connection_id, self.now_s)
        self._batch.events.append(joined_event(self.members, member, resumed=True))
        self._welcome(arrival)

    def _ask_for_seat(self, arrival: Arrival, *, returning: bool) -> None:
        """Give a free seat to a new or returning member, or refuse them."""
        if refusal := self.admission.seat_refusal(self.name, self.now_s, returning=returning):
            self._presence.refuse(arrival, refusal)
            return
        if self.members.full and (reclaimable := self.members.reclaimable_seat(self.now_s)):
            self._remove(reclaimable, error_codes.CONNECTION_BROKE)
        arrival.member.name = self.members.available_name(arrival.member.name)
        self._presence.seat(arrival, self.now_s, self.time_s)
        self._welcome(arrival)

    def _welcome(self, arrival: Arrival) -> None:
        """Send a seated member `welcome` and what they have missed."""
        member, connection_id, since = arrival.member, arrival.connection_id, arrival.since
        # A new member receives the batch's earlier messages from the history, so store them first.
        self._commit()
        if since is not None and self._history.latest < since < NO_HISTORY:
            # The client has messages with higher numbers than this history: it is a different history.
            since = None
        frames = self._batch.frames_for((connection_id,))
        people = [self.members.person(other) for other in self.members]
        entries, last = entries_for(self._history, member.id, since, BACKLOG_BATCH_MESSAGES)
        frames += welcome_frames(self.room_info(), member, people, self._history, last, self._servers())
        if self._storage.problem is not None:
            frames.append(storage_problem_frame(self._storage.problem))
        self._batch.joins[connection_id] = True
        if since is None:
            frames += entries
            self.members.set_lag(member, None)
        else:
            self._send_missed(member, connection_id, entries)

    def _servers(self) -> tuple[ServerCard, ...]:
        """Return where a member can go on if this server dies."""
        return ()

    def _send_missed(self, member: Member, connection_id: int, missed: Sequence[Entry]) -> None:
        """Send the next part of what a member missed; new entries wait for its end."""
        self._batch.frames_for((connection_id,)).extend(missed)
        # A shorter part is the last one: what comes after it is not for this member.
        is_lagging = len(missed) == BACKLOG_BATCH_MESSAGES and missed[-1].seq < self._sequencer.latest
        self.members.set_lag(member, missed[-1].seq if is_lagging else None)
        if is_lagging:
            self._batch.lagging.append(connection_id)

    def _remove(self, member: Member, reason: str, note: str = "") -> None:
        self._presence.remove(member, reason, note)
