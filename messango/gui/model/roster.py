"""Who is in a room, who is typing there, and who lost the connection and may be back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from messango.client.events import MemberLeft
from messango.gui.model.presence_summary import join_names
from messango.protocol import error_codes

#: A little longer than a client tells it again, so that it does not flicker.
TYPING_SHOWN_S: Final = 3.0

#: Who lost the connection stays in sight for so long.
LOST_SHOWN_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the list of members; `lost` for who was there until the connection broke."""

    name: str
    you: bool = False
    typing: bool = False
    lost: bool = False
    encrypted: bool = True

    @property
    def status(self) -> str:
        """What stands behind the name, most urgent first."""
        if self.lost:
            return "lost connection"
        if self.typing:
            return "typing…"
        return "you" if self.you else ""


class Roster:
    """Knows the members by what is told of them; `clock` never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.you = ""
        self._names: list[str] = []
        self._typing_until: dict[str, float] = {}
        self._lost_until: dict[str, float] = {}
        self._plaintext: set[str] = set()

    def __len__(self) -> int:
        """Return how many are in."""
        return len(self._names)

    def reset(self, you: str, members: Iterable[str], plaintext: Iterable[str] = ()) -> None:
        """We are in, among these; `plaintext` are those whose connections are not encrypted."""
        self.you, self._names = you, list(members)
        self._plaintext = set(plaintext)
        self._lost_until = {
            name: until for name, until in self._lost_until.items() if name not in self._names
        }
        self._typing_until.clear()

    def clear(self) -> None:
        """The stay is over."""
        self._names = []
        self._typing_until.clear()
        self._lost_until.clear()

    def member_joined(self, name: str, *, encrypted: bool = True) -> None:
        """Somebody came."""
        if name not in self._names:
            self._names.append(name)
        self._lost_until.pop(name, None)
        self._plaintext.discard(name)
        if not encrypted:
            self._plaintext.add(name)

    def member_left(self, event: MemberLeft) -> None:
        """Somebody went."""
        if event.name in self._names:
            self._names.remove(event.name)
        self._typing_until.pop(event.name, None)
        if event.reason == error_codes.CONNECTION_BROKE:
            self._lost_until[event.name] = self._clock() + LOST_SHOWN_S

    def member_renamed(self, name: str, old: str) -> None:
        """`old` is called `name` now."""
        self._names = [name if known == old else known for known in self._names]
        self._typing_until.pop(old, None)
        if old in self._plaintext:
            self._plaintext = {*self._plaintext - {old}, name}
        if self.you == old:
            self.you = name

    def typing_started(self, name: str) -> None:
        """Somebody is typing."""
        self._typing_until[name] = self._clock() + TYPING_SHOWN_S

    def message_received(self, name: str) -> None:
        """Somebody has said what they were typing."""
        self._typing_until.pop(name, None)

    def clear_typing(self) -> None:
        """The connection is gone, and with it what is known of typing."""
        self._typing_until.clear()

    @property
    def names(self) -> list[str]:
        """Everybody who is in, in the order of their coming."""
        return list(self._names)

    @property
    def rows(self) -> list[MemberRow]:
        """Who is in, in the order of their coming, you first, and last who lost the connection."""
        now = self._clock()
        rows = [self._row(name, now) for name in self._names]
        lost = [MemberRow(name, lost=True) for name, until in self._lost_until.items() if until > now]
        return sorted(rows, key=lambda row: not row.you) + lost

    @property
    def typing_text(self) -> str:
        """Who is typing, in words, or nothing."""
        names = [row.name for row in self.rows if row.typing]
        if not names:
            return ""
        if len(names) > 2:
            return f"{len(names)} people are typing…"
        return f"{join_names(names)} {'is' if len(names) == 1 else 'are'} typing…"

    def _row(self, name: str, now: float) -> MemberRow:
        typing = self._typing_until.get(name, now) > now
        return MemberRow(name, name == self.you, typing, encrypted=name not in self._plaintext)
