"""Takes what the stream has put in order: who came, went, was renamed, banned; and what was said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from messango.link.fold.acts import (
    AnyAct,
    Banned,
    Based,
    Came,
    Gone,
    LinkedPerson,
    Locked,
    Opened,
    Posted,
    Renamed,
    Silent,
    Unbanned,
)
from messango.link.fold.ordered import Ordered
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Refused
from messango.protocol.limits import RECONNECT_GRACE_S
from messango.room.admission import (
    REPLACED_NOTICE,
    AdmissionPolicy,
    banned_notice,
    kicked_notice,
    kicked_refusal,
    locked_refusal,
)
from messango.room.arrival import Arrival
from messango.room.batch import Batch
from messango.room.linked.asking import Asking, FreeNames
from messango.room.linked.link_notices import MOVED_NOTICE, link_down_refusal
from messango.room.linked.linked_bans import LinkedBans
from messango.room.linked.linked_posting import LinkedPosting
from messango.room.linked.replica import Replica
from messango.room.linked.room_ledger import Outcome
from messango.room.members import Member, Members, is_banned_by
from messango.room.presence import Presence


class ActTaker:
    """Does here what each ordered act says. For the room's thread, inside a batch.

    `offer` puts acts into the stream; `is_linked` is false while the room reads what it has missed. `arrived`
    are those who were admitted: they are seated and welcomed when all acts at hand are taken, so that their
    welcome has what was said by then, and nothing comes twice.
    """

    def __init__(
        self,
        room_name: Callable[[], str],
        members: Members,
        admission: AdmissionPolicy,
        presence: Presence,
        batch: Batch,
        posting: LinkedPosting,
        asking: Asking,
        names: FreeNames,
        bans: LinkedBans,
        replica: Replica,
        offer: Callable[[AnyAct], None],
        is_linked: Callable[[], bool],
    ) -> None:
        self._room_name = room_name
        self._members = members
        self._admission = admission
        self._presence = presence
        self._batch = batch
        self._posting = posting
        self._asking = asking
        self._names = names
        self._bans = bans
        self._replica = replica
        self._offer = offer
        self._server, self._life = replica.server, replica.life
        self._is_linked = is_linked
        #: Members whose seats end when the stream says so.
        self.leaving: set[str] = set()
        self.arrived: list[Arrival] = []
        #: The names that members have asked for, by their ids.
        self.wanted_names: dict[str, str] = {}
        #: What members read who are removed by this server, by their ids.
        self.closing_frames: dict[str, Closed] = {}

    def take(self, ordered: Ordered[Outcome], now_s: float, time_s: float) -> None:
        """Do what an act says, or what follows from its refusal."""
        act = ordered.act
        if isinstance(act, Posted):
            self._posting.take(self._batch, ordered)
        elif isinstance(act, Came) and ordered.refusal is None and ordered.server == self._server:
            self._came_here(act, ordered, now_s, time_s)
        elif ordered.refusal is None:
            if taken := _TAKEN.get(type(act)):
                taken(self, act, ordered, time_s)
        elif ordered.is_mine and (refused := _REFUSED.get(type(act))):
            refused(self, act, ordered.refusal, time_s)

    def confirm(self) -> None:
        """All that was taken is stored."""
        self._posting.confirm()

    def begin_again(self) -> None:
        """Nothing was taken: the stream comes from its beginning."""
        self.leaving.clear()
        self._posting.begin_again()

    def drop_unstored(self) -> None:
        """What was taken could not be stored: it comes again, but those who wait to come in do not."""
        self._posting.drop_unstored(self._batch)
        arrived, self.arrived = self.arrived, []
        for arrival in arrived:
            self._members.release_seat(arrival.member)
            self._presence.refuse(arrival, link_down_refusal(self._room_name()))

    # Acts that count.

    def _came_here(self, act: Came, ordered: Ordered[Outcome], now_s: float, time_s: float) -> None:
        person, member = act.person, self._members.by_hash(act.person.proof)
        arrival = self._asking.take(person.id) if ordered.is_mine else None
        if arrival is None:
            if member is not None and self._members.is_seated(member):
                if member.name != person.name:
                    # While the others took them for gone, somebody else got the name.
                    self._presence.rename(member, person.name)
            elif ordered.is_mine:
                # Who has asked is gone again.
                self._offer(Gone(person.id, error_codes.CONNECTION_BROKE))
            else:
                self._keep_seat(person, now_s)
            return
        was_present = self._members.take_from_elsewhere(arrival.member)
        arrival.member.name = person.name
        if ban := self._admission.bans.find([person.name], arrival.peer.host, person.proof, time_s):
            # It was in force before this act had its place in the order.
            notice = banned_notice(self._room_name(), ban, time_s)
            self._presence.refuse(arrival, Refused(notice.code, notice.reason, notice.hint))
            self._offer(Gone(person.id, error_codes.BANNED, ban.reason))
            return
        is_new = not was_present and not self._members.is_seated(arrival.member)
        self.leaving.discard(person.id)
        self._presence.reserve(arrival, now_s + RECONNECT_GRACE_S, time_s, is_new=is_new)
        if was_present:
            self._presence.moved(arrival.member)
        self.arrived.append(arrival)

    def _keep_seat(self, person: LinkedPerson, now_s: float) -> None:
        """Keep a seat for somebody who came to an earlier life of this server, which died before it knew."""
        member = self._known(person)
        was_present = self._members.take_from_elsewhere(member)
        member.name = person.name
        member.is_host = person.host
        self._members.reserve_seat(member, now_s + RECONNECT_GRACE_S)
        if not was_present:
            self._presence.announce(member)

    def _came_elsewhere(self, act: Came, ordered: Ordered[Outcome], _time_s: float) -> None:
        person = act.person
        self.leaving.discard(person.id)
        # While this server reads what it has missed, they may have come here after that.
        notice = REPLACED_NOTICE if self._is_linked() else MOVED_NOTICE
        if (arrival := self._asking.take(person.id)) is not None:
            self._batch.joins[arrival.connection_id] = False
            self._batch.close_connection(arrival.connection_id, notice)
        member = self._known(person)
        was_present = self._members.is_present(member)
        if member.connection_id is not None:
            self._batch.close_connection(member.connection_id, notice)
        if was_present and member.name != person.name:
            self._presence.rename(member, person.name)
        member.name = person.name
        member.is_host, member.is_guest_there = person.host, person.web
        former_server = member.server
        self._members.put_elsewhere(member, self._server_name(ordered.server))
        if not was_present:
            self._presence.announce(member)
        elif member.server != former_server:
            self._presence.moved(member)

    def _gone(self, act: Gone, ordered: Ordered[Outcome], time_s: float) -> None:
        (person,) = ordered.ruling.people
        if act.removed:
            self._admission.bans.add_kicked(person.proof)
        self.leaving.discard(person.id)
        member = self._members.by_hash(person.proof)
        if member is None or not self._members.is_present(member):
            return
        connection_id = member.connection_id
        self._presence.remove(member, act.reason, act.note)
        closing = self.closing_frames.pop(member.id, None)
        if connection_id is not None:
            self._batch.close_connection(connection_id, closing or self._closing_frame(member, act, time_s))

    def _closing_frame(self, member: Member, act: Gone, time_s: float) -> Closed:
        """Return what a member reads whom another server has removed."""
        host = member.peer.host if member.peer else ""
        if ban := self._admission.bans.find([member.name], host, member.session_hash, time_s):
            return banned_notice(self._room_name(), ban, time_s)
        # Whom an earlier life of this server took for gone is back meanwhile.
        return kicked_notice(self._room_name(), act.note) if act.removed else MOVED_NOTICE

    def _renamed(self, act: Renamed, ordered: Ordered[Outcome], _time_s: float) -> None:
        (person,) = ordered.ruling.people
        self.wanted_names.pop(person.id, None)
        member = self._members.by_hash(person.proof)
        if member is not None and self._members.is_present(member) and member.name != act.name:
            self._presence.rename(member, act.name)

    def _silent(self, act: Silent, ordered: Ordered[Outcome], _time_s: float) -> None:
        if (act.server, act.life) == (self._server, self._life):
            return  # The owner sees it in the roster, and comes back.
        # A server that closes declares itself gone.
        reason = error_codes.LEFT if ordered.server == act.server else error_codes.CONNECTION_BROKE
        for person in ordered.ruling.people:
            member = self._members.by_hash(person.proof)
            if member is not None and self._members.is_present(member):
                self._presence.remove(member, reason)

    def _banned(self, act: Banned, _ordered: Ordered[Outcome], time_s: float) -> None:
        """Ban; each server removes those of its own members whom the ban means."""
        ban = self._bans.take_ban(act)
        for member in self._members:
            if not member.server and is_banned_by(ban, member):
                self.closing_frames[member.id] = banned_notice(self._room_name(), ban, time_s)
                self._offer(Gone(member.id, error_codes.BANNED, ban.reason))

    def _unbanned(self, _act: Unbanned, ordered: Ordered[Outcome], _time_s: float) -> None:
        self._bans.take_lifted(ordered.ruling.lifted)

    def _locked(self, act: Locked, _ordered: Ordered[Outcome], _time_s: float) -> None:
        self._admission.locked = act.on

    def _based(self, act: Based, _ordered: Ordered[Outcome], _time_s: float) -> None:
        """The members of the room as it was before may return, here too."""
        for person in act.people:
            if self._members.by_hash(person.proof) is None:
                self._members.remember(member_of(person))

    def _opened(self, act: Opened, _ordered: Ordered[Outcome], _time_s: float) -> None:
        """A server may have another name now."""
        for known in self._replica.roster.people.present():
            if known.server == act.server.id != self._server:
                member = self._members.by_hash(known.person.proof)
                if member is not None and member.server != act.server.name:
                    member.server = act.server.name
                    self._presence.moved(member)

    # Own acts that were refused.

    def _came_refused(self, act: Came, refusal: str, time_s: float) -> None:
        arrival = self._asking.find(act.person.id) or self._returning(act.person)
        if arrival is None or refusal == "not-here":
            return  # The owner opens this server again, and asks for all who wait.
        again = self._asking.act(arrival, time_s)
        if refusal == "name-taken" and again.person.name != act.person.name:
            self._offer(again)
            return
        self._asking.take(act.person.id)
        self._presence.refuse(arrival, _refused(self._room_name(), refusal))

    def _gone_refused(self, act: Gone, _refusal: str, _time_s: float) -> None:
        """The stream does not have them here, so a seat on which nobody sits is free."""
        self.leaving.discard(act.member)
        member = self._members.by_id(act.member)
        if member is not None and self._members.is_seated(member) and member.connection_id is None:
            self._presence.remove(member, act.reason, act.note)

    def _returning(self, person: LinkedPerson) -> Arrival | None:
        """Return a member who is here, and whom the others took for gone."""
        member = self._members.by_hash(person.proof)
        if member is None or member.peer is None or not self._members.is_seated(member):
            return None
        return Arrival(member, member.connection_id or -1, member.peer, None, 0, member.is_host)

    def _renamed_refused(self, act: Renamed, refusal: str, _time_s: float) -> None:
        member = self._members.by_id(act.member)
        if member is None or not self._members.is_seated(member):
            return
        name, key = self._names.find(self.wanted_names.get(member.id, act.name), member)
        if refusal == "name-taken" and name != act.name:
            self._offer(Renamed(member.id, name, key))

    # What is stored.

    def own_acts(self, time_s: float) -> list[AnyAct]:
        """Return the acts by which those who are here, and those who ask, come to this life of the server."""
        roster = self._replica.roster.people
        here = [
            Arrival(member, -1, member.peer, None, 0, member.is_host)
            for member in self._members
            if not member.server and member.peer is not None and roster.find_present(member.id) is None
        ]
        return [self._asking.act(arrival, time_s) for arrival in (*here, *self._asking)]

    def load_roster(self, now_s: float) -> None:
        """Have the people and bans that are stored; who was here before a restart keeps a seat a while."""
        roster = self._replica.roster
        self._bans.load(roster.restrictions)
        self._admission.locked = roster.restrictions.is_locked
        for known in [*roster.people.away(), *roster.people.present()]:
            member = self._members.by_hash(known.person.proof) or member_of(known.person)
            if known.server and known.server != self._server:
                self._known_elsewhere(known.person, known.server)
            elif self._members.is_seated(member):
                if known.server and member.name != known.person.name:
                    self._members.rename(member, known.person.name)
                elif not known.server and member.connection_id is None:
                    self._members.release_seat(member)
            elif known.server:
                self._members.reserve_seat(member, now_s + RECONNECT_GRACE_S)
            else:
                self._members.take_from_elsewhere(member)
                self._members.remember(member)

    def _known_elsewhere(self, person: LinkedPerson, server: str) -> None:
        """Have somebody at another server, as the roster says, without telling anybody."""
        member = self._known(person)
        member.name = person.name
        member.is_host, member.is_guest_there = person.host, person.web
        self._members.put_elsewhere(member, self._server_name(server))

    def _known(self, person: LinkedPerson) -> Member:
        return self._members.by_hash(person.proof) or member_of(person)

    def _server_name(self, server: str) -> str:
        """Return what people call a server."""
        known = self._replica.roster.servers.find(server)
        return known.card.name if known else "another server"


def member_of(person: LinkedPerson) -> Member:
    """Return somebody of whom only the stream has told."""
    return Member(
        person.name,
        id=person.id,
        session="",
        session_hash=person.proof,
        was_encrypted=person.encrypted,
        is_host=person.host,
        is_guest_there=person.web,
    )


def _refused(room: str, refusal: str) -> Refused:
    if refusal == "locked":
        return locked_refusal()
    if refusal == "banned":
        return kicked_refusal(room)
    return Refused(error_codes.BUSY, "The room could not take you in just now.", "Try again.")


_TAKEN: Final[dict[type[Any], Callable[..., None]]] = {
    Came: ActTaker._came_elsewhere,
    Gone: ActTaker._gone,
    Renamed: ActTaker._renamed,
    Silent: ActTaker._silent,
    Banned: ActTaker._banned,
    Unbanned: ActTaker._unbanned,
    Locked: ActTaker._locked,
    Opened: ActTaker._opened,
    Based: ActTaker._based,
}
_REFUSED: Final[dict[type[Any], Callable[..., None]]] = {
    Came: ActTaker._came_refused,
    Renamed: ActTaker._renamed_refused,
    Gone: ActTaker._gone_refused,
}
