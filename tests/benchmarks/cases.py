"""The cases of the benchmark."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.benchmarks.load import Case

#: The fan-outs: name, clients, senders.
_FAN_OUTS: Final = [
    Case("5 clients, all send", 5, 5),
    Case("100 clients, 10 send", 100, 10),
    Case("500 clients, 5 send", 500, 5),
]

LATENCY: Final = Case("latency at 200 messages/s, 5 clients", 5, 5, rate=200.0, seconds=2.0)
STORM: Final = Case("200 join at once", 200, 0, seconds=0.0, storm=True)


def fan_outs(sizes: tuple[int, ...], seconds: float) -> list[Case]:
    """Return fan-outs with messages of these sizes, sent in batches and one at a time."""
    return [
        replace(case, name=f"{case.name}, {size} B, {how}", size=size, batches=batches, seconds=seconds)
        for size in sizes
        for case in _FAN_OUTS
        for how, batches in (("in batches", True), ("one at a time", False))
    ]
