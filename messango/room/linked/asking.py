"""Those who have asked for a seat in a linked room, and wait until the stream has put them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from messango.link.fold.acts import Came, LinkedPerson
from messango.link.fold.people import People
from messango.protocol.text.validation import normalized_name, numbered_name
from messango.room.arrival import Arrival
from messango.room.members import Member, Members


class FreeNames:
    """Finds a name that is free both as this server compares names, and by the keys in the stream."""

    def __init__(self, members: Members, people: Callable[[], People]) -> None:
        """`people` returns those of the stream."""
        self._members = members
        self._people = people

    def find(self, wanted: str, member: Member) -> tuple[str, str]:
        """Return the name that a member gets who wants this one, and its key."""
        own = member if self._members.is_present(member) else None
        name, number = self._members.available_name(wanted, exclude=own), 1
        while self._people().holder_of(key := normalized_name(name)) not in (None, member.id):
            number += 1
            name = numbered_name(wanted, number)
        return name, key


class Asking:
    """Arrivals by the ids of their members; each asks at one connection at a time."""

    def __init__(self, names: FreeNames) -> None:
        self._names = names
        self._arrivals: dict[str, Arrival] = {}
        self._newcomers: set[str] = set()

    def __len__(self) -> int:
        return len(self._arrivals)

    def __iter__(self) -> Iterator[Arrival]:
        return iter([*self._arrivals.values()])

    def add(self, arrival: Arrival, *, newcomer: bool) -> Arrival | None:
        """Let somebody wait; returns the same member's earlier arrival, which is over."""
        former = self._arrivals.pop(arrival.member.id, None)
        self._arrivals[arrival.member.id] = arrival
        if newcomer:
            self._newcomers.add(arrival.member.id)
        return former

    def act(self, arrival: Arrival, time_s: float) -> Came:
        """Return what to propose, with a name that is free as far as this server knows."""
        member = arrival.member
        name, key = self._names.find(member.name, member)
        person = LinkedPerson(
            member.id,
            name,
            key,
            member.session_hash,
            encrypted=arrival.peer.encrypted,
            web=arrival.peer.browser,
            host=arrival.is_host,
        )
        return Came(person, time_s, newcomer=member.id in self._newcomers)

    def take(self, member_id: str) -> Arrival | None:
        """Return the arrival of this member, who waits no more, or None."""
        self._newcomers.discard(member_id)
        return self._arrivals.pop(member_id, None)

    def find(self, member_id: str) -> Arrival | None:
        """Return the arrival of this member, if they wait."""
        return self._arrivals.get(member_id)

    def cancel(self, connection_id: int) -> None:
        """Nobody waits at this connection any more."""
        for member_id, arrival in [*self._arrivals.items()]:
            if arrival.connection_id == connection_id:
                self.take(member_id)
