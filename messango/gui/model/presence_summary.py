"""Folds who came and went, with nothing said in between, into one line."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

#: So many are named; of the others a number is enough.
MOST_NAMES: Final = 4


class _Net(enum.Enum):
    CAME = "joined"
    RETURNED = "left and came back"
    WENT = "left"
    LOOKED_IN = "looked in"


class Comings:
    """What remains of all comings and goings of a while."""

    def __init__(self) -> None:
        self._net: dict[str, tuple[_Net, str]] = {}

    def joined(self, name: str) -> None:
        """Somebody came."""
        before = self._net.pop(name, None)
        back = before is not None and before[0] is _Net.WENT
        self._net[name] = (_Net.RETURNED if back else _Net.CAME, "")

    def left(self, name: str, reason: str) -> None:
        """Somebody went; `reason` is empty where they left by choice."""
        before = self._net.pop(name, None)
        came = before is not None and before[0] is _Net.CAME
        self._net[name] = (_Net.LOOKED_IN, "") if came else (_Net.WENT, reason)

    @property
    def text(self) -> str:
        """Return it in words: `Ben and Chiara joined · Deniz left (the connection was lost)`."""
        ways: dict[tuple[_Net, str], list[str]] = {}
        for name, way in self._net.items():
            ways.setdefault(way, []).append(name)
        order = sorted(ways, key=lambda way: list(_Net).index(way[0]))
        return " · ".join(_sentence(ways[way], *way) for way in order)


def together(names: Sequence[str]) -> str:
    """Return names as one reads them out: `Ann, Ben and 3 others`."""
    if len(names) > MOST_NAMES + 1:
        names = (*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} others")
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _sentence(names: Sequence[str], net: _Net, reason: str) -> str:
    return f"{together(names)} {net.value}" + (f" ({reason})" if reason else "")
