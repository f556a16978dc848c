"""Who is in: seats, names, sessions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from messango.protocol.limits import SEAT_KEPT_S
from messango.protocol.validation import name_key, numbered
from messango.room.history import KnownSession
from messango.room.remote_peer import Peer

#: Sessions of people who have gone are remembered, so that they come back as themselves; the oldest
#: are forgotten beyond this number.
MAX_SESSIONS: Final = 1_000


#: The letters of names with which a member would pass for the host, whatever signs stand around them.
_HOSTS: Final = frozenset({"host", "ihost"})


@dataclass(slots=True)
class Member:
    """Somebody with a seat: present by the connection `link`, or away (None) until `away_until_s`."""

    name: str
    link: int | None = None
    away_until_s: float = 0.0
    #: When its connection began, and for how many seconds it has had one since it took the seat; the clock
    #: is the rounds'.
    connected_s: float = 0.0
    stayed_s: float = 0.0
    typing_told_s: float = float("-inf")
    #: Public, and the same for the whole session.
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    #: Whoever knows it is this member. Only its SHA-256 is kept, in `proof`.
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    proof: str = ""
    #: The last `seq` that a member was given who is still being given what it missed; None where it has all.
    behind: int | None = None
    #: Where it came from the last time, and when it took its seat, in seconds since 1970 UTC.
    peer: Peer | None = None
    since_s: float = 0.0

    def __post_init__(self) -> None:
        self.proof = self.proof or proof_of(self.session)

    @property
    def encrypted(self) -> bool:
        """Whether its connection is, or the last one was; otherwise anybody on the network can read it."""
        return self.peer is None or self.peer.encrypted

    @property
    def known(self) -> KnownSession:
        """What the history notes of it."""
        return KnownSession(self.proof, self.id, self.name)


def proof_of(session: str) -> str:
    """Return what is kept of a session's secret: enough to know it again, not to pass for it."""
    return hashlib.sha256(session.encode()).hexdigest()


def _passes_for_host(name: str) -> bool:
    return "".join(filter(str.isalnum, name_key(name))) in _HOSTS


class Members:
    """The seats and who has them, the names in use, and the sessions that may come back."""

    def __init__(self, seats: int, known: Iterable[KnownSession] = ()) -> None:
        self.seats = seats
        #: The links of those present, and of those among them who have heard all that was said; replaced,
        #: never changed, whenever somebody comes, goes or catches up.
        self.present: tuple[int, ...] = ()
        self.listening: tuple[int, ...] = ()
        #: Sessions to be noted in the history before anybody is told of them.
        self.unnoted: dict[str, Member] = {}
        self._seated: dict[str, Member] = {}
        self._by_link: dict[int, Member] = {}
        self._sessions = {
            session.proof: Member(session.name, id=session.member, session="", proof=session.proof)
            for session in known
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

    def by_link(self, link: int) -> Member | None:
        return self._by_link.get(link)

    def by_session(self, session: str | None, *, encrypted: bool = True) -> Member | None:
        """Return whose secret this is: seated, or gone and remembered.

        It is nobody's where it comes over a connection of another kind: what is sent in the open may be
        anybody's by now, and the others were told of each member whether it is encrypted.
        """
        if not session:
            return None
        member = self._sessions.get(proof_of(session))
        if member is None or member.encrypted != encrypted:
            return None
        member.session = session
        return member

    def gone(self, name: str) -> Member | None:
        """Return who was called so and has left, the last one where there were several."""
        wanted = name_key(name)
        sessions = reversed(self._sessions.values())
        return next((member for member in sessions if name_key(member.name) == wanted), None)

    def is_seated(self, member: Member) -> bool:
        return member.proof in self._seated

    def free_name(self, wanted: str, besides: Member | None = None) -> str:
        """Return `wanted`, with ` 2`, ` 3`... where somebody else is called so."""
        taken = {name_key(member.name) for member in self if member is not besides}
        name, number = wanted, 1
        while name_key(name) in taken or _passes_for_host(name):
            number += 1
            name = numbered(wanted, number)
        return name

    def seat(self, member: Member, link: int, now_s: float) -> None:
        """Give the member a seat, or the one it has, at this connection."""
        if not self.is_seated(member):
            member.stayed_s = 0.0
        elif member.link is not None:
            del self._by_link[member.link]
            member.stayed_s += now_s - member.connected_s
        member.connected_s = now_s
        member.link = link
        self._seated[member.proof] = member
        self._by_link[link] = member
        self._remember(member)
        self._count_present()

    def unlink(self, member: Member, heard_s: float) -> None:
        """Keep the seat of a member whose connection broke, and who was last heard at that time."""
        if member.link is not None:
            del self._by_link[member.link]
        member.link = None
        member.stayed_s += max(0.0, heard_s - member.connected_s)
        member.away_until_s = heard_s + SEAT_KEPT_S
        self._count_present()

    def yielding(self, now_s: float) -> Member | None:
        """Return whose kept seat a newcomer may have: of several who are away for longer than they ever
        were in, the one who was in for the shortest time.

        So whoever joins and cuts the connection, again and again, holds one seat by that, and not the room;
        a single person's is kept for the whole time, however short the visit was.
        """
        missed = [
            member for member in self.away() if now_s - (member.away_until_s - SEAT_KEPT_S) > member.stayed_s
        ]
        return min(missed, key=lambda member: member.stayed_s) if len(missed) > 1 else None

    def unseat(self, member: Member) -> None:
        """Free the seat; the session stays known."""
        if member.link is not None:
            del self._by_link[member.link]
        member.link = None
        del self._seated[member.proof]
        self._remember(member)
        self._count_present()

    def away(self) -> list[Member]:
        """Return those whose connection broke, in no order."""
        # Each round asks, and mostly there is none.
        if len(self._by_link) == len(self._seated):
            return []
        return [member for member in self if member.link is None]

    def note(self, member: Member) -> None:
        """Have the member's session noted in the history, under the name it has now."""
        self.unnoted[member.proof] = member

    def fall_behind(self, member: Member, seq: int | None) -> None:
        """Note that a member has been given all up to `seq` alone; None: that it has caught up."""
        member.behind = seq
        self._count_present()

    def _count_present(self) -> None:
        self.present = tuple(self._by_link)
        self.listening = tuple(link for link, member in self._by_link.items() if member.behind is None)

    def _remember(self, member: Member) -> None:
        self.note(member)
        self._sessions.pop(member.proof, None)
        self._sessions[member.proof] = member
        if len(self._sessions) > MAX_SESSIONS + self.seats:
            oldest = next(proof for proof in self._sessions if proof not in self._seated)
            del self._sessions[oldest]
