"""The result of a run of a linked room, for programs and for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final

from tests.lan.faults.checker import Violation
from tests.lan.faults.measure import median_and_worst
from tests.lan.linked.plan import Fault

#: One bug may break a promise a thousand times.
_MAX_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Recovery:
    """A fault that was over, and `after_s` later everybody had everything."""

    fault: Fault
    after_s: float


@dataclass(frozen=True, slots=True)
class LinkedResult:
    """A run of `seconds` with this many public messages, and all entries, in the final history."""

    seed: int
    engine: str
    seconds: float
    messages: int
    entries: int
    recoveries: list[Recovery]
    violations: list[Violation]
    problems: list[str]

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        return not self.violations and not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON data."""
        return {
            "ok": self.ok,
            "seed": self.seed,
            "engine": self.engine,
            "seconds": round(self.seconds, 1),
            "messages": self.messages,
            "entries": self.entries,
            "faults": len(self.recoveries),
            "faults_by_kind": dict(Counter(one.fault.kind.value for one in self.recoveries)),
            "recovered_after_s": self._recovered(),
            "violations": [str(violation) for violation in self.violations],
            "problems": self.problems,
        }

    def as_table(self) -> str:
        """Return the result as text."""
        figures = self.as_json()
        names = ("ok", "seed", "engine", "seconds", "messages", "entries", "faults")
        rows = [(name, figures[name]) for name in names]
        rows.append(("violations", len(self.violations)))
        for kind, one in figures["recovered_after_s"].items():
            rows.append((kind, f"median {one['median']} s, worst {one['worst']} s of {one['times']}"))
        found = [*figures["violations"][:_MAX_SHOWN], *self.problems]
        return "\n".join([*(f"{name:<54}{value}" for name, value in rows), *found])

    def _recovered(self) -> dict[str, dict[str, float]]:
        by_kind: dict[str, list[float]] = defaultdict(list)
        for one in self.recoveries:
            by_kind[one.fault.kind.value].append(one.after_s)
        return {kind: _summary(times_s) for kind, times_s in sorted(by_kind.items())}


def _summary(times_s: list[float]) -> dict[str, float]:
    median_s, worst_s = median_and_worst(times_s)
    return {"times": len(times_s), "median": round(median_s, 2), "worst": round(worst_s, 2)}
