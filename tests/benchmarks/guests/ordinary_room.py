"""What members without a browser notice of `--web`: as good as nothing, while no guest is there."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import Tree
from tests.benchmarks.guests.room import GuestRoom
from tests.benchmarks.light import first_answer_ms
from tests.benchmarks.load import Case, run_load
from tests.benchmarks.processes import running

_CLIENTS: Final = 5
_FAN_OUT: Final = Case("5 clients, 64 under way", _CLIENTS, _CLIENTS, under_way=64, seconds=0.3)
_LATENCY: Final = Case("5 clients, 200 messages/s", _CLIENTS, _CLIENTS, rate=200.0, seconds=1.0)

#: Each kind of room runs first once.
_TURNS: Final = 2


def with_and_without(tree: Tree, load: Path) -> dict[str, float]:
    """Return the costs of a room that admits guests, and how many times those of one without they are."""
    costs: dict[str, dict[bool, list[float]]] = {}
    for turn in range(_TURNS):
        for web in (False, True) if turn % 2 else (True, False):
            for name, cost in _costs(tree, load, web=web).items():
                costs.setdefault(name, {}).setdefault(web, []).append(cost)
    figures = {}
    for name, by_web in costs.items():
        figures[f"{name}, with --web"] = statistics.median(by_web[True])
        figures[f"{name}, times that without"] = statistics.median(
            on / off for on, off in zip(by_web[True], by_web[False], strict=True)
        )
    return figures


def _costs(tree: Tree, load: Path, *, web: bool) -> dict[str, float]:
    server = GuestRoom(tree, web=web)
    # Seats for the second load, while those of the first one still leave.
    with running(server, 2 * _CLIENTS) as room:
        latency, fan_out = (run_load(load, server, room, case) for case in (_LATENCY, _FAN_OUT))
    return {
        "until the server answers, ms": first_answer_ms(server),
        "a million deliveries, s": 1e6 / fan_out.rate,
        "a million deliveries, s of the server's processor": 1e6 / fan_out.rate_per_cpu,
        "until a message arrives, ms": latency.p50_ms,
        "memory with five members, MB": latency.busy_kb / 1_000,
    }
