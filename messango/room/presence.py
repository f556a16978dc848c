"""Who comes, goes and changes their name, and what the others and the host are told about it."""

from __future__ import annotations

from messango.protocol.frames import Left, Refused
from messango.protocol.leave_reasons import FOR_GOOD
from messango.room.arrival import Arrival
from messango.room.batch import Batch
from messango.room.files.shelf import FileShelf
from messango.room.host.host_events import JoinAttemptRefused, MemberLeft, MemberRenamed
from messango.room.member_reports import joined_event
from messango.room.members import Member, Members
from messango.room.welcome import joined_frame, renamed_frame


class Presence:
    """Changes the members, and fills the room's batch. For the room's thread, inside a batch."""

    def __init__(self, members: Members, batch: Batch, shelf: FileShelf) -> None:
        self._members = members
        self._batch = batch
        self._shelf = shelf

    def seat(self, arrival: Arrival, now_s: float, time_s: float) -> None:
        """Seat a member who is admitted, under a name that is available, and tell the others."""
        member = arrival.member
        arrival.take_over()
        self._members.assign_seat(member, arrival.connection_id, now_s)
        self._report(member, time_s)
        self.announce(member)

    def reserve(self, arrival: Arrival, expires_s: float, time_s: float, *, is_new: bool) -> None:
        """Keep the seat of a member who is admitted until they are connected.

        `is_new`: they were not in the room, so the others are told.
        """
        arrival.take_over()
        self._members.reserve_seat(arrival.member, expires_s)
        self._report(arrival.member, time_s)
        if is_new:
            self.announce(arrival.member)

    def _report(self, member: Member, time_s: float) -> None:
        member.joined_at_s = time_s
        self._batch.events.append(joined_event(self._members, member, resumed=False))

    def announce(self, member: Member) -> None:
        """Tell the others that a member is in the room now."""
        others = tuple(each for each in self._members.connected if each != member.connection_id)
        self._batch.send(others, joined_frame(self._members.person(member)))

    def rename(self, member: Member, name: str) -> None:
        """Give a member an available name; of those at other servers, their own hosts are told."""
        old = member.name
        self._members.rename(member, name)
        person = self._members.person(member)
        self._batch.send(self._members.connected, renamed_frame(person, old))
        if self._members.is_seated(member):
            self._batch.events.append(MemberRenamed(name, old, person.resembles))

    def moved(self, member: Member) -> None:
        """Tell the others at which server of a linked room a member is now, who was in the room before."""
        others = tuple(each for each in self._members.connected if each != member.connection_id)
        self._batch.send(others, renamed_frame(self._members.person(member), member.name))

    def remove(self, member: Member, reason: str, note: str = "") -> None:
        """Free a member's seat, here or at another server, and tell the others why."""
        is_ours = self._members.is_seated(member)
        if is_ours:
            self._members.release_seat(member)
        else:
            self._members.take_from_elsewhere(member)
        if reason in FOR_GOOD:
            self._shelf.abandon_uploads(member.id)
        self._batch.send(self._members.connected, Left(member.name, reason, member.id, note))
        if is_ours:  # The host of another server reads who leaves there.
            counts = len(self._members), self._members.seats
            self._batch.events.append(MemberLeft(member.name, reason, *counts, note))

    def refuse(self, arrival: Arrival, refusal: Refused) -> None:
        """Refuse somebody who has asked for a seat."""
        self.turn_away(arrival.connection_id, arrival.member.name, str(arrival.peer), refusal)

    def turn_away(self, connection_id: int, name: str, address: str, refusal: Refused) -> None:
        """Refuse a client, and close their connection."""
        self._batch.joins[connection_id] = False
        self._batch.close_connection(connection_id, refusal)
        self._batch.events.append(JoinAttemptRefused(address, name, refusal.reason))
