"""Which rounds count: each once, in the order in which the life of a server counted them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from messango.link.fold.kept_state import KeptState
from messango.link.fold.stream_entry import StreamEntry
from messango.link.fold.turns import Turns

#: A server has a life per start. Of those that are over, the oldest are forgotten first.
MAX_LIVES: Final = 1_000

_KIND: Final = "life"


class Life(Struct, frozen=True, omit_defaults=True):
    """A life of `server`: its last round that counted, and when it began; if `over`, no later one counts."""

    server: str
    n: int
    turn: int
    over: bool = False


class Lives:
    """The lives of all servers, in the order in which they began."""

    def __init__(self, kept: KeptState, turns: Turns) -> None:
        self._kept = kept
        self._turns = turns
        stored = sorted(kept.read_all(_KIND, Life), key=lambda item: item[1].turn)
        self._lives = dict(stored)

    def count(self, entry: StreamEntry) -> bool:
        """Return whether the entry is the next round of a life that is not over; it is counted then."""
        life = self._lives.get(entry.life)
        if life is None:
            if entry.n != 1:
                return False
            life = Life(entry.server, 0, self._turns.next())
        elif life.over or life.server != entry.server or entry.n != life.n + 1:
            return False
        self._put(entry.life, Life(life.server, entry.n, life.turn))
        self._forget()
        return True

    def rounds(self, name: str) -> int:
        """Return the last round of this life that counted."""
        life = self._lives.get(name)
        return 0 if life is None else life.n

    def is_over(self, name: str) -> bool:
        """Return whether the server has begun another life after this one."""
        life = self._lives.get(name)
        return life is not None and life.over

    def end_others(self, server: str, present: str) -> None:
        """All lives of this server are over, except the present one."""
        for name, life in [*self._lives.items()]:
            if life.server == server and name != present and not life.over:
                self._put(name, Life(life.server, life.n, life.turn, over=True))

    def _put(self, name: str, life: Life) -> None:
        self._lives[name] = life
        self._kept.put(f"{_KIND}:{name}", life)

    def _forget(self) -> None:
        if len(self._lives) > MAX_LIVES:
            oldest = next((name for name, life in self._lives.items() if life.over), None)
            if oldest is not None:
                del self._lives[oldest]
                self._kept.delete(f"{_KIND}:{oldest}")
