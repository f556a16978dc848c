"""Who is in: seats, names, sessions."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from messango.protocol.limits import SEAT_KEPT_S
from messango.protocol.text import name_key, numbered

#: Sessions of people who have gone are remembered, so that they come back as themselves; the oldest
#: are forgotten beyond this number.
MAX_SESSIONS: Final = 1_000


@dataclass(slots=True)
class Member:
    """Somebody with a seat: present by the connection `link`, or away (None) until `away_until_s`."""

    name: str
    link: int | None = None
    away_until_s: float = 0.0
    typing_told_s: float = float("-inf")
    #: Public, and the same for the whole session.
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    #: Whoever knows it is this member.
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Members:
    """The seats and who has them, the names in use, and the sessions that may come back."""

    def __init__(self, seats: int) -> None:
        self.seats = seats
        #: The links of those present; replaced, never changed, whenever somebody comes or goes.
        self.present: tuple[int, ...] = ()
        self._seated: dict[str, Member] = {}
        self._by_link: dict[int, Member] = {}
        self._sessions: dict[str, Member] = {}

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

    def by_session(self, session: str | None) -> Member | None:
        """Return whose secret this is: seated, or gone and remembered."""
        return self._sessions.get(session) if session else None

    def is_seated(self, member: Member) -> bool:
        return member.session in self._seated

    def free_name(self, wanted: str, besides: Member | None = None) -> str:
        """Return `wanted`, with ` 2`, ` 3`... where somebody else is called so."""
        taken = {name_key(member.name) for member in self if member is not besides}
        name, number = wanted, 1
        while name_key(name) in taken:
            number += 1
            name = numbered(wanted, number)
        return name

    def seat(self, member: Member, link: int) -> None:
        """Give the member a seat, or the one it has, at this connection."""
        if member.link is not None:
            del self._by_link[member.link]
        member.link = link
        self._seated[member.session] = member
        self._by_link[link] = member
        self._remember(member)
        self.present = tuple(self._by_link)

    def unlink(self, member: Member, now_s: float) -> None:
        """Keep the seat of a member whose connection broke."""
        if member.link is not None:
            del self._by_link[member.link]
        member.link = None
        member.away_until_s = now_s + SEAT_KEPT_S
        self.present = tuple(self._by_link)

    def unseat(self, member: Member) -> None:
        """Free the seat; the session stays known."""
        if member.link is not None:
            del self._by_link[member.link]
        member.link = None
        del self._seated[member.session]
        self._remember(member)
        self.present = tuple(self._by_link)

    def away(self) -> list[Member]:
        """Return those whose connection broke, in no order."""
        return [member for member in self if member.link is None]

    def _remember(self, member: Member) -> None:
        self._sessions.pop(member.session, None)
        self._sessions[member.session] = member
        if len(self._sessions) > MAX_SESSIONS + self.seats:
            oldest = next(session for session in self._sessions if session not in self._seated)
            del self._sessions[oldest]
