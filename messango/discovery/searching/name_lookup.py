"""Which room a name means. Pure: the rooms of a browser go in, with the time; no network, no clock.

Anybody can open a room of any name, and announce it sooner than another. So a room that the person knows is
known by its certificate, whatever it is called now, and a stranger's room of its name is never taken instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from messango.discovery.model.events import ANSWERED, FoundRoom
from messango.errors import RoomNotFound
from messango.protocol.room_id import is_room_id
from messango.protocol.text.escaping import excerpt, safe_name
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import normalized_name

#: After a match, a better one may follow: one with exactly this name, or one that was visited later.
BETTER_MATCH_WAIT_S: Final = 0.25
#: Hosts answer within 120 ms (RFC 6762, section 6), a query from a port of our own at once. Before this time
#: of a search, another room of exactly this name may follow; a person waits for it on a first visit.
ALL_ANSWERED_S: Final = 0.15
_LEAST_WAIT_S: Final = 0.05
#: How long the room that the person knows may take to answer after a stranger's room of its name did.
NAMESAKE_WAIT_S: Final = 5.0

_MAX_LISTED: Final = 10

#: Says which of the rooms that the person may mean this one proved to be: 0 for the likeliest, then 1, ...;
#: None for a stranger's.
KnownRank: TypeAlias = Callable[[FoundRoom], "int | None"]


class AmbiguousName(RoomNotFound):
    """The name does not say which of `rooms` is meant, so none was joined.

    `of_known`: the person knows a room of this name, and it is none of these. `summary` is the sentence
    without the list, for people who see the rooms in a list of their own.
    """

    def __init__(self, name: str, rooms: Sequence[FoundRoom], *, of_known: bool) -> None:
        self.name = name
        self.rooms = tuple(rooms)
        self.of_known = of_known
        listed = "; ".join(map(_describe, self.rooms[:_MAX_LISTED]))
        called, one = quoted_name(name), len(self.rooms) == 1
        if of_known:
            others = "Another room has" if one else "Other rooms have"
            end = "You have not joined it." if one else "You have not joined any of them."
            text = f"The {called} that you know does not answer. {others} its name"
            hint = (
                "Your room may be closed, or somebody pretends to be it. To join another one anyway, use its "
                f"id and compare the words: messango chat {self.rooms[0].id}"
            )
        else:
            text, end = f"There are {len(self.rooms)} rooms called {called}", "You have not joined any."
            hint = f"Ask the host which one it is, and join it by its id: messango chat {self.rooms[0].id}"
        self.summary = f"{text}. {end}"
        super().__init__(f"{text}: {listed}. {end}", hint)


class NameLookup:
    """Takes the rooms that answer, and says until when to wait for a better one and which one it is then."""

    def __init__(self, name: str, rank_known: KnownRank | None = None) -> None:
        """Look for this name or id; `rank_known` is None if the person knows no room of that name."""
        self._name = name
        self._rank_known = rank_known
        self._matches: dict[str, tuple[int, FoundRoom]] = {}  # by the row's key; the lowest number is best
        self._namesakes: dict[str, FoundRoom] = {}

    def apply(self, room: FoundRoom, elapsed_s: float) -> float | None:
        """Take a room that was added or changed; return how many seconds to go on from now, or None.

        None means: as long as before. 0: there can't be a better match. The search has
        taken `elapsed_s` so far.
        """
        self.remove(room.key)
        if room.status not in ANSWERED:
            return None
        rank = self._rank(room)
        if rank is not None:
            self._matches[room.key] = rank, room
            is_proof = self._is_id or self._rank_known is not None
            if rank:
                return BETTER_MATCH_WAIT_S
            return 0.0 if is_proof else max(_LEAST_WAIT_S, ALL_ANSWERED_S - elapsed_s)
        if self._rank_known is not None and self._has_name(room):
            self._namesakes[room.key] = room
            return NAMESAKE_WAIT_S
        return None

    def remove(self, key: str) -> None:
        """Forget a room that is gone."""
        self._matches.pop(key, None)
        self._namesakes.pop(key, None)

    def result(self) -> FoundRoom | None:
        """Return the room, or None if there is none; raises `AmbiguousName`."""
        best = min((rank for rank, _ in self._matches.values()), default=None)
        rooms = [room for rank, room in self._matches.values() if rank == best]
        if not rooms:
            if self._namesakes:
                raise AmbiguousName(self._name, one_each(self._namesakes.values()), of_known=True)
            return None
        if self._rank_known is None and len(different := one_each(rooms)) > 1:
            raise AmbiguousName(self._name, different, of_known=False)
        return rooms[0]

    def may_be_meant(self, room: FoundRoom) -> bool:
        """Return whether a room that has not answered yet is announced as the one that is meant."""
        if self._is_id:
            return room.id == self._name
        return self._has_name(room) or (self._rank_known is not None and self._rank_known(room) is not None)

    @property
    def _is_id(self) -> bool:
        return is_room_id(self._name)

    def _rank(self, room: FoundRoom) -> int | None:
        if self._is_id:
            # A stranger may give a room the id of another as its name.
            return 0 if room.id == self._name else None
        if self._rank_known is not None:
            return self._rank_known(room)
        return (0 if room.name == self._name else 1) if self._has_name(room) else None

    def _has_name(self, room: FoundRoom) -> bool:
        return normalized_name(room.name) == normalized_name(self._name)


def one_each(rooms: Iterable[FoundRoom]) -> list[FoundRoom]:
    """Return the rooms, each once: the first of those with one id, which answers at several places."""
    first: dict[str, FoundRoom] = {}
    for room in rooms:
        first.setdefault(room.id or room.key, room)
    return list(first.values())


def _describe(room: FoundRoom) -> str:
    host = f"on {safe_name(room.host)} " if room.host else ""
    return f"{host}at {room.addresses[0]}, id {excerpt(room.id)}"
