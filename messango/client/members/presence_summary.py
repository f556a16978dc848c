"""Who joined and left for a while, in few words and in the order in which it happened."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from messango.protocol import error_codes
from messango.protocol.leave_reasons import BY_HOST, leave_text
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import join_names

#: In a crowd that comes and goes, nobody can follow more steps than this: they are merged by their kind, and
#: only what the same member did keeps its order.
_MAX_STEPS: Final = 12


class _Change(enum.Enum):
    JOINED = "joined"
    RETURNED = "left and came back"
    LEFT = "left"
    VISITED = "joined and left"


#: The change, its reason in words, whether it was the host's, and at which other server.
_Kind: TypeAlias = tuple[_Change, str, bool, str]


@dataclass(slots=True)
class _Step:
    """What one or more members did, one directly after the other; `reason` is in words, or empty.

    `server` is where they joined, if it is another one than ours.
    """

    change: _Change
    reason: str = ""
    by_host: bool = False
    server: str = ""
    #: In their order; the values have no meaning.
    names: dict[str, None] = field(default_factory=dict)

    @property
    def kind(self) -> _Kind:
        """What makes two steps the same but for the members."""
        return self.change, self.reason, self.by_host, self.server

    @property
    def sentence(self) -> str:
        names = join_names([*map(plain_name, self.names)])
        where = f" at {plain_name(self.server)}" if self.server else ""
        return f"{names} {self.change.value}{where}" + (f" ({self.reason})" if self.reason else "")


class PresenceSummary:
    """Merges what directly follows each other: the same change of several members, or a leave and a return.

    Nothing changes places, as long as there are few steps. What the host did is never merged into a return.
    """

    def __init__(self) -> None:
        self._steps: list[_Step] = []

    def __len__(self) -> int:
        """Return the number of changes; those of several members are counted one by one."""
        return sum(len(step.names) for step in self._steps)

    def member_joined(self, name: str, server: str = "") -> None:
        """Add a join; `server` is the other server of a linked room at which it was."""
        last = self._last_of(name)
        if last is not None and last.change is _Change.LEFT and not last.by_host:
            self._replace_last(_Step(_Change.RETURNED), name)
        elif last is not None and last.change is _Change.VISITED and not last.by_host:
            self._replace_last(_Step(_Change.JOINED, server=server), name)
        else:
            self._add(_Step(_Change.JOINED, server=server), name)

    def member_left(self, name: str, reason: str, note: str = "") -> None:
        """Add a leave; `reason` and `note` as in the frame `Left`. A leave by choice needs no reason."""
        words = "" if reason == error_codes.LEFT else leave_text(reason, note)
        last, by_host = self._last_of(name), reason in BY_HOST
        if last is not None and last.change is _Change.JOINED:
            self._replace_last(_Step(_Change.VISITED, words if by_host else "", by_host), name)
        else:
            self._add(_Step(_Change.LEFT, words, by_host), name)

    @property
    def text(self) -> str:
        """Return one line: `Ben and Chiara joined · Deniz left (the connection broke)`."""
        return " · ".join(self.sentences())

    def sentences(self, *, lasting_only: bool = False) -> list[str]:
        """Return one sentence for each step.

        `lasting_only` omits those who are where they were before, and did that themselves.
        """
        passing = (_Change.RETURNED, _Change.VISITED)
        return [
            step.sentence
            for step in (self._steps if len(self._steps) <= _MAX_STEPS else _merged(self._steps))
            if not (lasting_only and step.change in passing and not step.by_host)
        ]

    def _last_of(self, name: str) -> _Step | None:
        """Return the last step if this member was the last in it."""
        last = self._steps[-1] if self._steps else None
        return last if last is not None and next(reversed(last.names)) == name else None

    def _replace_last(self, step: _Step, name: str) -> None:
        last = self._steps[-1]
        del last.names[name]
        if not last.names:
            self._steps.pop()
        self._add(step, name)

    def _add(self, step: _Step, name: str) -> None:
        last = self._steps[-1] if self._steps else None
        if last is not None and last.kind == step.kind:
            last.names.setdefault(name)
        else:
            step.names[name] = None
            self._steps.append(step)


def _merged(steps: Iterable[_Step]) -> list[_Step]:
    """Return few steps, in which what each member did keeps its order; of equal steps, the last counts."""
    kinds_by_name: dict[str, dict[_Kind, None]] = {}
    for step in steps:
        for name in step.names:
            kinds = kinds_by_name.setdefault(name, {})
            kinds.pop(step.kind, None)
            kinds[step.kind] = None
    merged: list[_Step] = []
    for name, kinds in kinds_by_name.items():
        place = 0
        for kind in kinds:
            while place < len(merged) and merged[place].kind != kind:
                place += 1
            if place == len(merged):
                merged.append(_Step(*kind))
            merged[place].names[name] = None
    return merged
