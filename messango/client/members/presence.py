"""Who is in the room: the members in order, who is typing, who lost the connection, who joined and left.

Pure, and shared by the window and the terminal. Names are kept as they are given: a front end that may
only show safe names gives safe names.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from messango.protocol import error_codes, leave_reasons
from messango.protocol.frames import Person
from messango.protocol.limits import TYPING_INTERVAL_S
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import join_names

#: Longer than the interval between two typing notices of one member, so that the text does not flicker.
TYPING_SHOWN_S: Final = TYPING_INTERVAL_S + 1

#: A member who lost the connection is listed this long.
LOST_SHOWN_S: Final = 300.0

#: Of more members than this who lost the connection, the first are no longer listed.
MAX_LOST: Final = 100

#: The fate of so many former members is remembered.
MAX_DEPARTED: Final = 500

_MAX_TYPING_NAMES: Final = 2


class Whereabouts(enum.Enum):
    """Whether a private message reaches a member now, later or never."""

    HERE = "here"
    AWAY = "away"
    GONE = "gone"


class Presence:
    """The members of one room. Touched by one thread; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.you = ""
        self._clock = clock
        #: What is known about each, by name, and their places in the order in which they joined. A new name
        #: takes over the place.
        self._people: dict[str, Person] = {}
        self._places: dict[str, int] = {}
        self._next_place = 0
        self._typing_until: dict[str, float] = {}
        self._typing_privately: set[str] = set()
        #: By name: the id of somebody whose connection broke, and until when they are listed.
        self._lost: dict[str, tuple[str, float]] = {}
        #: Former members by id, and whether they may come back; the newest last.
        self._departed: dict[str, Whereabouts] = {}

    def __len__(self) -> int:
        """Return the number of members, us included."""
        return len(self._places)

    @property
    def names(self) -> list[str]:
        """The members, in the order in which they joined."""
        return sorted(self._places, key=self._places.__getitem__)

    def person(self, name: str) -> Person:
        """Return what is known about a member."""
        return self._people[name]

    def person_by_id(self, member: str) -> Person | None:
        """Return what is known about the member with this id, or None if they are not in the room."""
        return next((person for person in self._people.values() if person.id == member != ""), None)

    def whereabouts(self, member: str) -> Whereabouts:
        """Return whether the member with this id is in the room, or may come back as the same member."""
        if self.person_by_id(member) is not None:
            return Whereabouts.HERE
        return self._departed.get(member, Whereabouts.AWAY)

    def lost_id(self, name: str) -> str:
        """Return the id of somebody whose connection broke a short time ago."""
        return self._lost[name][0] if name in self._lost else ""

    @property
    def typing_names(self) -> list[str]:
        """The members who are typing now."""
        now = self._clock()
        typing = [name for name, until in self._typing_until.items() if until > now]
        return sorted(typing, key=self._places.__getitem__)

    @property
    def lost(self) -> list[str]:
        """Former members whose connection broke a short time ago."""
        now = self._clock()
        return [name for name, (_, until) in self._lost.items() if until > now]

    @property
    def typing_text(self) -> str:
        """Who is typing, as a sentence: `Ben and Chiara are typing…`; empty if nobody is."""
        names = self.typing_names
        if not names:
            return ""
        few = len(names) <= _MAX_TYPING_NAMES
        who = join_names([*map(plain_name, names)]) if few else f"{len(names)} people"
        whom = " to you only" if self._typing_privately.issuperset(names) else ""
        return f"{who} {'is' if len(names) == 1 else 'are'} typing{whom}…"

    def reset(self, you: str, people: Iterable[Person]) -> None:
        """Replace the members by those of the room that we have just joined."""
        self.you = you
        self._people = {person.name: person for person in people}
        self._places = {name: place for place, name in enumerate(self._people)}
        self._next_place = len(self._places)
        self._lost = {name: lost for name, lost in self._lost.items() if name not in self._places}
        self.clear_typing()

    def clear(self) -> None:
        """Remove everybody: the session has ended."""
        self._people.clear()
        self._places.clear()
        self._lost.clear()
        self.clear_typing()

    def member_joined(self, person: Person) -> None:
        """Add a member."""
        name = person.name
        if name not in self._places:
            self._places[name] = self._next_place
            self._next_place += 1
        self._people[name] = person
        self._lost.pop(name, None)
        self._departed.pop(person.id, None)

    def member_left(self, name: str, reason: str) -> None:
        """Remove a member; `reason` is the server's. Somebody who was not here can't have left."""
        if self._places.pop(name, None) is None:
            return
        self._typing_until.pop(name, None)
        self._typing_privately.discard(name)
        member = self._people.pop(name).id
        if member:
            self._departed[member] = (
                Whereabouts.GONE if reason in leave_reasons.FOR_GOOD else Whereabouts.AWAY
            )
        while len(self._departed) > MAX_DEPARTED:
            del self._departed[next(iter(self._departed))]
        if reason == error_codes.CONNECTION_BROKE:
            self._lost[name] = member, self._clock() + LOST_SHOWN_S
            while len(self._lost) > MAX_LOST:
                del self._lost[next(iter(self._lost))]

    def member_renamed(self, name: str, old: str, resembles: str = "", server: str = "") -> None:
        """Rename a member, who is at this `server` now; the place in the list stays the same."""
        if old in self._places:
            self._places[name] = self._places.pop(old)
            self._people[name] = replace(self._people.pop(old), name=name, resembles=resembles, server=server)
        self._typing_until.pop(old, None)
        if self.you == old:
            self.you = name

    def typing_started(self, name: str, *, private: bool = False) -> None:
        """Mark a member as typing, for a few seconds; with `private` to us only."""
        if name in self._places:
            self._typing_until[name] = self._clock() + TYPING_SHOWN_S
            self._typing_privately = (self._typing_privately - {name}) | ({name} if private else set())

    def message_received(self, name: str) -> None:
        """Mark a member as not typing: the message has arrived."""
        self._typing_until.pop(name, None)

    def clear_typing(self) -> None:
        """Mark everybody as not typing: the connection is gone."""
        self._typing_until.clear()
        self._typing_privately.clear()
