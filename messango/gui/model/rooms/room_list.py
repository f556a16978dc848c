"""The list of rooms, without a display: a browser's events go in, rows come out.

The order depends on the names only, not on anything that changes all the time. While somebody is about to
choose, by the pointer or the keyboard, no row moves: new rooms are added below, and rooms that are gone stay,
greyed out, until that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.discovery.model.events import (
    CLOSED_FOR_NOW,
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomRemoved,
    RoomStatus,
)
from messango.discovery.model.linked_rooms import LinkedRooms, TrustedLink
from messango.discovery.model.unanswered import reason_and_hint, status_text
from messango.discovery.searching.name_lookup import ALL_ANSWERED_S, KnownRank, NameLookup
from messango.doctor.findings import Finding
from messango.gui.model.rooms.diagnosis import Diagnosis
from messango.protocol.text.matching import contains_words, search_words
from messango.protocol.text.validation import normalized_name
from messango.protocol.text.wording import counted

#: With more seats than this, only the number is shown: nobody counts that many dots.
MAX_DOTS: Final = 10

#: An empty list explains itself after this time; rooms that can be found have answered by then.
EXPLAIN_AFTER_S: Final = 5.0

_GONE_STATUS: Final = "gone"


@dataclass(frozen=True, slots=True)
class RoomRow:
    """What one row shows; `status` is why a room can't be joined, `dots` is None if there are too many.

    A locked room shows no seats: none of them can be had. `password` and `locked` are as in `FoundRoom`.
    """

    key: str
    name: str
    host: str
    seats: str
    dots: tuple[int, int] | None
    password: bool | None
    locked: bool
    ping: str
    status: str
    joinable: bool


@dataclass(frozen=True, slots=True)
class EmptyState:
    """What an empty list shows: progress at first, later what the doctor found.

    Each of `findings` has a message and a remedy. `can_retry` shows the button for another run.
    """

    title: str
    lines: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    can_retry: bool = False


_SEARCHING_STATE: Final = EmptyState(
    "Looking for rooms on your network",
    ("Rooms appear here when somebody opens one.",),
)
_NO_MATCH_STATE: Final = EmptyState("No matching rooms", ("Press Escape to show all rooms.",))
_DIAGNOSING_STATE: Final = EmptyState(
    "No rooms found yet",
    ("Checking whether something on this computer is in the way…",),
)
_NO_PROBLEM_STATE: Final = EmptyState(
    "No rooms found yet",
    (
        "Nothing on this computer is in the way. Perhaps nobody has opened a room yet.",
        "The host must be on the same network as you: not on a guest Wi-Fi, and not behind a VPN.",
        "Host a room yourself, or type the address or invite link that the host gives you.",
    ),
    can_retry=True,
)


def explain_empty_list(diagnosis: Diagnosis) -> EmptyState:
    """Return what to show in a list that has been empty for a while."""
    if diagnosis.done:
        findings = diagnosis.problems
        lines = ("This may be the reason:",) if findings else _NO_PROBLEM_STATE.lines
        return EmptyState(_NO_PROBLEM_STATE.title, lines, findings, can_retry=True)
    return _DIAGNOSING_STATE


class RoomList:
    """Decides which rooms are shown, in which order, and which one is selected.

    The servers of one linked room are one row: `trusted_link` says which they are.
    """

    def __init__(self, trusted_link: TrustedLink = lambda _: "") -> None:
        self._linked = LinkedRooms(trusted_link)
        self._rooms: dict[str, FoundRoom] = {}
        self._removed_while_frozen: set[str] = set()
        self._order: list[str] = []
        self._frozen = False
        self._browse_error: BrowseFailed | None = None
        self.selected: str | None = None
        #: Only rooms with this in their names are shown.
        self.filter_text = ""
        self.diagnosis = Diagnosis()

    def apply(self, event: BrowseEvent) -> None:
        """Apply an event of the browser."""
        for shown in self._linked.apply(event):
            self._apply(shown)

    def _apply(self, event: BrowseEvent) -> None:
        if isinstance(event, BrowseFailed):
            self._browse_error = event
        elif isinstance(event, BrowseResumed):
            self._browse_error = None
        elif isinstance(event, RoomRemoved):
            self._remove(event.room.key)
        else:
            self._rooms[event.room.key] = event.room
            self._removed_while_frozen.discard(event.room.key)
            self._sort()

    def freeze(self) -> None:
        """Move no row until `unfreeze`: somebody is about to choose one."""
        self._frozen = True

    def unfreeze(self) -> None:
        """Sort the list and remove rooms that are gone: nobody is choosing now."""
        self._frozen = False
        for key in self._removed_while_frozen:
            self._delete(key)
        self._removed_while_frozen.clear()
        self._sort()

    def rows(self) -> list[RoomRow]:
        """Return the rows from top to bottom."""
        return [self._row(self._rooms[key]) for key in self._visible_keys()]

    def set_filter(self, text: str) -> None:
        """Show only rooms with this in their names, and select the first one."""
        self.filter_text = text
        visible = self._visible_keys()
        if text and visible and self.selected not in visible:
            self.selected = visible[0]

    def summary(self) -> str:
        """Return the line under the title: how many rooms there are, or why none can be found."""
        if self._browse_error is not None:
            return f"{self._browse_error.reason} {self._browse_error.hint}".strip()
        if self.filter_text:
            count = len(self._visible_keys())
            return (
                f"{count} of {len(self._order)} rooms match “{self.filter_text}”. Press Escape to show all."
            )
        count = len(self._order) - len(self._removed_while_frozen)
        if not count:
            return "Looking for rooms…"
        return f"{count} room{'s' if count > 1 else ''} found. The list updates by itself."

    def empty_state(self, elapsed_s: float) -> EmptyState | None:
        """Return what to show instead of rows after `elapsed_s` seconds, or None if there are rows."""
        if self._visible_keys():
            return None
        if self._order:
            return _NO_MATCH_STATE
        return _SEARCHING_STATE if elapsed_s < EXPLAIN_AFTER_S else explain_empty_list(self.diagnosis)

    @property
    def is_empty(self) -> bool:
        """Whether there are no rooms."""
        return not self._order

    def move(self, delta: int) -> None:
        """Move the selection by `delta` rows; without a selection, start outside the list."""
        visible = self._visible_keys()
        if not visible:
            return
        outside = -1 if delta > 0 else len(visible)
        index = visible.index(self.selected) if self.selected in visible else outside
        self.selected = visible[min(max(index + delta, 0), len(visible) - 1)]

    def select(self, key: str) -> None:
        """Select a row."""
        if key in self._rooms:
            self.selected = key

    def selected_joinable(self) -> FoundRoom | None:
        """Return the selected room if it can be joined."""
        room = self._rooms.get(self.selected or "")
        return room if room is not None and self._joinable(room) else None

    def selected_closed(self) -> FoundRoom | None:
        """Return the selected room if it is full or locked, so that the person can wait for it."""
        room = self._rooms.get(self.selected or "")
        if room is None or room.status not in CLOSED_FOR_NOW or room.key in self._removed_while_frozen:
            return None
        return room

    def selected_reason(self) -> str:
        """Return why the selected room can't be joined and what to do, or "" if it can."""
        room = self._rooms.get(self.selected or "")
        return reason_text(room) if room is not None else ""

    def by_id(self, room_id: str) -> FoundRoom | None:
        """Return the room with that id at one of its servers, preferably one that can be joined."""
        same = [room for room in self._rooms.values() if room_id in _ids(room)]
        return next((room for room in same if self._joinable(room)), same[0] if same else None)

    def joinable_by_id(self, room_id: str) -> FoundRoom | None:
        """Return the room with that id, if it can be joined."""
        room = self.by_id(room_id)
        return room if room is not None and self._joinable(room) else None

    def by_name(self, name: str) -> FoundRoom | None:
        """Return a room of that name, preferably one that can be joined."""
        same = self._named(name)
        return next((room for room in same if self._joinable(room)), same[0] if same else None)

    def meant_by(self, name: str, rank_known: KnownRank | None) -> FoundRoom | None:
        """Return the room that a name means: a known one, whatever it is called now, otherwise one called so.

        Raises `AmbiguousName` if it may mean several, or a stranger's room has the name of a known one.
        """
        lookup = NameLookup(name, rank_known)
        for key in self._order:
            if key not in self._removed_while_frozen:
                lookup.apply(self._rooms[key], ALL_ANSWERED_S)
        room = lookup.result()
        return self.by_name(name) if room is None and rank_known is None else room

    def joinable_by_name(self, name: str) -> list[FoundRoom]:
        """Return all joinable rooms of that name."""
        return [room for room in self._named(name) if self._joinable(room)]

    def _visible_keys(self) -> list[str]:
        words = search_words(self.filter_text)
        return [key for key in self._order if contains_words(self._rooms[key].name, words)]

    def _named(self, name: str) -> list[FoundRoom]:
        wanted = normalized_name(name)
        return [room for key in self._order if normalized_name((room := self._rooms[key]).name) == wanted]

    def _joinable(self, room: FoundRoom) -> bool:
        return room.joinable and room.key not in self._removed_while_frozen

    def _remove(self, key: str) -> None:
        if key not in self._rooms:
            return
        if self._frozen:
            self._removed_while_frozen.add(key)
        else:
            self._delete(key)

    def _delete(self, key: str) -> None:
        del self._rooms[key]
        self._order.remove(key)
        if self.selected == key:
            self.selected = None

    def _sort(self) -> None:
        known = set(self._order)
        self._order += [key for key in self._rooms if key not in known]
        if not self._frozen:
            self._order.sort(key=lambda key: (normalized_name(self._rooms[key].name), key))

    def _row(self, room: FoundRoom) -> RoomRow:
        is_gone = room.key in self._removed_while_frozen
        answered = room.status in {RoomStatus.OPEN, *CLOSED_FOR_NOW} and not is_gone
        status = _GONE_STATUS if is_gone else "" if room.status is RoomStatus.OPEN else status_text(room)
        taken = min(max(room.members, 0), max(room.seats, 0))
        return RoomRow(
            key=room.key,
            name=room.name,
            host=_host_text(room),
            seats=_seats_text(room) if answered else "",
            dots=(taken, room.seats) if answered and not room.locked and 0 < room.seats <= MAX_DOTS else None,
            password=room.password,
            locked=room.locked,
            ping=_ping_text(room) if answered else "",
            status=status,
            joinable=self._joinable(room),
        )


def _ids(room: FoundRoom) -> set[str]:
    return {room.id, *(server.id for server in room.other_servers)}


def reason_text(room: FoundRoom) -> str:
    """Return why a room can't be joined and what to do, or "" if it can or nothing is known."""
    explained = reason_and_hint(room)
    return " ".join(explained) if explained is not None else ""


def _host_text(room: FoundRoom) -> str:
    if not room.announced:
        return f"not announced, answers at {room.addresses[0]}"
    where = f"on {room.host}" if room.host else f"at {room.addresses[0]}" if room.addresses else ""
    if not room.other_servers:
        return where
    more = f"{counted(len(room.other_servers), 'more server')}"
    return f"{where} and {more}" if where else more


def _seats_text(room: FoundRoom) -> str:
    return f"{room.members} inside" if room.locked else f"{room.members} of {room.seats}"


def _ping_text(room: FoundRoom) -> str:
    if room.ping_ms is None:
        return ""
    if room.ping_ms < 1:
        return "under 1 ms"
    return f"{room.ping_ms:.0f} ms{' (slow)' if room.slow else ''}"
