"""The results of all rounds, and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.contestants import OURS
from tests.benchmarks.load import Case, Outcome

#: The outcomes of one contestant in one case, by the number of the round.
Outcomes: TypeAlias = Mapping[int, Outcome]


@dataclass
class Results:
    """The outcomes of each contestant in each case, one per round."""

    outcomes: dict[Case, dict[str, dict[int, Outcome]]] = field(default_factory=dict)
    #: What is measured only of our trees: for each subject and tree, the figures of each round.
    light: dict[str, dict[str, list[dict[str, float]]]] = field(default_factory=dict)
    #: Contestants and measurements that are missing, and why.
    absent: dict[str, str] = field(default_factory=dict)
    #: Cases that failed.
    failures: list[str] = field(default_factory=list)
    #: The machine's load average at the end of each round.
    loads: list[float] = field(default_factory=list)

    def add(self, case: Case, name: str, outcome: Outcome) -> None:
        """Add an outcome of the current round."""
        self.outcomes.setdefault(case, {}).setdefault(name, {})[len(self.loads)] = outcome

    def add_light(self, subject: str, tree: str, figures: dict[str, float]) -> None:
        """Add what was measured of a tree in the current round."""
        self.light.setdefault(subject, {}).setdefault(tree, []).append(figures)

    def end_round(self) -> None:
        """Record how busy the machine was."""
        self.loads.append(os.getloadavg()[0])

    def columns(self, cases: Sequence[Case]) -> list[str]:
        """Return the contestants of these cases without their variants, ours first."""
        names = [name.partition(",")[0] for case in cases for name in self.outcomes[case]]
        return [*dict.fromkeys([OURS.name, *names])]

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        cases = [
            {
                **asdict(case),
                "outcomes": {
                    name: [asdict(one) for one in every.values()] for name, every in by_name.items()
                },
            }
            for case, by_name in self.outcomes.items()
        ]
        whole = {
            "python": platform.python_version(),
            "machine": f"{platform.platform()}, {os.cpu_count()} cores",
            "loads": self.loads,
            "absent": self.absent,
            "failures": self.failures,
            "cases": cases,
            "light": self.light,
        }
        path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
