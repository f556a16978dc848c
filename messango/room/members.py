"""Who is in: seats, names, sessions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from messango.protocol.limits import RECONNECT_GRACE_S
from messango.protocol.validation import normalized_name, numbered_name
from messango.room.history import SavedSession
from messango.room.remote_peer import Peer

#: Sessions of people who have gone are remembered, so that they come back as themselves; the oldest
#: are forgotten beyond this number.
MAX_SESSIONS: Final = 1_000


#: The letters of names with which a member would pass for the host, whatever signs stand around them.
_RESERVED_NAMES: Final = frozenset({"host", "ihost"})


@dataclass(slots=True)
class Member:
    """Somebody with a seat: present by `connection_id`, or away (None) until `seat_expires_s`."""

    name: str
    connection_id: int | None = None
    seat_expires_s: float = 0.0
    #: When its connection began, and for how many seconds it has had one since it took the seat; the clock
    #: is the rounds'.
    connected_at_s: float = 0.0
    connected_for_s: float = 0.0
    last_typing_s: float = float("-inf")
    #: Public, and the same for the whole session.
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    #: Whoever knows it is this member. Only its SHA-256 is kept, in `proof`.
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session_hash: str = ""
    #: The last `seq` that a member was given who is still being given what it missed; None where it has all.
    last_delivered_seq: int | None = None
    #: Where it came from the last time, and when it took its seat, in seconds since 1970 UTC.
    peer: Peer | None = None
    joined_at_s: float = 0.0

    def __post_init__(self) -> None:
        self.session_hash = self.session_hash or hash_session(self.session)

    @property
    def encrypted(self) -> bool:
        """Whether its connection is, or the last one was; otherwise anybody on the network can read it."""
        return self.peer is None or self.peer.encrypted

    @property
    def saved_session(self) -> SavedSession:
        """What the history notes of it."""
        return SavedSession(self.session_hash, self.id, self.name)


def hash_session(session: str) -> str:
    """Return what is kept of a session's secret: enough to know it again, not to pass for it."""
    return hashlib.sha256(session.encode()).hexdigest()


def _impersonates_host(name: str) -> bool:
    return "".join(filter(str.isalnum, normalized_name(name))) in _RESERVED_NAMES


class Members:
    """The seats and who has them, the names in use, and the sessions that may come back."""

    def __init__(self, seats: int, saved_sessions: Iterable[SavedSession] = ()) -> None:
        self.seats = seats
        #: The links of those present, and of those among them who have heard all that was said; replaced,
        #: never changed, whenever somebody comes, goes or catches up.
        self.connected: tuple[int, ...] = ()
        self.caught_up: tuple[int, ...] = ()
        #: Sessions to be noted in the history before anybody is told of them.
        self.unsaved: dict[str, Member] = {}
        self._seated: dict[str, Member] = {}
        self._by_connection: dict[int, Member] = {}
        self._sessions = {
            session.session_hash: Member(
                session.name, id=session.member, session="", session_hash=session.session_hash
            )
            for session in saved_sessions
        }

    def __len__(self) -> int:
        return len(self._seated)

    def __iter__(self) -> Iterator[Member]:
        return iter(self._seated.values())

    @property
    def full(self) -> bool:
        return len(self._seated) >= self.seats

    def names(self) -> list[str]:
        """Return the names in the order in which they came."""
        return [member.name for member in self._seated.values()]

    def by_connection(self, connection_id: int) -> Member | None:
        return self._by_connection.get(connection_id)

    def by_session(self, session: str | None, *, encrypted: bool = True) -> Member | None:
        """Return whose secret this is: seated, or gone and remembered.

        It is nobody's where it comes over a connection of another kind: what is sent in the open may be
        anybody's by now, and the others were told of each member whether it is encrypted.
        """
        if not session:
            return None
        member = self._sessions.get(hash_session(session))
        if member is None or member.encrypted != encrypted:
            return None
        member.session = session
        return member

    def find_departed(self, name: str) -> Member | None:
        """Return who was called so and has left, the last one where there were several."""
        key = normalized_name(name)
        sessions = reversed(self._sessions.values())
        return next((member for member in sessions if normalized_name(member.name) == key), None)

    def is_seated(self, member: Member) -> bool:
        return member.session_hash in self._seated

    def free_name(self, wanted: str, exclude: Member | None = None) -> str:
        """Return `wanted`, with ` 2`, ` 3`... where somebody else is called so."""
        taken = {normalized_name(member.name) for member in self if member is not exclude}
        name, number = wanted, 1
        while normalized_name(name) in taken or _impersonates_host(name):
            number += 1
            name = numbered_name(wanted, number)
        return name

    def assign_seat(self, member: Member, connection_id: int, now_s: float) -> None:
        """Give the member a seat, or the one it has, at this connection."""
        if not self.is_seated(member):
            member.connected_for_s = 0.0
        elif member.connection_id is not None:
            del self._by_connection[member.connection_id]
            member.connected_for_s += now_s - member.connected_at_s
        member.connected_at_s = now_s
        member.connection_id = connection_id
        self._seated[member.session_hash] = member
        self._by_connection[connection_id] = member
        self._remember_session(member)
        self._update_connected()

    def disconnect(self, member: Member, last_received_s: float) -> None:
        """Keep the seat of a member whose connection broke, and who was last heard at that time."""
        if member.connection_id is not None:
            del self._by_connection[member.connection_id]
        member.connection_id = None
        member.connected_for_s += max(0.0, last_received_s - member.connected_at_s)
        member.seat_expires_s = last_received_s + RECONNECT_GRACE_S
        self._update_connected()

    def reclaimable_seat(self, now_s: float) -> Member | None:
        """Return whose kept seat a newcomer may have: of several who are away for longer than they ever
        were in, the one who was in for the shortest time.

        So whoever joins and cuts the connection, again and again, holds one seat by that, and not the room;
        a single person's is kept for the whole time, however short the visit was.
        """
        candidates = [
            member
            for member in self.disconnected()
            if now_s - (member.seat_expires_s - RECONNECT_GRACE_S) > member.connected_for_s
        ]
        return min(candidates, key=lambda member: member.connected_for_s) if len(candidates) > 1 else None

    def release_seat(self, member: Member) -> None:
        """Free the seat; the session stays known."""
        if member.connection_id is not None:
            del self._by_connection[member.connection_id]
        member.connection_id = None
        del self._seated[member.session_hash]
        self._remember_session(member)
        self._update_connected()

    def disconnected(self) -> list[Member]:
        """Return those whose connection broke, in no order."""
        # Each round asks, and mostly there is none.
        if len(self._by_connection) == len(self._seated):
            return []
        return [member for member in self if member.connection_id is None]

    def mark_unsaved(self, member: Member) -> None:
        """Have the member's session noted in the history, under the name it has now."""
        self.unsaved[member.session_hash] = member

    def set_lag(self, member: Member, seq: int | None) -> None:
        """Note that a member has been given all up to `seq` alone; None: that it has caught up."""
        member.last_delivered_seq = seq
        self._update_connected()

    def _update_connected(self) -> None:
        self.connected = tuple(self._by_connection)
        self.caught_up = tuple(
            connection_id
            for connection_id, member in self._by_connection.items()
            if member.last_delivered_seq is None
        )

    def _remember_session(self, member: Member) -> None:
        self.mark_unsaved(member)
        self._sessions.pop(member.session_hash, None)
        self._sessions[member.session_hash] = member
        if len(self._sessions) > MAX_SESSIONS + self.seats:
            oldest = next(proof for proof in self._sessions if proof not in self._seated)
            del self._sessions[oldest]
