"""The room: decides order, names and seats, and who hears what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from messango import __version__
from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Join,
    Joined,
    Left,
    Message,
    Problem,
    Refused,
    Rename,
    Renamed,
    RoomInfo,
    Say,
    Typing,
    TypingNotice,
)
from messango.protocol.limits import MAX_BACKLOG_MESSAGES, PROTOCOL_VERSION, TYPING_INTERVAL_S
from messango.protocol.validation import HOST_MEMBER_ID, HOST_NAME, clean_name, text_error
from messango.room.admission import AdmissionPolicy, closing_notice
from messango.room.bans import Bans
from messango.room.batch import (
    Batch,
    HistoryStateChanged,
    JoinAttemptRefused,
    MemberDisconnected,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
)
from messango.room.history import RETRY_S, History, StorageProblem
from messango.room.members import MAX_SESSIONS, Member, Members
from messango.room.remote_peer import Peer
from messango.room.sequencer import Sequencer
from messango.room.welcome import welcome_frames

#: Somebody who missed much is given so many messages at a time, and the next when it has read those.
BACKLOG_BATCH_MESSAGES: Final = 200


class Room:
    """One conversation. Calls come in rounds: `begin_batch`, then any of the others, then `end_batch`.

    A connection is known by its `connection_id`, a number that its owner chose and never uses twice.
    What was said is stored in `end_batch`, before anybody is given it.
    """

    def __init__(
        self, room_id: str, name: str, seats: int, history: History, bans: Bans | None = None
    ) -> None:
        self.id = room_id
        self.name = name
        self.locked = False
        #: Who has a seat, and who may come back; and what decides who may come in.
        self.members = Members(seats, history.sessions(MAX_SESSIONS))
        self.admission = AdmissionPolicy(self.members, bans or Bans())
        self._history = history
        self._storage_problem = history.problem
        #: Whether messages are in memory alone that can still be written: that needs a round, also when
        #: nobody speaks.
        self._has_unsaved_messages = False
        self._sequencer = Sequencer(history)
        self._batch = Batch()
        self._now_s = 0.0
        #: When this round began, in seconds since 1970 UTC.
        self.time_s = 0.0

    def room_info(self) -> RoomInfo:
        """Return what anybody may know."""
        return RoomInfo(
            protocol=PROTOCOL_VERSION,
            id=self.id,
            name=self.name,
            version=__version__,
            members=len(self.members),
            seats=self.members.seats,
            locked=self.locked or self.admission.locked,
            history=self._history.is_persistent,
        )

    def names(self) -> list[str]:
        """Return the members' names in the order in which they came."""
        return self.members.names()

    def next_deadline_s(self) -> float | None:
        """Return when the next round is due at the latest, on the clock of `begin_batch`'s `now_s`."""
        deadlines_s = [member.seat_expires_s for member in self.members.disconnected()]
        if self._has_unsaved_messages:
            deadlines_s.append(self._now_s + RETRY_S)
        return min(deadlines_s, default=None)

    def begin_batch(self, now_s: float, time_s: float) -> None:
        """Begin a round at `now_s` of a clock that never jumps; `time_s` is seconds since 1970 UTC."""
        self._now_s, self.time_s = now_s, time_s
        for member in self.members.disconnected():
            if member.seat_expires_s <= now_s:
                self._remove(member, error_codes.CONNECTION_BROKE)

    def end_batch(self) -> Batch:
        """Store what was said and return who is to be told what."""
        self._sequencer.commit()
        self._has_unsaved_messages = self._history.flush_pending(self.time_s)
        self._save_sessions()
        self._report_history_state()
        finished, self._batch = self._batch, Batch()
        return finished

    def join(self, connection_id: int, join: Join, peer: Peer) -> bool:
        """Let somebody in, or refuse; true when in."""
        member = self.members.by_session(join.session, encrypted=peer.encrypted)
        if refusal := self.admission.join_refusal(self.name, join, member, peer, self.time_s):
            self._refuse(connection_id, join.name, refusal)
            return False
        if member is not None and self.members.is_seated(member):
            member.peer = peer
            self._resume(member, connection_id)
        else:
            try:
                newcomer = Member(clean_name(join.name))
            except BadName as error:
                self._refuse(connection_id, join.name, Refused(error_codes.BAD_NAME, str(error), error.hint))
                return False
            returning, member = member is not None, member or newcomer
            member.peer = peer
            if not self._admit(member, connection_id, returning=returning):
                return False
        self._welcome(member, connection_id, join.since)
        return True

    def post_messages(self, connection_id: int, messages: Sequence[Say]) -> None:
        """Accept messages in this order, their texts clean (`protocol.text.clean_text`).

        One known by its id is answered by what is stored of it.
        """
        member = self.members.by_connection(connection_id)
        if member is None:
            return
        ids = [say.id for say in messages]
        texts = [say.text for say in messages]
        duplicates = self._sequencer.find_duplicates(member.id, ids)
        errors = [error for text in texts if (error := text_error(text))]
        if len(messages) > 1 and (duplicates or errors or len({*ids}) < len(ids)):
            # Rare: each is then answered by itself, in its turn.
            for say in messages:
                self.post_messages(connection_id, [say])
        elif errors:
            hint = "Shorten it, or send it in parts."
            self._batch.send((connection_id,), Problem(error_codes.BAD_TEXT, errors[0], hint, ids[0]))
        elif duplicates:
            self._resend_receipt(member, connection_id, duplicates[ids[0]])
        else:
            new_messages = self._sequencer.assign_seqs(
                member.id, member.name, self.time_s, zip(ids, texts, strict=True)
            )
            self._batch.frames_for(self.members.caught_up).extend(new_messages)

    def _resend_receipt(self, member: Member, connection_id: int, message: Message) -> None:
        """Give a receipt for what was accepted before; who is behind gets it with the rest that it missed."""
        if member.last_delivered_seq is None or message.seq <= member.last_delivered_seq:
            self._batch.send((connection_id,), message)

    def rename(self, connection_id: int, rename: Rename) -> None:
        """Call a member otherwise, with ` 2`... where the name is taken."""
        member = self.members.by_connection(connection_id)
        if member is None:
            return
        try:
            wanted = self.admission.check_name(clean_name(rename.name), self.time_s)
        except BadName as error:
            self._batch.send((connection_id,), Problem(error_codes.BAD_NAME, str(error), error.hint))
            return
        old, member.name = member.name, self.members.free_name(wanted, exclude=member)
        if member.name != old:
            self._batch.send(self.members.connected, Renamed(member.name, old))
            self._batch.events.append(MemberRenamed(member.name, old))
            self.members.mark_unsaved(member)

    def typing(self, connection_id: int, _typing: Typing) -> None:
        """Tell the others that a member is typing, not too often."""
        member = self.members.by_connection(connection_id)
        if member is not None and self._now_s - member.last_typing_s >= TYPING_INTERVAL_S:
            member.last_typing_s = self._now_s
            self._batch.send(self._others(connection_id), TypingNotice(member.name))

    def send_backlog(self, connection_id: int) -> None:
        """Give a member who is behind the next of what it missed; for when it has read the last."""
        member = self.members.by_connection(connection_id)
        if member is None or member.last_delivered_seq is None:
            return
        self._sequencer.commit()
        missed = self._history.since(member.last_delivered_seq, BACKLOG_BATCH_MESSAGES)
        self._batch.frames_for((connection_id,)).extend(missed)
        self._update_lag(member, connection_id, missed)

    def disconnect(self, connection_id: int, silent_s: float = 0.0) -> None:
        """A connection broke after a silence: the seat is kept from its last byte on, nobody is told yet."""
        member = self.members.by_connection(connection_id)
        if member is not None:
            self.members.disconnect(member, self._now_s - silent_s)
            self._batch.events.append(MemberDisconnected(member.name))

    def leave(self, connection_id: int, reason: str) -> None:
        """A member goes for good; the others are told `reason`."""
        member = self.members.by_connection(connection_id)
        if member is not None:
            self._remove(member, reason)
            self._batch.close_connection(connection_id)

    def kick(self, member: Member, closing_frame: Closed, reason: str) -> None:
        """Part with a member whom the host wants out; the others are told `reason`."""
        connection_id = member.connection_id
        self._remove(member, reason)
        if connection_id is not None:
            self._batch.close_connection(connection_id, closing_frame)

    def announce(self, text: str) -> None:
        """Say a text, clean and not too long, as the host: no member can have that name."""
        message_id = secrets.token_hex(8)
        (message,) = self._sequencer.assign_seqs(HOST_MEMBER_ID, HOST_NAME, self.time_s, [(message_id, text)])
        self._batch.send(self.members.caught_up, message)

    def close(self) -> None:
        """End the room for everybody."""
        self.admission.closed = True
        for connection_id in self.members.connected:
            self._batch.close_connection(connection_id, closing_notice(self.name))
        for member in [*self.members]:
            self.members.release_seat(member)

    def _others(self, connection_id: int) -> tuple[int, ...]:
        return tuple(other for other in self.members.connected if other != connection_id)

    def _save_sessions(self) -> None:
        """Have sessions in the history before anybody is given one."""
        if self.members.unsaved:
            sessions = [member.saved_session for member in self.members.unsaved.values()]
            self.members.unsaved = {}
            self._history.save_sessions(sessions, self.time_s)

    def _report_history_state(self) -> None:
        """Say once that messages are not kept, and once that they are again."""
        problem, self._storage_problem = self._storage_problem, self._history.problem
        if self._storage_problem == problem:
            return
        self._batch.events.append(HistoryStateChanged(self._storage_problem))
        if self._storage_problem is not None:
            self._batch.send(self.members.connected, _not_kept_problem(self._storage_problem))

    def _resume(self, member: Member, connection_id: int) -> None:
        """Seat a returning member again; an older connection of the same session goes."""
        if member.connection_id is not None:
            closing_frame = Closed(
                error_codes.REPLACED,
                "You have joined from another connection.",
                "This one has ended; go on in the other.",
            )
            self._batch.close_connection(member.connection_id, closing_frame)
        self.members.assign_seat(member, connection_id, self._now_s)
        self._batch.events.append(
            MemberJoined(connection_id, member.name, resumed=True, encrypted=member.encrypted)
        )

    def _admit(self, member: Member, connection_id: int, *, returning: bool) -> bool:
        """Seat somebody new, or somebody known whose seat was given up; false where there is none."""
        if refusal := self.admission.seat_refusal(self.name, self._now_s, returning=returning):
            self._refuse(connection_id, member.name, refusal)
            return False
        if self.members.full and (reclaimable := self.members.reclaimable_seat(self._now_s)):
            self._remove(reclaimable, error_codes.CONNECTION_BROKE)
        member.name = self.members.free_name(member.name)
        self.members.assign_seat(member, connection_id, self._now_s)
        member.joined_at_s = self.time_s
        self._batch.send(self._others(connection_id), Joined(member.name, member.encrypted))
        self._batch.events.append(
            MemberJoined(connection_id, member.name, resumed=False, encrypted=member.encrypted)
        )
        return True

    def _refuse(self, connection_id: int, name: str, refusal: Refused) -> None:
        self._batch.close_connection(connection_id, refusal)
        self._batch.events.append(JoinAttemptRefused(connection_id, name, refusal))

    def _welcome(self, member: Member, connection_id: int, since: int | None) -> None:
        # What was said earlier in this round reaches the newcomer as history, so it must be there.
        self._sequencer.commit()
        if since is not None and since > self._history.latest:
            # It has heard more than was ever said here: in another life of this room.
            since = None
        frames = self._batch.frames_for((connection_id,))
        frames += welcome_frames(self.room_info(), member, [*self.members], self._history)
        if self._storage_problem is not None:
            frames.append(_not_kept_problem(self._storage_problem))
        if since is None:
            frames += self._history.last(MAX_BACKLOG_MESSAGES)
            self.members.set_lag(member, None)
        else:
            missed = self._history.since(since, BACKLOG_BATCH_MESSAGES)
            frames += missed
            self._update_lag(member, connection_id, missed)

    def _update_lag(self, member: Member, connection_id: int, missed: Sequence[Message]) -> None:
        """Note up to where a member has heard; what is said meanwhile it is given with the rest it missed."""
        is_lagging = bool(missed) and missed[-1].seq < self._sequencer.latest
        self.members.set_lag(member, missed[-1].seq if is_lagging else None)
        if is_lagging:
            self._batch.lagging.append(connection_id)

    def _remove(self, member: Member, reason: str) -> None:
        self.members.release_seat(member)
        self._batch.send(self.members.connected, Left(member.name, reason))
        self._batch.events.append(MemberLeft(member.name, reason))


def _not_kept_problem(problem: StorageProblem) -> Problem:
    return Problem(error_codes.NOT_KEPT, problem.reason, problem.hint)
