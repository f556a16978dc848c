"""The members: seats, names and sessions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from messango.protocol.frames import Person
from messango.protocol.limits import RECONNECT_GRACE_S
from messango.protocol.text.validation import normalized_name
from messango.room.bans import Ban
from messango.room.history.history import SavedSession
from messango.room.name_index import NameIndex
from messango.room.peer import Peer

#: The room remembers this many sessions of former members, so that they can return as themselves.
MAX_SESSIONS: Final = 1_000

#: How the sessions of guests in a browser begin. No other session can: a dot is not in their alphabet.
_BROWSER_PREFIX: Final = "web."


@dataclass(slots=True)
class Member:
    """A member: connected by `connection_id`, or disconnected (None) with a seat until `seat_expires_s`."""

    name: str
    connection_id: int | None = None
    seat_expires_s: float = 0.0
    #: When the present connection began, and how long earlier ones lasted since the member took the seat;
    #: on the clock of the batches.
    connected_at_s: float = 0.0
    connected_for_s: float = 0.0
    last_typing_s: float = float("-inf")
    #: The public id, the same for the whole session.
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    #: The secret that proves a returning member. Only its SHA-256 is stored, `session_hash`.
    session: str = field(default_factory=lambda: new_session())
    session_hash: str = ""
    #: While the member receives a backlog, the last `seq` of it that was sent; otherwise None.
    last_delivered_seq: int | None = None
    #: The present or last connection's address, and when the member took the seat (seconds since 1970 UTC).
    peer: Peer | None = None
    joined_at_s: float = 0.0
    #: Whether the last connection was encrypted, for a member who has had none since the server started.
    was_encrypted: bool = True
    #: Of the password with which the member took the seat: see `AdmissionPolicy.password_generation`.
    password_generation: int = 0
    #: Whether the present or last connection has proved to be the host's.
    is_host: bool = False
    #: The name of the server at which the member is, if that is another one of a linked room; and whether
    #: they are in a browser there.
    server: str = ""
    is_guest_there: bool = False

    def __post_init__(self) -> None:
        self.session_hash = self.session_hash or hash_session(self.session)

    @property
    def encrypted(self) -> bool:
        """Whether the present or last connection is encrypted."""
        return self.was_encrypted if self.peer is None else self.peer.encrypted

    @property
    def is_guest(self) -> bool:
        """Whether the present or last connection is a browser's."""
        return self.is_guest_there if self.peer is None else self.peer.browser

    @property
    def saved_session(self) -> SavedSession:
        """The session as the history stores it."""
        return SavedSession(self.session_hash, self.id, self.name, self.encrypted)


def new_session(*, browser: bool = False) -> str:
    """Return a new secret; that of a guest in a browser shows that it is one."""
    return (_BROWSER_PREFIX if browser else "") + secrets.token_urlsafe(24)


def hash_session(session: str) -> str:
    """Return the SHA-256 of a session's secret, which recognizes the secret but does not reveal it."""
    return hashlib.sha256(session.encode()).hexdigest()


