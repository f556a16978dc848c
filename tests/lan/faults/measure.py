"""Measures how soon the first message arrives after the network or the server is back."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.lan.faults.checker import ClientRun
from tests.lan.faults.plan import LINK_KINDS, SERVER, Fault, Kind

#: When these end, everything works again at once, and the client decides how soon it notices.
MEASURED_KINDS: Final = LINK_KINDS | {Kind.NEW_ADDRESS, Kind.SERVER_KILLED}


@dataclass(frozen=True, slots=True)
class Recovery:
    """A member saw its first message `after_s` seconds after the fault ended."""

    fault: Fault
    label: str
    after_s: float


def recoveries(faults: Sequence[Fault], runs: Mapping[str, ClientRun]) -> list[Recovery]:
    """Return one for each fault and each member that it cut off; `faults` have their true times.

    Times during which another fault affected that member or the server are left out.
    """
    found = []
    for fault in faults:
        if fault.kind not in MEASURED_KINDS:
            continue
        for label, run in runs.items():
            member = label.partition("#")[0]
            if fault.target not in (SERVER, member):
                continue
            seen = next((saw.at_s for saw in run.seen if saw.at_s >= fault.until_s), None)
            began = run.joins[0].at_s if run.joins else float("inf")
            if seen is None or began > fault.at_s or (run.killed_s or seen) < seen:
                continue
            others = [other for other in faults if other is not fault and other.target in (SERVER, member)]
            if not any(other.at_s < seen and other.until_s > fault.at_s for other in others):
                found.append(Recovery(fault, label, seen - fault.until_s))
    return found


def median_and_worst(times_s: Sequence[float]) -> tuple[float, float]:
    """Return the median and the maximum of one or more times."""
    return statistics.median(times_s), max(times_s)
