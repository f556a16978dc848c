"""The results as Markdown tables: what we reach, and how many times as good that is as the others."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tests.benchmarks.contestants import OURS, VARIANTS
from tests.benchmarks.load import Case, Kind, Outcome
from tests.benchmarks.results import Outcomes, Results
from tests.benchmarks.tables import marked, table

_LEGEND: Final = (
    "The first column is what Messango reaches. The others say how many times as good that is as what the "
    "other server reaches: 2.00 means twice the deliveries, or half the time. **Bold**: Messango is worse. "
    "The other servers run without TLS and history in all rows."
)


class Measure(NamedTuple):
    """One table: what it is about, its value, how that is shown, and whether more of it is better."""

    title: str
    value: Callable[[Outcome], float]
    format: Callable[[float], str]
    more_is_better: bool = False


def _count(value: float) -> str:
    return f"{value / 1e6:.2f} M" if value >= 1e6 else f"{value / 1e3:,.1f} k"


def _ms(value: float) -> str:
    return f"{value:.2f} ms" if value < 100 else f"{value:,.0f} ms"


MEASURES: Final[Mapping[Kind, Sequence[Measure]]] = {
    "fan-out": (
        Measure("Deliveries a second", lambda one: one.rate, _count, more_is_better=True),
        Measure(
            "Deliveries for a second of the server's processor time",
            lambda one: one.rate_per_cpu,
            _count,
            more_is_better=True,
        ),
    ),
    "latency": (
        Measure("Until a message arrives, median", lambda one: one.p50_ms, _ms),
        Measure("Until a message arrives, 99th percentile", lambda one: one.p99_ms, _ms),
    ),
    "joining": (
        Measure("From connecting to the welcome", lambda one: one.welcome_ms, _ms),
        Measure("From connecting to the first message of a member", lambda one: one.seen_ms, _ms),
    ),
    "storm": (Measure("All connect at the same moment, until all are in", lambda one: one.setup_ms, _ms),),
}


def tables(results: Results, *, spread: bool = False) -> str:
    """Return everything as Markdown; `spread` adds the lowest and the highest ratio of all rounds."""
    parts = [_heading(results)]
    if results.outcomes:
        parts.append(_LEGEND)
    for kind, measures in MEASURES.items():
        if cases := [case for case in results.outcomes if case.kind == kind]:
            parts += [_compared(results, cases, measure, spread=spread) for measure in measures]
    if cases := [case for case in results.outcomes if case.kind in ("fan-out", "latency")]:
        parts.append(_load_shares(results, cases))
    parts += [_light(subject, by_tree) for subject, by_tree in results.light.items()]
    return "\n\n".join([*parts, *_faults(results)])


def _heading(results: Results) -> str:
    loads = ", ".join(f"{load:.1f}" for load in results.loads)
    lines = [f"Medians of {len(results.loads)} rounds; load average after each: {loads}."]
    lines += [f"Not here: {name} ({why})." for name, why in results.absent.items()]
    lines += [f"Failed: {failure}." for failure in results.failures]
    return "\n".join(lines)


def _compared(results: Results, cases: Sequence[Case], measure: Measure, *, spread: bool) -> str:
    columns = results.columns(cases)
    rows = []
    for case, variant, ours in _our_rows(results, cases):
        rivals = [_rival(results.outcomes[case], column, variant) for column in columns[1:]]
        cells = [_ratio(measure, ours, rival, spread=spread) for rival in rivals]
        rows.append((case.name + variant, measure.format(_median(measure.value, ours)), *cells))
    return table(measure.title, ("", *columns), rows)


def _our_rows(results: Results, cases: Sequence[Case]) -> Iterable[tuple[Case, str, Outcomes]]:
    """Yield each case with each variant of ours in it."""
    for case in cases:
        for variant in VARIANTS.values():
            if ours := results.outcomes[case].get(OURS.name + variant):
                yield case, variant, ours


def _rival(by_name: Mapping[str, Outcomes], column: str, variant: str) -> Outcomes:
    """Return the outcomes of the same variant; a server without variants is compared with all of ours."""
    if any(name.startswith(f"{column},") for name in by_name):
        return by_name.get(column + variant, {})
    return by_name.get(column, {})


def _ratio(measure: Measure, ours: Outcomes, rival: Outcomes, *, spread: bool) -> str:
    """Return how many times as good ours is; each round is compared with itself."""
    ratios = [_times_as_good(measure, ours[number], rival[number]) for number in ours if number in rival]
    if not ratios:
        return ""
    return marked(statistics.median(ratios)) + (f" ({min(ratios):.2f}–{max(ratios):.2f})" if spread else "")


def _times_as_good(measure: Measure, ours: Outcome, rival: Outcome) -> float:
    more, less = measure.value(ours), measure.value(rival)
    if not measure.more_is_better:
        more, less = less, more
    return more / less if less else 0.0


def _median(value: Callable[[Outcome], float], outcomes: Outcomes) -> float:
    return statistics.median(map(value, outcomes.values()))


def _load_shares(results: Results, cases: Sequence[Case]) -> str:
    """Return how busy the load itself was: near 100 % of a core it is what limits the fastest servers."""
    names = [*dict.fromkeys(name for case in cases for name in results.outcomes[case])]
    rows = [(case.name, *(_load_share(results.outcomes[case].get(name)) for name in names)) for case in cases]
    return table("The load program's own share of a core", ("", *names), rows)


def _load_share(outcomes: Outcomes | None) -> str:
    return f"{_median(lambda one: one.load_share, outcomes):.0%}" if outcomes else ""


def _faults(results: Results) -> list[str]:
    """Return what did not arrive as it should, of all rounds together."""
    lines = [
        f"- {name}, {case.name}: {words}"
        for case, by_name in results.outcomes.items()
        for name, outcomes in by_name.items()
        if (words := _fault([*outcomes.values()]))
    ]
    if not results.outcomes:
        return []
    return ["### Messages that did not arrive whole, once and in order", "\n".join(lines) or "None."]


def _fault(outcomes: Sequence[Outcome]) -> str:
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


def _light(subject: str, by_tree: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Return our figures, of which less is better, and how many times as good as another tree's they are."""
    trees = [OURS.name, *(name for name in by_tree if name != OURS.name)]
    ours, *others = (by_tree.get(name, []) for name in trees)
    rows = [(name, *_light_row(name, ours, others)) for name in (ours[0] if ours else ())]
    return table(subject, ("", *trees), rows)


def _light_row(
    name: str, ours: Sequence[Mapping[str, float]], others: Sequence[Sequence[Mapping[str, float]]]
) -> Iterable[str]:
    yield f"{statistics.median(one[name] for one in ours):,.2f}"
    for other in others:
        ratios = [theirs[name] / one[name] for one, theirs in zip(ours, other, strict=False) if one[name]]
        yield marked(statistics.median(ratios)) if ratios else ""
