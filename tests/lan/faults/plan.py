"""A random plan of faults: the same seed gives the same plan."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from messango.protocol.limits import TRANSFER_STALL_S

SERVER: Final = "server"


class Kind(enum.Enum):
    """The kinds of faults."""

    SERVER_KILLED = "server killed and started again"
    STOPPED = "process stopped"
    LINK_DOWN = "link down"
    NEW_ADDRESS = "server at a new address"
    PARTITION = "member cut off"
    DEAF = "incoming packets dropped"
    MUTE = "outgoing packets dropped"
    DELAYED = "proxy delays"
    SPLIT = "proxy splits"
    STALLED = "proxy stalls"
    RESET = "proxy resets"
    FILES_STALLED = "proxy stalls files"
    DISK_FULL = "disk full"
    CLOCK_SET = "clock set forward and back"
    MEMBER_KILLED = "member killed"


#: These need the one member as their target whose connections go through the proxy.
PROXY_KINDS: Final = frozenset({Kind.DELAYED, Kind.SPLIT, Kind.STALLED, Kind.RESET, Kind.FILES_STALLED})

#: When these end, packets go through again, and the time to the first message is measured.
LINK_KINDS: Final = frozenset({Kind.LINK_DOWN, Kind.PARTITION, Kind.DEAF, Kind.MUTE})

#: Kinds are drawn from this bag; no kind comes again before all have come.
_BAG: Final = (*Kind, Kind.SERVER_KILLED, Kind.STOPPED, Kind.LINK_DOWN)

_SERVER_ONLY: Final = frozenset({Kind.SERVER_KILLED, Kind.NEW_ADDRESS, Kind.DISK_FULL})
_EITHER: Final = frozenset({Kind.STOPPED, Kind.LINK_DOWN, Kind.CLOCK_SET})
_SERVER_SHARE: Final = 0.35
_INSTANT: Final = frozenset({Kind.NEW_ADDRESS, Kind.RESET})

#: The longest duration of a fault, and its longest share of a short plan.
LONGEST_S: Final = 20.0
_LONGEST_SHARE: Final = 1 / 6
_SHORTEST_S: Final = 0.3
_RESTART_WITHIN_S: Final = 6.0

#: Some partitions last longer than seats are kept.
_LONG_PARTITIONS: Final = 0.2
_LONG_PARTITION_S: Final = 45.0

#: In a long plan, files stall for longer than either end waits for a byte.
_FILES_STALLED_S: Final = (TRANSFER_STALL_S + 2.0, TRANSFER_STALL_S + 12.0)

#: A killed member comes back after it must have vanished. The server has no fault meanwhile, because a
#: stopped server does not notice. Only plans of this length have time for this, once in this many faults.
GONE_S: Final = 41.5
_LONG_PLAN_S: Final = 300.0
_MEMBER_KILLED_ONCE_IN: Final = 40

#: Each target has one fault at a time, with a pause between two. Messages sent while the disk was full are
#: written some seconds after it was freed, at the next message; killing the server before loses them
#: legitimately. A new client that finds no room at first gives up, as it should.
_PAUSE_S: Final = 1.5
_PAUSES_S: Final = {Kind.DISK_FULL: 15.0, Kind.MEMBER_KILLED: 10.0}
_ATTEMPTS: Final = 400


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that starts at `at_s` and lasts `duration_s`."""

    at_s: float
    kind: Kind
    target: str
    duration_s: float

    @property
    def until_s(self) -> float:
        """When it ends."""
        return self.at_s + self.duration_s


def make_plan(
    seed: int,
    seconds: float,
    faults: int,
    members: Sequence[str],
    proxied: str,
    *,
    new_addresses: bool = True,
) -> list[Fault]:
    """Return this many faults, or as many as fit, in the order of their times."""
    rng = random.Random(seed)  # noqa: S311 (the same seed must give the same plan)
    plan: list[Fault] = []
    for kind in _kinds(rng, seconds, faults, new_addresses=new_addresses):
        for attempt in range(_ATTEMPTS):
            fault = _draw(rng, kind, seconds, members, proxied, patience=1 - attempt / _ATTEMPTS)
            if _fits(fault, seconds) and not any(_collide(fault, other) for other in plan):
                plan.append(fault)
                break
    return sorted(plan, key=lambda fault: fault.at_s)


def _kinds(rng: random.Random, seconds: float, faults: int, *, new_addresses: bool) -> Iterator[Kind]:
    # The kinds that need most space come first.
    killed = faults // _MEMBER_KILLED_ONCE_IN if seconds >= _LONG_PLAN_S else 0
    yield from [Kind.MEMBER_KILLED] * killed
    left_out = {Kind.MEMBER_KILLED} | (set() if new_addresses else {Kind.NEW_ADDRESS})
    bag: list[Kind] = []
    for _ in range(faults - killed):
        if not bag:
            bag = [kind for kind in _BAG if kind not in left_out]
            rng.shuffle(bag)
        yield bag.pop()


def _draw(
    rng: random.Random, kind: Kind, seconds: float, members: Sequence[str], proxied: str, patience: float
) -> Fault:
    """Draw time, target and duration; after failed attempts the durations get shorter."""
    at_s = rng.uniform(0, seconds)
    duration_s = _duration_s(rng, kind, seconds)
    if kind is not Kind.MEMBER_KILLED:
        duration_s *= patience
    return Fault(round(at_s, 2), kind, _target(rng, kind, members, proxied), round(duration_s, 2))


def _target(rng: random.Random, kind: Kind, members: Sequence[str], proxied: str) -> str:
    if kind in PROXY_KINDS:
        return proxied
    if kind in _SERVER_ONLY or (kind in _EITHER and rng.random() < _SERVER_SHARE):
        return SERVER
    return rng.choice(members)


def _duration_s(rng: random.Random, kind: Kind, seconds: float) -> float:
    longest_s = min(LONGEST_S, seconds * _LONGEST_SHARE)
    if kind in _INSTANT:
        return 0.0
    if kind is Kind.MEMBER_KILLED:
        return GONE_S
    if kind is Kind.SERVER_KILLED:
        longest_s = min(longest_s, _RESTART_WITHIN_S)
    if kind is Kind.PARTITION and seconds >= _LONG_PLAN_S and rng.random() < _LONG_PARTITIONS:
        return rng.uniform(longest_s, _LONG_PARTITION_S)
    if kind is Kind.FILES_STALLED and seconds >= _LONG_PLAN_S:
        return rng.uniform(*_FILES_STALLED_S)
    return rng.uniform(_SHORTEST_S, longest_s)


def _fits(fault: Fault, seconds: float) -> bool:
    """Return whether it is over before the end; a member that comes back needs time to send."""
    spare_s = _PAUSES_S[fault.kind] if fault.kind is Kind.MEMBER_KILLED else 0.0
    return fault.until_s + spare_s <= seconds


def _collide(one: Fault, other: Fault) -> bool:
    """Return whether two faults can't both be in the plan."""
    kinds = {one.kind, other.kind}
    server_and_killed = Kind.MEMBER_KILLED in kinds and SERVER in (one.target, other.target)
    if one.target != other.target and not server_and_killed:
        return False
    pause_s = max(_PAUSES_S.get(kind, _PAUSE_S) for kind in kinds)
    return one.at_s < other.until_s + pause_s and other.at_s < one.until_s + pause_s
