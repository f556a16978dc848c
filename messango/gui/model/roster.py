"""The rows of the window's member list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.client.presence import Presence

#: The members beyond this are only counted: each row is five widgets, and nobody reads down so far.
MAX_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row of the member list; `lost` marks a former member whose connection broke."""

    name: str
    you: bool = False
    typing: bool = False
    lost: bool = False
    encrypted: bool = True

    @property
    def status(self) -> str:
        """The text behind the name, most urgent first."""
        if self.lost:
            return "lost connection"
        if self.typing:
            return "typing…"
        return "you" if self.you else ""


class Roster(Presence):
    """The members of the room, as rows."""

    @property
    def rows(self) -> list[MemberRow]:
        """Return the members in the order in which they joined, you first, lost connections last.

        At most `MAX_LISTED` members have a row.
        """
        typing, names = set(self.typing_names), self.names
        if self.you in names:
            names = [self.you, *(name for name in names if name != self.you)]
        rows = [
            MemberRow(name, name == self.you, name in typing, encrypted=name not in self.unencrypted)
            for name in names[:MAX_LISTED]
        ]
        return rows + [MemberRow(name, lost=True) for name in self.lost]
