"""The rows of the window's member list."""

from __future__ import annotations

from dataclasses import dataclass

from messango.client.presence import Presence


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
        """Return the members in the order in which they joined, you first, lost connections last."""
        typing = set(self.typing_names)
        rows = [
            MemberRow(name, name == self.you, name in typing, encrypted=name not in self.unencrypted)
            for name in self.names
        ]
        return sorted(rows, key=lambda row: not row.you) + [MemberRow(name, lost=True) for name in self.lost]
