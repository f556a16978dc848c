"""A room that several servers serve together: what is decided here comes back from their stream."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import structs

from messango.link.fold.acts import AnyAct, Gone, Locked, Opened, Renamed, Silent
from messango.link.fold.link import Alive, ForkFound, Link, LinkState, MemberTyping, Note
from messango.link.fold.stream_entry import Place
from messango.protocol import error_codes
from messango.protocol.features import LINK
from messango.protocol.frames import Closed, Join, RoomInfo, ServerCard, Typing, TypingNotice
from messango.protocol.limits import RECONNECT_GRACE_S
from messango.room.admission import REPLACED_NOTICE
from messango.room.arrival import Arrival
from messango.room.bans import Ban, Bans
from messango.room.batch import Batch
from messango.room.files.shelf import NO_SHELF, FileShelf
from messango.room.history.file.replica_history import ReplicaHistory, StorageFailed
from messango.room.host.host_events import ServerWarning
from messango.room.host.link_report import EngineReport, LinkReport
from messango.room.linked.act_taker import ActTaker
from messango.room.linked.asking import Asking, FreeNames
from messango.room.linked.early_joins import EarlyJoin, EarlyJoins
from messango.room.linked.follower import FORKED_HINT, Beginning, Follower
from messango.room.linked.link_notices import (
    LINK_BACK,
    RELINKED_NOTICE,
    link_back_frame,
    link_down_frame,
    link_down_refusal,
    link_down_warning,
    require_link,
    server_closing_notice,
)
from messango.room.linked.link_watch import LinkWatch
from messango.room.linked.linked_bans import LinkedBans
from messango.room.linked.linked_posting import LinkedPosting
from messango.room.linked.replica import Replica
from messango.room.linked.report import report_of
from messango.room.members import Member, is_banned_by
from messango.room.moderation_error import ModerationError
from messango.room.peer import Peer
from messango.room.room import Room

#: With so much on its way to the stream, no more is read from members until some of it has come back.
CONGESTION_BYTES: Final = 2_000_000


class LinkedRoom(Room):
    """A `Room` whose decisions are acts: they are offered to the link, and done when the stream brings them.

    Give it its link by `attach`. `place` and `last_raw_digest` are for any thread.
    """

    def __init__(
        self,
        card: ServerCard,
        life: str,
        link_id: str,
        name: str,
        seats: int,
        history: ReplicaHistory,
        now_s: float,
        bans: Bans | None = None,
        shelf: FileShelf = NO_SHELF,
        *,
        may_found: bool = True,
    ) -> None:
        """`card` is this server, whose id is the room's here. `may_found`: it may write the beginning.

        Its own `bans` are then the first of the room.
        """
        super().__init__(card.id, name, seats, history, None, shelf)
        self.now_s = now_s
        self.link_id = link_id
        self._card = card
        replica = Replica(history, shelf, card.id, life)
        self._sequencer = replica.sequencer
        self._watch = LinkWatch(now_s)
        self._names = FreeNames(self.members, lambda: replica.roster.people)
        self._asking = Asking(self._names)
        self._early = EarlyJoins(
            lambda: self._sequencer.latest,
            lambda asked: self.member_of(asked.join, asked.peer) is not None,
            lambda: self._watch.state.up,
        )
        self._bans = LinkedBans(self.admission.bans)
        first_acts = [self._bans.act(ban) for ban in bans or ()]
        self._posting = posting = LinkedPosting(
            self.members, replica, shelf, self._offer, lambda: self._watch.is_down_told
        )
        self._taker = ActTaker(
            lambda: self.name,
            self.members,
            self.admission,
            self._presence,
            self._batch,
            posting,
            self._asking,
            self._names,
            self._bans,
            replica,
            self._offer,
            lambda: self._watch.state.up,
        )
        self._follower = Follower(
            replica,
            self._watch,
            self._taker,
            card,
            life,
            Beginning(link_id, name, first_acts) if may_found else None,
            lambda: self._taker.own_acts(self.time_s),
            lambda: self._taker.load_roster(self.now_s),
        )
        self._taker.load_roster(now_s)

    # For any thread.

    @property
    def life(self) -> str:
        """What tells this start of the server from others."""
        return self._follower.life

    @property
    def place(self) -> Place:
        """How far this server has stored what it made of the stream."""
        return self._follower.replica.stored_place

    @property
    def last_raw_digest(self) -> str:
        """The digest of the stream's entry at that place."""
        return self._follower.replica.stored_digest

    def other_servers(self) -> list[str]:
        """Return the ids of the other servers that the room has had, also if they are gone."""
        ids = self._follower.replica.roster.servers.ids()
        return [server for server in ids if server != self._card.id]

    # What comes from the link.

    def attach(self, link: Link, engine: Callable[[], EngineReport] = lambda: EngineReport("")) -> None:
        """Use this link, which is started afterwards; `engine` returns what is known of its other end."""
        self._follower.link = link
        self._engine = engine

    @property
    def is_congested(self) -> bool:
        """Whether members should wait until what they have said is in the stream."""
        return not self._watch.is_down_told and self._follower.link.waiting_bytes > CONGESTION_BYTES

    def change_link(self, state: LinkState) -> None:
        """The link is up or down."""
        self._follower.change_link(state, self.now_s)
        self._let_in(self._early.take_due())

    def take(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Take entries of the stream, each with its number there."""
        self._follower.take(entries, self.now_s, self.time_s)
        arrived, self._taker.arrived = self._taker.arrived, []
        for arrival in arrived:
            if self.members.is_seated(arrival.member):
                self.members.assign_seat(arrival.member, arrival.connection_id, self.now_s)
                self._welcome(arrival)
        self._let_in(self._early.take_due())
        self._follower.open_if_due()

    def change_card(self, card: ServerCard) -> None:
        """This server has other addresses now."""
        if card != self._card:
            self._card = self._follower.card = card
            if self._follower.is_ready:
                self._offer(Opened(card))

    def hear(self, note: Note) -> None:
        """Another server has told something beside the stream."""
        if isinstance(note, Alive):
            self._watch.hear(note.server, self.now_s)
        elif isinstance(note, MemberTyping):
            self._show_typing(note)
        elif isinstance(note, ForkFound) and note.other == self._card.id:
            self._batch.events.append(ServerWarning(f"{note.reason} {FORKED_HINT}"))

    def _offer(self, *acts: AnyAct) -> None:
        self._follower.offer(*acts)

    # Batches.

    def room_info(self) -> RoomInfo:
        info = super().room_info()
        return structs.replace(info, features=(*info.features, LINK), link=self.link_id)

    def next_deadline_s(self) -> float | None:
        servers = self._follower.replica.roster.servers
        deadlines_s = [
            super().next_deadline_s(),
            self._follower.reload_at_s,
            self._early.next_deadline_s(),
            self._watch.next_deadline_s(servers, self._card.id),
        ]
        if (ends_s := self._bans.next_end_s()) is not None:
            deadlines_s.append(self.now_s + max(0.0, ends_s - self.time_s))
        return min((each for each in deadlines_s if each is not None), default=None)

    def begin_batch(self, now_s: float, time_s: float) -> None:
        super().begin_batch(now_s, time_s)
        self._follower.reload_if_due(now_s, time_s)
        if self._watch.is_notice_due(now_s):
            self._tell_about_link()
        self._let_in(self._early.take_expired(now_s))
        if not self._follower.is_ready:
            return
        servers = self._follower.replica.roster.servers
        for server, life in self._watch.take_silent(servers, self._card.id, now_s):
            self._offer(Silent(server, life))
        if (ended := self._bans.ended(time_s)) is not None:
            self._offer(ended)

    def end_batch(self) -> Batch:
        # Before anything is stored, so that it is under way meanwhile.
        self._follower.send_offered()
        return super().end_batch()

    def _tell_about_link(self) -> None:
        """Tell members and host that the link is down or back; newcomers wait no longer."""
        is_down = self._watch.is_down_told = not self._watch.state.up
        self._batch.send(self.members.connected, link_down_frame() if is_down else link_back_frame())
        self._batch.events.append(link_down_warning(self._watch.state) if is_down else LINK_BACK)
        if is_down:
            for asked in self._early.take_expired(math.inf):
                self._presence.turn_away(*asked.described, link_down_refusal(self.name))
            for arrival in self._asking:
                self._asking.take(arrival.member.id)
                self._presence.refuse(arrival, link_down_refusal(self.name))

    def _commit(self) -> None:
        self._follower.commit(self.now_s)

    def _report_history_state(self) -> None:
        """Pass on what the host should read; that nothing can be stored is told as a link that is down."""
        self._batch.events += [ServerWarning(notice) for notice in self._history.notices]
        self._history.notices.clear()

    # What members and the host do.

    def _has_seat(self, member: Member) -> bool:
        return super()._has_seat(member) and member.id not in self._taker.leaving

    def join(self, connection_id: int, join: Join, peer: Peer, password_generation: int = 0) -> None:
        asked = EarlyJoin(connection_id, join, peer, password_generation)
        if not self._early.is_early(asked):
            super().join(*asked)
        elif self._watch.is_down_told:
            self._presence.turn_away(*asked.described, link_down_refusal(self.name))
        else:
            self._early.hold(asked, self.now_s)

    def _let_in(self, those: Sequence[EarlyJoin]) -> None:
        for asked in those:
            super().join(*asked)

    def _resume(self, arrival: Arrival) -> None:
        super()._resume(arrival)
        if self._watch.is_down_told:
            self._batch.send((arrival.connection_id,), link_down_frame())

    def _ask_for_seat(self, arrival: Arrival, *, returning: bool) -> None:
        """Propose that somebody comes; those who wait for a seat count as seated."""
        if self._watch.is_down_told:
            self._presence.refuse(arrival, link_down_refusal(self.name))
            return
        refusal = self.admission.seat_refusal(
            self.name, self.now_s, returning=returning, asking=len(self._asking)
        )
        if refusal is not None:
            self._presence.refuse(arrival, refusal)
            return
        if self.members.full and (reclaimable := self.members.reclaimable_seat(self.now_s)):
            self._remove(reclaimable, error_codes.CONNECTION_BROKE)
        former = self._asking.add(arrival, newcomer=not returning)
        if former is not None:
            self._batch.joins[former.connection_id] = False
            self._batch.close_connection(former.connection_id, REPLACED_NOTICE)
        if self._follower.takes_offers:
            self._offer(self._asking.act(arrival, self.time_s))

    def disconnect(self, connection_id: int, silent_s: float = 0.0) -> None:
        self._asking.cancel(connection_id)
        self._early.cancel(connection_id)
        super().disconnect(connection_id, silent_s)

    def leave(self, connection_id: int, reason: str) -> None:
        self._asking.cancel(connection_id)
        self._early.cancel(connection_id)
        member = self.members.by_connection(connection_id)
        if member is not None:
            self._remove(member, reason)
            self._batch.close_connection(connection_id)
            self._free(member)

    def _free(self, member: Member) -> None:
        """The stream ends a seat whose connection is closed, and not the time."""
        self.members.disconnect(member, self.now_s)
        member.seat_expires_s = math.inf

    def _remove(self, member: Member, reason: str, note: str = "") -> None:
        """Propose that a member is gone, once; a seat is kept while the others can't be told of its end."""
        if reason == error_codes.CONNECTION_BROKE and not self._follower.is_ready:
            member.seat_expires_s = self.now_s + RECONNECT_GRACE_S
        elif member.id not in self._taker.leaving:
            self._taker.leaving.add(member.id)
            member.seat_expires_s = math.inf
            self._offer(Gone(member.id, reason, note))

    def _call(self, member: Member, wanted: str) -> None:
        self._taker.wanted_names[member.id] = wanted
        self._offer(Renamed(member.id, *self._names.find(wanted, member)))

    def on_typing(self, connection_id: int, typing: Typing) -> None:
        member = self.members.by_connection(connection_id)
        last_s = member.last_typing_s if member else 0.0
        super().on_typing(connection_id, typing)
        if member is not None and member.last_typing_s != last_s:
            self._follower.link.notify(MemberTyping(self._card.id, member.id, typing.to))

    def _show_typing(self, note: MemberTyping) -> None:
        member = self.members.by_id(note.member)
        if member is None or not member.server:
            return
        readers = self.members.caught_up_among({note.to}) if note.to else self.members.connected
        self._batch.send(readers, TypingNotice(member.name, member.id, private=bool(note.to)))

    def kick(self, member: Member, closing_frame: Closed, note: str) -> None:
        self._require_link()
        self._taker.closing_frames[member.id] = closing_frame
        self._offer(Gone(member.id, closing_frame.code, note, removed=True))

    def dismiss(self, member: Member, closing_frame: Closed) -> None:
        """Send away a member of this server, for which it needs no other one: those read it when they can."""
        if member.server:
            return
        self._remove(member, closing_frame.code)
        if member.connection_id is not None:
            self._batch.close_connection(member.connection_id, closing_frame)
            self._free(member)

    def add_ban(self, ban: Ban) -> list[Member]:
        self._require_link()
        self._offer(self._bans.act(ban))
        return [member for member in self.members if is_banned_by(ban, member)]

    def remove_bans(self, target: str) -> list[Ban]:
        self._require_link()
        if bans := self.admission.bans.matching(target):
            self._offer(self._bans.lifting(bans))
        return bans

    def set_locked(self, *, on: bool) -> None:
        self._require_link()
        self._offer(Locked(on))

    def announce(self, text: str) -> None:
        self._require_link()
        super().announce(text)

    def _require_link(self) -> None:
        require_link(is_ready=self._follower.is_ready)

    def link_report(self) -> LinkReport:
        """Return what the host reads about the link."""
        return report_of(self._follower, self._engine(), self.now_s, self.time_s)

    def _closing_notice(self) -> Closed:
        return server_closing_notice(self.name)

    def relink(self) -> Path | None:
        """Make this server's copy again, and return where the old one is; raises `ModerationError`."""
        self._follower.require_readable()
        for member in [*self.members]:
            if member.connection_id is not None:
                self._batch.close_connection(member.connection_id, RELINKED_NOTICE)
                self.members.disconnect(member, self.now_s)
        try:
            return self._follower.relink(f"forked-{self.time_s:.0f}", self.now_s, self.time_s)
        except StorageFailed as failed:
            raise ModerationError(str(failed.problem)) from failed

    def depart(self, done: Callable[[], None]) -> None:
        """Let the other servers know that this one closes; `done` is called when they do, or can't."""
        self._follower.depart(done)

    def _servers(self) -> tuple[ServerCard, ...]:
        cards = [server.card for server in self._follower.replica.roster.servers]
        return (self._card, *(card for card in cards if card.id != self._card.id))
