"""Folds who came and went, with nothing said in between, into one line."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

#: So many are named; of the others a number is enough.
MAX_NAMES: Final = 4


class _NetChange(enum.Enum):
    JOINED = "joined"
    RETURNED = "left and came back"
    LEFT = "left"
    VISITED = "looked in"


class PresenceSummary:
    """What remains of all comings and goings of a while."""

    def __init__(self) -> None:
        self._changes: dict[str, tuple[_NetChange, str]] = {}

    def member_joined(self, name: str) -> None:
        """Somebody came."""
        before = self._changes.pop(name, None)
        back = before is not None and before[0] is _NetChange.LEFT
        self._changes[name] = (_NetChange.RETURNED if back else _NetChange.JOINED, "")

    def member_left(self, name: str, reason: str) -> None:
        """Somebody went; `reason` is empty where they left by choice."""
        before = self._changes.pop(name, None)
        had_joined = before is not None and before[0] is _NetChange.JOINED
        self._changes[name] = (_NetChange.VISITED, "") if had_joined else (_NetChange.LEFT, reason)

    @property
    def text(self) -> str:
        """Return it in words: `Ben and Chiara joined · Deniz left (the connection was lost)`."""
        names_by_change: dict[tuple[_NetChange, str], list[str]] = {}
        for name, change in self._changes.items():
            names_by_change.setdefault(change, []).append(name)
        order = sorted(names_by_change, key=lambda way: list(_NetChange).index(way[0]))
        return " · ".join(_sentence(names_by_change[way], *way) for way in order)


def join_names(names: Sequence[str]) -> str:
    """Return names as one reads them out: `Ann, Ben and 3 others`."""
    if len(names) > MAX_NAMES + 1:
        names = (*names[:MAX_NAMES], f"{len(names) - MAX_NAMES} others")
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _sentence(names: Sequence[str], change: _NetChange, reason: str) -> str:
    return f"{join_names(names)} {change.value}" + (f" ({reason})" if reason else "")
