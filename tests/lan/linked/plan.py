"""A random plan of faults for a linked room: the same seed gives the same plan."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final


class Kind(enum.Enum):
    """The kinds of faults."""

    SERVER_KILLED = "server killed and started again"
    SERVER_STOPPED = "server stopped"
    SERVER_CUT = "server cut off from the engines"
    SERVER_ALONE = "server cut off from everything"
    SERVER_SLOW = "server behind a slow and lossy cable"
    SERVER_DISK_FULL = "server's disk full"
    SERVER_CLOCK = "server's clock set forward and back"
    SERVER_ROLLED_BACK = "server started on an older copy of its history"
    SERVER_CLOSED = "server closed and opened again"
    SERVER_RELINKED = "server's copy made again from the stream"
    ENGINE_KILLED = "engine killed and started again"
    ENGINE_STOPPED = "engine stopped"
    ENGINE_ALONE = "engine cut off from everything"
    ENGINE_SLOW = "engine behind a slow and lossy cable"
    ENGINE_DISK_FULL = "engine's disk full"
    LEADER_KILLED = "leading engine killed and started again"
    LEADER_STOPPED = "leading engine stopped"
    LEADER_CUT = "leading engine cut off from the other engines"
    ENGINES_KILLED = "all engines killed and started again"
    SERVERS_KILLED = "all servers killed and started again"
    MEMBER_KILLED = "member killed, and back at another server"
    MEMBER_LEFT = "member left, and back at another server"
    MEMBER_KICKED = "member kicked by the host of another server"
    MEMBER_BANNED = "member banned, tried elsewhere, and unbanned"
    MEMBER_LOCKED_OUT = "room locked while a member is away, and unlocked elsewhere"


_SERVER_KINDS: Final = frozenset(kind for kind in Kind if kind.name.startswith("SERVER_"))
_ENGINE_KINDS: Final = frozenset(kind for kind in Kind if kind.name.startswith("ENGINE_"))
_MEMBER_KINDS: Final = frozenset(kind for kind in Kind if kind.name.startswith("MEMBER_"))

#: A single engine leads; these are about those that do not, or about the others.
CLUSTER_KINDS: Final = frozenset({Kind.LEADER_KILLED, Kind.LEADER_STOPPED, Kind.LEADER_CUT})

#: Kinds are drawn from this bag; no kind comes again before all have come.
_BAG: Final = (*Kind, Kind.SERVER_KILLED, Kind.SERVER_CUT, Kind.ENGINE_KILLED, Kind.LEADER_KILLED)

#: What happens to members is over when it was done.
_INSTANT: Final = _MEMBER_KINDS | {Kind.SERVER_RELINKED}
_SHORTEST_S: Final = 0.3
_LONGEST_S: Final = 5.0

#: Sometimes a server is away for so long that the others declare it gone.
_LONG_KINDS: Final = frozenset({Kind.SERVER_STOPPED, Kind.SERVER_CUT, Kind.SERVER_ALONE, Kind.SERVER_KILLED})
_LONG_ONCE_IN: Final = 8
_LONG_S: Final = (16.0, 20.0)
#: Not in the plans of a short run.
_LONG_PLAN_FAULTS: Final = 20

#: Of the faults of servers and engines, a member is killed during one in so many.
_KILLS_ONCE_IN: Final = 5

#: Somebody who sends at once while the fault begins, or is in the middle of something.
_LONGEST_PAUSE_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that begins `after_s` the recovery from the one before, and lasts `duration_s`."""

    kind: Kind
    #: The number of the server, the engine or the member.
    target: int
    duration_s: float
    after_s: float
    #: The number of a member who is killed meanwhile, and returns when it is over.
    killed: int | None = None

    def __str__(self) -> str:
        also = "" if self.killed is None else f", member {self.killed} killed"
        return f"{self.kind.value}: {self.target}, {self.duration_s:.1f} s{also}"


def make_plan(
    seed: int, faults: int, *, servers: int, engines: int, members: int, only: str = ""
) -> list[Fault]:
    """Return this many faults, one after the other; `only` those that have this text in their kind."""
    rng = random.Random(seed)  # noqa: S311 (the same seed must give the same plan)
    is_long = faults >= _LONG_PLAN_FAULTS
    possible = [kind for kind in _BAG if engines > 1 or kind not in CLUSTER_KINDS]
    kinds = [kind for kind in possible if only in kind.value]
    counts = {
        **dict.fromkeys(_SERVER_KINDS, servers),
        **dict.fromkeys(_ENGINE_KINDS, engines),
        **dict.fromkeys(_MEMBER_KINDS, members),
    }
    return [
        Fault(
            kind,
            rng.randrange(counts.get(kind, 1)),
            round(_duration_s(rng, kind, is_long=is_long), 2),
            round(rng.uniform(0.0, _LONGEST_PAUSE_S), 2),
            _killed(rng, kind, members),
        )
        for kind in _drawn(rng, kinds, faults)
    ]


def _drawn(rng: random.Random, kinds: Sequence[Kind], faults: int) -> Iterator[Kind]:
    bag: list[Kind] = []
    for _ in range(faults):
        if not bag:
            bag = [*kinds]
            rng.shuffle(bag)
        yield bag.pop()


def _killed(rng: random.Random, kind: Kind, members: int) -> int | None:
    if kind in _MEMBER_KINDS or rng.randrange(_KILLS_ONCE_IN):
        return None
    return rng.randrange(members)


def _duration_s(rng: random.Random, kind: Kind, *, is_long: bool) -> float:
    if kind in _INSTANT:
        return 0.0
    if is_long and kind in _LONG_KINDS and rng.randrange(_LONG_ONCE_IN) == 0:
        return rng.uniform(*_LONG_S)
    return rng.uniform(_SHORTEST_S, _LONGEST_S)
