"""What a run measures: how soon after the network or the server is back the first message comes through."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.lan.faults.checker import ClientRun
from tests.lan.faults.plan import LINK_KINDS, SERVER, Fault, Kind

#: After these all is well again at once, and it is up to the client how soon it notices.
MEASURED_KINDS: Final = LINK_KINDS | {Kind.NEW_ADDRESS, Kind.SERVER_KILLED}


@dataclass(frozen=True, slots=True)
class Recovery:
    """A member saw its first message `after_s` seconds after the fault was mended."""

    fault: Fault
    label: str
    after_s: float


def recoveries(faults: Sequence[Fault], runs: Mapping[str, ClientRun]) -> list[Recovery]:
    """Return one for each fault that was mended and each member it cut off; `faults` have their true times.

    Where something else kept that member or the server away meanwhile, it is left out.
    """
    found = []
    for fault in faults:
        if fault.kind not in MEASURED_KINDS:
            continue
        for label, run in runs.items():
            person = label.partition("#")[0]
            if fault.target not in (SERVER, person):
                continue
            seen = next((saw.at_s for saw in run.seen if saw.at_s >= fault.until_s), None)
            began = run.joins[0].at_s if run.joins else float("inf")
            if seen is None or began > fault.at_s or (run.killed_s or seen) < seen:
                continue
            others = [other for other in faults if other is not fault and other.target in (SERVER, person)]
            if not any(other.at_s < seen and other.until_s > fault.at_s for other in others):
                found.append(Recovery(fault, label, seen - fault.until_s))
    return found


def median_and_worst(times_s: Sequence[float]) -> tuple[float, float]:
    """Return both of one time or more."""
    return statistics.median(times_s), max(times_s)
