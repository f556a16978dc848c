"""The result of a run, for programs and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tests.lan.faults.checker import Violation
from tests.lan.faults.measure import Recovery, median_and_worst
from tests.lan.faults.plan import LINK_KINDS, Fault

#: Threads and descriptors of a process, before and after.
Counts: TypeAlias = Mapping[str, list[tuple[int, int]]]

#: One bug of Messango may break a promise a thousand times.
_MAX_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Result:
    """A run of `seconds`; `left_after_s` says how long members that were gone stayed listed."""

    seed: int
    faults: list[Fault]
    messages: int
    seconds: float
    violations: list[Violation]
    problems: list[str]
    recoveries: list[Recovery]
    left_after_s: Mapping[str, float]
    server_starts: int
    counts: Counts
    #: How many files came to which end, and how many copies were received.
    files: Mapping[str, int]
    files_received: int

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        return not self.violations and not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON data."""
        return {
            "ok": self.ok,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "messages": self.messages,
            "files": dict(self.files),
            "files_received": self.files_received,
            "faults": len(self.faults),
            "faults_by_kind": dict(Counter(fault.kind.value for fault in self.faults)),
            "server_starts": self.server_starts,
            "first_message_after_s": self._first_messages(),
            "seen_after_s": {how: round(after_s, 1) for how, after_s in self.left_after_s.items()},
            "threads_and_descriptors": dict(self.counts),
            "violations": [str(violation) for violation in self.violations],
            "troubles": self.problems,
        }

    def as_table(self) -> str:
        """Return the result as text."""
        figures = self.as_json()
        rows = [(name, figures[name]) for name in ("ok", "seed", "seconds", "messages")]
        rows += [(f"files {kind}", times) for kind, times in sorted(self.files.items())]
        rows += [("files received", self.files_received), ("faults", len(self.faults))]
        rows += [(f"  {kind}", times) for kind, times in sorted(figures["faults_by_kind"].items())]
        rows += [("server starts", self.server_starts), ("violations", len(self.violations))]
        for kind, one in figures["first_message_after_s"].items():
            times = f"median {one['median']} s, worst {one['worst']} s of {one['times']}"
            rows.append((f"first message after: {kind}", times))
        rows += [(f"seen after: {how}", f"{after_s} s") for how, after_s in figures["seen_after_s"].items()]
        for name, (before, after) in self.counts.items():
            rows.append((f"threads, descriptors: {name}", f"{before} -> {after}"))
        found = [*figures["violations"][:_MAX_SHOWN], *self.problems]
        return "\n".join([*(f"{name:<54}{value}" for name, value in rows), *found])

    def _first_messages(self) -> dict[str, dict[str, float]]:
        links = [one for one in self.recoveries if one.fault.kind in LINK_KINDS]
        by_kind = {"a link is back": links}
        for one in self.recoveries:
            by_kind.setdefault(one.fault.kind.value, []).append(one)
        return {kind: _summary(some) for kind, some in by_kind.items() if some}


def _summary(recovered: list[Recovery]) -> dict[str, float]:
    median_s, worst_s = median_and_worst([one.after_s for one in recovered])
    return {"times": len(recovered), "median": round(median_s, 2), "worst": round(worst_s, 2)}
