"""Who is in the room: the members in order, who is typing, who lost the connection, who joined and left.

Pure, and shared by the window and the terminal. Names are kept as they are given: a front end that may
only show safe names gives safe names.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from messango.protocol import error_codes
from messango.protocol.limits import TYPING_INTERVAL_S
from messango.protocol.name_list import join_names

#: Longer than the interval between two typing notices of one member, so that the text does not flicker.
TYPING_SHOWN_S: Final = TYPING_INTERVAL_S + 1

#: A member who lost the connection is listed this long.
LOST_SHOWN_S: Final = 300.0

#: Of more members than this who lost the connection, the first are no longer listed.
MAX_LOST: Final = 100

_MAX_TYPING_NAMES: Final = 2


class Presence:
    """The members of one room. Touched by one thread; `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.you = ""
        #: The members whose connections anybody on the network can read.
        self.unencrypted: set[str] = set()
        self._clock = clock
        #: In the order in which they joined; the values are places, which a new name takes over.
        self._places: dict[str, int] = {}
        self._next_place = 0
        self._typing_until: dict[str, float] = {}
        self._lost_until: dict[str, float] = {}

    def __len__(self) -> int:
        """Return the number of members, us included."""
        return len(self._places)

    @property
    def names(self) -> list[str]:
        """The members, in the order in which they joined."""
        return sorted(self._places, key=self._places.__getitem__)

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
        return [name for name, until in self._lost_until.items() if until > now]

    @property
    def typing_text(self) -> str:
        """Who is typing, as a sentence: `Ben and Chiara are typing…`; empty if nobody is."""
        names = self.typing_names
        if not names:
            return ""
        who = join_names(names) if len(names) <= _MAX_TYPING_NAMES else f"{len(names)} people"
        return f"{who} {'is' if len(names) == 1 else 'are'} typing…"

    def reset(self, you: str, members: Iterable[str], unencrypted: Iterable[str] = ()) -> None:
        """Replace the members by those of the room that we have just joined."""
        self.you = you
        self._places = {name: place for place, name in enumerate(dict.fromkeys(members))}
        self._next_place = len(self._places)
        self.unencrypted = {name for name in unencrypted if name in self._places}
        self._lost_until = {
            name: until for name, until in self._lost_until.items() if name not in self._places
        }
        self.clear_typing()

    def clear(self) -> None:
        """Remove everybody: the session has ended."""
        self._places.clear()
        self._lost_until.clear()
        self.clear_typing()

    def member_joined(self, name: str, *, encrypted: bool = True) -> None:
        """Add a member."""
        if name not in self._places:
            self._places[name] = self._next_place
            self._next_place += 1
        self._lost_until.pop(name, None)
        if encrypted:
            self.unencrypted.discard(name)
        else:
            self.unencrypted.add(name)

    def member_left(self, name: str, reason: str) -> None:
        """Remove a member; `reason` is the server's. Somebody who was not here can't have left."""
        if self._places.pop(name, None) is None:
            return
        self._typing_until.pop(name, None)
        self.unencrypted.discard(name)
        if reason == error_codes.CONNECTION_BROKE:
            self._lost_until[name] = self._clock() + LOST_SHOWN_S
            while len(self._lost_until) > MAX_LOST:
                del self._lost_until[next(iter(self._lost_until))]

    def member_renamed(self, name: str, old: str) -> None:
        """Rename a member; the place in the list stays the same."""
        if old in self._places:
            self._places[name] = self._places.pop(old)
        self._typing_until.pop(old, None)
        if old in self.unencrypted:
            self.unencrypted = {*self.unencrypted - {old}, name}
        if self.you == old:
            self.you = name

    def typing_started(self, name: str) -> None:
        """Mark a member as typing, for a few seconds."""
        if name in self._places:
            self._typing_until[name] = self._clock() + TYPING_SHOWN_S

    def message_received(self, name: str) -> None:
        """Mark a member as not typing: the message has arrived."""
        self._typing_until.pop(name, None)

    def clear_typing(self) -> None:
        """Mark everybody as not typing: the connection is gone."""
        self._typing_until.clear()


class _NetChange(enum.Enum):
    JOINED = "joined"
    RETURNED = "left and came back"
    LEFT = "left"
    VISITED = "joined and left"


class PresenceSummary:
    """The net result of the joins and leaves of a while."""

    def __init__(self) -> None:
        self._changes: dict[str, tuple[_NetChange, str]] = {}

    def __len__(self) -> int:
        """Return how many people have joined or left."""
        return len(self._changes)

    def member_joined(self, name: str) -> None:
        """Count a join."""
        before = self._changes.pop(name, None)
        back = before is not None and before[0] is _NetChange.LEFT
        self._changes[name] = (_NetChange.RETURNED if back else _NetChange.JOINED, "")

    def member_left(self, name: str, reason: str) -> None:
        """Count a leave. `reason` is the server's: "left" means by choice, and is not repeated."""
        before = self._changes.pop(name, None)
        had_joined = before is not None and before[0] is _NetChange.JOINED
        reason = reason.rstrip(".")
        shown_reason = "" if reason == "left" else reason
        self._changes[name] = (_NetChange.VISITED, "") if had_joined else (_NetChange.LEFT, shown_reason)

    @property
    def text(self) -> str:
        """Return one line: `Ben and Chiara joined · Deniz left (the connection broke)`."""
        return " · ".join(self.sentences())

    def sentences(self, *, lasting_only: bool = False) -> list[str]:
        """Return one sentence for each kind of change.

        `lasting_only` omits those who are where they were before: visitors, and members who came back.
        """
        names_by_change: dict[tuple[_NetChange, str], list[str]] = {}
        for name, change in self._changes.items():
            if not (lasting_only and change[0] in (_NetChange.RETURNED, _NetChange.VISITED)):
                names_by_change.setdefault(change, []).append(name)
        order = sorted(names_by_change, key=lambda change: list(_NetChange).index(change[0]))
        return [_sentence(names_by_change[change], *change) for change in order]


def _sentence(names: Sequence[str], change: _NetChange, reason: str) -> str:
    return f"{join_names(names)} {change.value}" + (f" ({reason})" if reason else "")
