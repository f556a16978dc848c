"""The list of rooms as it is shown, without a display: a browser's events go in, rows come out.

A row's place depends on its name alone, never on what changes all the time. While somebody points at
the list nothing moves at all: new rows come below, and rooms that are gone stay, greyed, until released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.discovery.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomRemoved,
    Status,
)
from messango.doctor.findings import Finding
from messango.gui.model.diagnosis import Checkup
from messango.protocol.validation import normalized_name

#: More dots than this are counted by nobody: the number says it.
MAX_DOTS: Final = 10

#: An empty list explains itself after so long; rooms that can be seen have answered by then.
EXPLAIN_AFTER_S: Final = 5.0

_GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class RoomRow:
    """What one row shows; `word` says why a room can't be joined, `dots` is None for a long row of them."""

    key: str
    name: str
    host: str
    seats: str
    dots: tuple[int, int] | None
    locked: bool
    ping: str
    word: str
    joinable: bool


@dataclass(frozen=True, slots=True)
class EmptyList:
    """What stands in an empty list: what is being done, and after a while what was found out.

    Each of `findings` says what is wrong, and what cures it. `again` offers to look once more.
    """

    title: str
    lines: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    again: bool = False


_LOOKING: Final = EmptyList(
    "Looking for rooms on your network",
    ("A room appears here by itself as soon as somebody opens one.",),
)
_NOT_SOUGHT: Final = EmptyList("No room has that in its name", ("Escape shows all rooms again.",))
_CHECKING: Final = EmptyList(
    "No room is to be seen yet",
    ("Finding out whether something on this machine is in the way…",),
)
_WELL: Final = EmptyList(
    "No room is to be seen yet",
    (
        "Nothing on this machine is in the way: perhaps nobody has opened a room.",
        "The host has to be on the same network as you, not on a guest Wi-Fi, not behind a VPN.",
        "Host a room yourself, or type the address or invite link that the host gives you.",
    ),
    again=True,
)


def explained(checkup: Checkup) -> EmptyList:
    """Return what a list says that has been empty for long."""
    if checkup.done:
        findings = checkup.troubles
        lines = ("This may be why, on this machine:",) if findings else _WELL.lines
        return EmptyList(_WELL.title, lines, findings, again=True)
    return _CHECKING