class Members:
    """The seats and their members, the names in use, and the sessions that may return."""

    def __init__(self, seats: int, saved_sessions: Iterable[SavedSession] = ()) -> None:
        self.seats = seats
        #: The connections of all members, and of those without a backlog. Each change makes new tuples.
        self.connected: tuple[int, ...] = ()
        self.caught_up: tuple[int, ...] = ()
        #: Sessions to store in the history before their members receive them, by their hashes.
        self.unsaved: dict[str, Member] = {}
        self._seated: dict[str, Member] = {}
        #: Those at other servers, who have none of our seats.
        self._elsewhere: dict[str, Member] = {}
        self._names = NameIndex()
        self._by_connection: dict[int, Member] = {}
        self._sessions: dict[str, Member] = {}
        self.add_saved(saved_sessions)

    def __len__(self) -> int:
        """Return how many of our seats are taken."""
        return len(self._seated)

    def __iter__(self) -> Iterator[Member]:
        """Yield everybody in the room; those at other servers come last."""
        return chain(self._seated.values(), self._elsewhere.values())

    @property
    def full(self) -> bool:
        return len(self._seated) >= self.seats

    def add_saved(self, sessions: Iterable[SavedSession]) -> None:
        """Add stored sessions that are not known yet, as older than all others."""
        known = self._sessions
        self._sessions = {
            session.session_hash: Member(
                session.name,
                id=session.member,
                session="",
                session_hash=session.session_hash,
                was_encrypted=session.encrypted,
            )
            for session in sessions
            if session.session_hash not in known
        } | known

    def names(self) -> list[str]:
        """Return the names in the order in which the members joined."""
        return [member.name for member in self]

    def by_connection(self, connection_id: int) -> Member | None:
        return self._by_connection.get(connection_id)

    def by_session(
        self, session: str | None, *, encrypted: bool = True, browser: bool = False
    ) -> Member | None:
        """Return the member or former member with this secret, or None.

        A session is only valid over the same kind of connection: a secret that was sent without encryption
        may be stolen, and the other members were told whether this member is encrypted, or in a browser.
        """
        if not session:
            return None
        member = self._sessions.get(hash_session(session))
        if member is None or not _is_same_kind(member, session, encrypted=encrypted, browser=browser):
            return None
        member.session = session
        return member

    def has_session(self, session: str, peer: Peer) -> bool:
        """Return whether `by_session` would find a member for this client.

        For any thread: it only looks into one table.
        """
        member = self._sessions.get(hash_session(session))
        return member is not None and _is_kind_of(peer, member, session)

    def seated_id(self, session: str, peer: Peer) -> str | None:
        """Return the public id of the member with this session who has a seat, or None.

        Also while their connection is broken. For any thread: it only looks into one table.
        """
        member = self._seated.get(hash_session(session))
        return member.id if member and _is_kind_of(peer, member, session) else None

    def connected_id(self, connection_id: int) -> str | None:
        """Return the public id of the member with this connection, or None.

        For any thread: it only looks into one table.
        """
        member = self._by_connection.get(connection_id)
        return member.id if member else None

    def seat_generation(self, session: str, peer: Peer) -> int | None:
        """Return the password generation of the seat that this client could return to, or None.

        For any thread: it only looks into one table.
        """
        member = self._seated.get(hash_session(session))
        return member.password_generation if member and _is_kind_of(peer, member, session) else None

    def by_id(self, member_id: str) -> Member | None:
        """Return the member or former member with this public id, or None."""
        return next((member for member in self._sessions.values() if member.id == member_id), None)

    def by_hash(self, session_hash: str) -> Member | None:
        """Return the member or former member with this session, or None."""
        return self._sessions.get(session_hash)

    def is_away(self, member_id: str) -> bool:
        """Return whether a member or former member is not connected."""
        member = self.by_id(member_id)
        return member is None or member.connection_id is None

    def caught_up_among(self, member_ids: Collection[str] | None) -> tuple[int, ...]:
        """Return the connections of these members, or all, without those that still receive a backlog."""
        if member_ids is None:
            return self.caught_up
        return tuple(
            connection_id
            for connection_id in self.caught_up
            if self._by_connection[connection_id].id in member_ids
        )

    def find_departed(self, name: str) -> Member | None:
        """Return the member or former member who had this name most recently, or None."""
        key = normalized_name(name)
        sessions = reversed(self._sessions.values())
        return next((member for member in sessions if normalized_name(member.name) == key), None)

    def is_seated(self, member: Member) -> bool:
        return member.session_hash in self._seated

    def available_name(self, wanted: str, exclude: Member | None = None) -> str:
        """Return `wanted`, with ` 2`, ` 3`... added if it is taken or resembles the host's name."""
        return self._names.available(wanted, exclude.name if exclude else "")

    def rename(self, member: Member, name: str) -> None:
        """Give somebody in the room an available name."""
        self._names.remove(member.name)
        member.name = name
        self._names.add(name)
        self.mark_unsaved(member)

    def person(self, member: Member) -> Person:
        """Return what everybody is told about a seated member."""
        resembles = self._names.resembles(member.name)
        return Person(
            member.id,
            member.name,
            host=member.is_host,
            web=member.is_guest,
            encrypted=member.encrypted,
            resembles=resembles,
            server=member.server,
        )

    def alike(self, name: str) -> list[Member]:
        """Return the seated members whose names are or look like this one."""
        names = self._names.alike(name)
        return [member for member in self if member.name in names]

    def assign_seat(self, member: Member, connection_id: int, now_s: float) -> None:
        """Give the member a seat, unless they have one, and connect it to this connection."""
        if not self.is_seated(member):
            member.connected_for_s = 0.0
        elif member.connection_id is not None:
            del self._by_connection[member.connection_id]
            member.connected_for_s += now_s - member.connected_at_s
        member.connected_at_s = now_s
        member.connection_id = connection_id
        if not self.is_seated(member):
            self._names.add(member.name)
        self._seated[member.session_hash] = member
        self._by_connection[connection_id] = member
        self.remember(member)
        self._update_connected()

    def disconnect(self, member: Member, last_received_s: float) -> None:
        """Reserve the seat of a member whose connection broke; the last byte came at `last_received_s`."""
        if member.connection_id is not None:
            del self._by_connection[member.connection_id]
        member.connection_id = None
        member.connected_for_s += max(0.0, last_received_s - member.connected_at_s)
        member.seat_expires_s = last_received_s + RECONNECT_GRACE_S
        self._update_connected()

    def reserve_seat(self, member: Member, expires_s: float) -> None:
        """Keep a seat for a member who is in the room but was never connected to this server."""
        member.connection_id, member.seat_expires_s = None, expires_s
        self._names.add(member.name)
        self._seated[member.session_hash] = member
        self.remember(member)

    def put_elsewhere(self, member: Member, server: str) -> None:
        """A member is at this other server, and has no seat here."""
        if self.is_seated(member):
            self.release_seat(member)
        if member.session_hash not in self._elsewhere:
            self._names.add(member.name)
        member.server, member.peer = server, None
        self._elsewhere[member.session_hash] = member
        self.remember(member)

    def take_from_elsewhere(self, member: Member) -> bool:
        """A member is at no other server any more; return whether they were."""
        member.server = ""
        if self._elsewhere.pop(member.session_hash, None) is None:
            return False
        self._names.remove(member.name)
        self.remember(member)
        return True

    def is_present(self, member: Member) -> bool:
        """Return whether a member is in the room, here or at another server."""
        return member.session_hash in self._seated or member.session_hash in self._elsewhere

    def reclaimable_seat(self, now_s: float) -> Member | None:
        """Return the disconnected member whose reserved seat may be given away, or None.

        Candidates have been away longer than they were connected; with two or more, the one who was
        connected for the shortest time loses the seat. So a client that joins and disconnects again and again
        holds one seat at most, and a single person keeps theirs for the whole time after a short visit.

        There is none while the room has more members than seats, because the host has taken some away.
        """
        if len(self) > self.seats:
            return None
        candidates = [
            member
            for member in self.disconnected()
            if now_s - (member.seat_expires_s - RECONNECT_GRACE_S) > member.connected_for_s
        ]
        return min(candidates, key=lambda member: member.connected_for_s) if len(candidates) > 1 else None

    def release_seat(self, member: Member) -> None:
        """Free the seat; the session can return."""
        if member.connection_id is not None:
            del self._by_connection[member.connection_id]
        member.connection_id = None
        del self._seated[member.session_hash]
        self._names.remove(member.name)
        self.remember(member)
        self._update_connected()

    def disconnected(self) -> list[Member]:
        """Return the members whose connection broke."""
        # Every batch calls this, and mostly there is none.
        if len(self._by_connection) == len(self._seated):
            return []
        return [member for member in self._seated.values() if member.connection_id is None]

    def mark_unsaved(self, member: Member) -> None:
        """Let the next `end_batch` store the member's session, with their present name."""
        self.unsaved[member.session_hash] = member

    def set_lag(self, member: Member, seq: int | None) -> None:
        """Record that a member has received only the messages up to `seq`, or all of them (None)."""
        member.last_delivered_seq = seq
        self._update_connected()

    def _update_connected(self) -> None:
        self.connected = tuple(self._by_connection)
        self.caught_up = tuple(
            connection_id
            for connection_id, member in self._by_connection.items()
            if member.last_delivered_seq is None
        )

    def remember(self, member: Member) -> None:
        """Let the session of a member return, as the one seen last."""
        self.mark_unsaved(member)
        self._sessions.pop(member.session_hash, None)
        self._sessions[member.session_hash] = member
        # The host may have taken seats away that are still in use.
        if len(self._sessions) > MAX_SESSIONS + max(self.seats, len(self)) + len(self._elsewhere):
            absent = (each for each, member in self._sessions.items() if not self.is_present(member))
            oldest = next(absent)
            del self._sessions[oldest]


def is_banned_by(ban: Ban, member: Member) -> bool:
    """Return whether a ban means this member of the room."""
    host = member.peer.host if member.peer else ""
    return ban.matches([member.name], host, member.session_hash, is_newcomer=False)


def _is_kind_of(peer: Peer, member: Member, session: str) -> bool:
    return _is_same_kind(member, session, encrypted=peer.encrypted, browser=peer.browser)


def _is_same_kind(member: Member, session: str, *, encrypted: bool, browser: bool) -> bool:
    """Return whether the member's session began on this kind of connection."""
    return member.encrypted == encrypted and session.startswith(_BROWSER_PREFIX) == browser
