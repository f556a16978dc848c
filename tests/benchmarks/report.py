"""The results of all rounds: medians, as tables for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.benchmarks.load import Case, Outcome


@dataclass
class Results:
    """The outcomes of each contestant in each case, one per round."""

    outcomes: dict[Case, dict[str, list[Outcome]]] = field(default_factory=dict)
    #: Results without contestants: start-up, idling.
    light: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    #: Contestants that did not take part, and why.
    absent: dict[str, str] = field(default_factory=dict)
    #: Cases that failed.
    failures: list[str] = field(default_factory=list)
    #: The machine's load average at the end of each round.
    loads: list[float] = field(default_factory=list)

    def add(self, case: Case, name: str, outcome: Outcome) -> None:
        """Add the outcome of one round."""
        self.outcomes.setdefault(case, {}).setdefault(name, []).append(outcome)

    def end_round(self) -> None:
        """Record how busy the machine was."""
        self.loads.append(os.getloadavg()[0])

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        cases = [
            {**asdict(case), "outcomes": {name: [asdict(one) for one in all_] for name, all_ in by.items()}}
            for case, by in self.outcomes.items()
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


def tables(results: Results) -> str:
    """Return everything as Markdown."""
    parts = [_heading(results)]
    parts += [_case(case, by_name) for case, by_name in results.outcomes.items()]
    fan_outs = {case: by for case, by in results.outcomes.items() if case.seconds and not case.rate}
    if len(fan_outs) > 1:
        parts.append(_overview(fan_outs))
    parts += [_light(what, rounds) for what, rounds in results.light.items()]
    return "\n\n".join(parts)


def median(outcomes: Sequence[Outcome], what: str) -> float:
    """Return the median of one value over the rounds."""
    return statistics.median(float(getattr(outcome, what)) for outcome in outcomes)


def _heading(results: Results) -> str:
    loads = ", ".join(f"{load:.1f}" for load in results.loads)
    lines = [f"Medians of {len(results.loads)} rounds; load average after each: {loads}."]
    lines += [f"Not here: {name} ({why})." for name, why in results.absent.items()]
    lines += [f"Failed: {failure}." for failure in results.failures]
    return "\n".join(lines)


def _case(case: Case, by_name: Mapping[str, Sequence[Outcome]]) -> str:
    if case.rate:
        return _table(case.name, ("", "p50 ms", "p99 ms", "max ms", "CPU"), _latencies(by_name))
    if not case.seconds:
        storm = ("", "all in after ms", "slowest ms", "tried again", "memory KB")
        return _table(case.name, storm, _storms(by_name))
    rates = ("", "deliveries/s", "of ours", "CPU", "of ours per CPU", "load's CPU", "memory KB", "faults")
    return _table(case.name, rates, _rates(by_name))


def _rates(by_name: Mapping[str, Sequence[Outcome]]) -> Iterable[tuple[str, ...]]:
    first = next(iter(by_name.values()))
    ours, ours_per_cpu = median(first, "rate"), median(first, "rate_per_cpu")
    for name, outcomes in by_name.items():
        rate = median(outcomes, "rate")
        yield (
            name,
            f"{rate:,.0f}",
            f"{rate / ours:.2f}" if ours else "",
            _share(outcomes, "server_cpu_s"),
            f"{median(outcomes, 'rate_per_cpu') / ours_per_cpu:.2f}" if ours_per_cpu else "",
            _share(outcomes, "load_cpu_s"),
            f"{median(outcomes, 'busy_kb'):,.0f}",
            _faults(outcomes),
        )


def _overview(fan_outs: Mapping[Case, Mapping[str, Sequence[Outcome]]]) -> str:
    """Return the rates in all fan-outs: ours in full, the others as multiples of it, also per CPU."""
    names = dict.fromkeys(name for by_name in fan_outs.values() for name in by_name)
    rows = [(name, *(_compared(by_name, name) for by_name in fan_outs.values())) for name in names]
    return _table("Deliveries/s, and per CPU", ("", *(case.name for case in fan_outs)), rows)


def _compared(by_name: Mapping[str, Sequence[Outcome]], name: str) -> str:
    ours = next(iter(by_name.values()))
    if name not in by_name:
        return ""
    if by_name[name] is ours:
        return f"{median(ours, 'rate') / 1e6:.2f} M"
    ratios = (median(by_name[name], what) / (median(ours, what) or 1) for what in ("rate", "rate_per_cpu"))
    return " / ".join(f"{ratio:.2f}" for ratio in ratios)


def _latencies(by_name: Mapping[str, Sequence[Outcome]]) -> Iterable[tuple[str, ...]]:
    for name, outcomes in by_name.items():
        figures = [f"{median(outcomes, what):.3f}" for what in ("p50_ms", "p99_ms", "max_ms")]
        yield (name, *figures, _share(outcomes, "server_cpu_s"))


def _storms(by_name: Mapping[str, Sequence[Outcome]]) -> Iterable[tuple[str, ...]]:
    for name, outcomes in by_name.items():
        yield (
            name,
            *(f"{median(outcomes, what):,.0f}" for what in ("setup_ms", "slowest_ms", "retries", "idle_kb")),
        )


def _share(outcomes: Sequence[Outcome], what: str) -> str:
    return f"{statistics.median(getattr(one, what) / one.seconds for one in outcomes if one.seconds):.0%}"


def _faults(outcomes: Sequence[Outcome]) -> str:
    """Return the errors of all rounds together, or an empty string."""
    expected = sum(outcome.expected for outcome in outcomes) or 1
    shares = {
        word: sum(getattr(outcome, what) for outcome in outcomes) / expected
        for word, what in (
            ("missing", "missing"),
            ("twice", "twice"),
            ("out of order", "disordered"),
            ("damaged", "damaged"),
        )
    }
    parted = sum(outcome.parted for outcome in outcomes)
    words = [f"{share:.2%} {word}" for word, share in shares.items() if share]
    return ", ".join([*words, *([f"{parted} parted"] if parted else [])])


def _light(what: str, rounds: Sequence[Mapping[str, float]]) -> str:
    rows = [(name, f"{statistics.median(one[name] for one in rounds):,.3f}") for name in rounds[0]]
    return _table(what, ("", "median"), rows)


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join(
        [f"### {title}", "", f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])]
    )