class RoomList:
    """Decides which rooms are shown, in which order, and which one is selected."""

    def __init__(self) -> None:
        self._rooms: dict[str, FoundRoom] = {}
        self._gone: set[str] = set()
        self._order: list[str] = []
        self._held = False
        self._trouble: BrowseFailed | None = None
        self.selected: str | None = None
        #: What is typed to find a room by a part of its name.
        self.sought = ""
        self.checkup = Checkup()

    def hear(self, event: BrowseEvent) -> None:
        """Take in what the browser tells."""
        if isinstance(event, BrowseFailed):
            self._trouble = event
        elif isinstance(event, BrowseResumed):
            self._trouble = None
        elif isinstance(event, RoomRemoved):
            self._remove(event.room.key)
        else:
            self._rooms[event.room.key] = event.room
            self._gone.discard(event.room.key)
            self._arrange()

    def hold(self) -> None:
        """Somebody points at the list: nothing moves until `release`."""
        self._held = True

    def release(self) -> None:
        """Nobody points at the list any more."""
        self._held = False
        for key in self._gone:
            self._forget(key)
        self._gone.clear()
        self._arrange()

    def rows(self) -> list[RoomRow]:
        """Return the rows from top to bottom."""
        return [self._row(self._rooms[key]) for key in self._shown()]

    def seek(self, typed: str) -> None:
        """Show the rooms with this in their names alone; the first of them is selected."""
        self.sought = typed
        shown = self._shown()
        if typed and shown and self.selected not in shown:
            self.selected = shown[0]

    def summary(self) -> str:
        """Return the line under the title: what is seen, or what keeps us from seeing."""
        if self._trouble is not None:
            return f"{self._trouble.reason} {self._trouble.hint}".strip()
        if self.sought:
            return f"{len(self._shown())} of {len(self._order)} with “{self.sought}”. Escape shows all."
        count = len(self._order) - len(self._gone)
        if not count:
            return "Looking for rooms…"
        return f"{count} room{'s' if count > 1 else ''} seen. The list stays up to date by itself."

    def empty(self, looked_s: float) -> EmptyList | None:
        """Return what to show in place of rows after `looked_s` seconds, or None where there are rows."""
        if self._shown():
            return None
        if self._order:
            return _NOT_SOUGHT
        return _LOOKING if looked_s < EXPLAIN_AFTER_S else explained(self.checkup)

    @property
    def none_yet(self) -> bool:
        """Whether there is no room at all."""
        return not self._order

    def move(self, steps: int) -> None:
        """Select the row so many below the selected one; without one, from outside the list inwards."""
        shown = self._shown()
        if not shown:
            return
        outside = -1 if steps > 0 else len(shown)
        place = shown.index(self.selected) if self.selected in shown else outside
        self.selected = shown[min(max(place + steps, 0), len(shown) - 1)]

    def select(self, key: str) -> None:
        """Select a row."""
        if key in self._rooms:
            self.selected = key

    def to_join(self) -> FoundRoom | None:
        """Return the selected room if it can be joined."""
        room = self._rooms.get(self.selected or "")
        return room if room is not None and self._joinable(room) else None

    def to_wait_for(self) -> FoundRoom | None:
        """Return the selected room if it is full."""
        room = self._rooms.get(self.selected or "")
        full = room is not None and room.status is Status.FULL and room.key not in self._gone
        return room if full else None

    def to_join_by_id(self, room_id: str) -> FoundRoom | None:
        """Return the room of that id, if it can be joined."""
        same = (room for room in self._rooms.values() if room.id == room_id)
        return next((room for room in same if self._joinable(room)), None)

    def by_name(self, name: str) -> FoundRoom | None:
        """Return the first room of that name, one that can be joined before others."""
        same = self._named(name)
        return next((room for room in same if self._joinable(room)), same[0] if same else None)

    def to_join_by_name(self, name: str) -> list[FoundRoom]:
        """Return every room of that name that can be joined."""
        return [room for room in self._named(name) if self._joinable(room)]

    def _shown(self) -> list[str]:
        wanted = normalized_name(self.sought)
        return [key for key in self._order if wanted in normalized_name(self._rooms[key].name)]

    def _named(self, name: str) -> list[FoundRoom]:
        wanted = normalized_name(name)
        return [room for key in self._order if normalized_name((room := self._rooms[key]).name) == wanted]

    def _joinable(self, room: FoundRoom) -> bool:
        return room.joinable and room.key not in self._gone

    def _remove(self, key: str) -> None:
        if key not in self._rooms:
            return
        if self._held:
            self._gone.add(key)
        else:
            self._forget(key)

    def _forget(self, key: str) -> None:
        del self._rooms[key]
        self._order.remove(key)
        if self.selected == key:
            self.selected = None

    def _arrange(self) -> None:
        known = set(self._order)
        self._order += [key for key in self._rooms if key not in known]
        if not self._held:
            self._order.sort(key=lambda key: (normalized_name(self._rooms[key].name), key))

    def _row(self, room: FoundRoom) -> RoomRow:
        gone = room.key in self._gone
        answered = room.status in {Status.OPEN, Status.FULL} and not gone
        word = _GONE if gone else "" if room.status is Status.OPEN else room.status.value
        taken = min(max(room.members, 0), max(room.seats, 0))
        return RoomRow(
            key=room.key,
            name=room.name,
            host=f"on {room.host}" if room.host else f"at {room.addresses[0]}" if room.addresses else "",
            seats=f"{room.members} of {room.seats}" if answered else "",
            dots=(taken, room.seats) if answered and 0 < room.seats <= MAX_DOTS else None,
            locked=room.locked,
            ping=_milliseconds(room.ping_ms) if answered and room.ping_ms is not None else "",
            word=word,
            joinable=self._joinable(room),
        )


def _milliseconds(ping_ms: float) -> str:
    if ping_ms < 1:
        return "under 1 ms"
    return f"{ping_ms:.0f} ms"
