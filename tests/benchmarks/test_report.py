"""The tables show what was measured."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from tests.benchmarks.load import Case, Outcome
from tests.benchmarks.report import Results, tables

FAST = Case("five", 5, 5)
GOOD = Outcome(
    setup_ms=1.0,
    slowest_ms=1.0,
    retries=0,
    seconds=0.5,
    expected=1_000,
    fine=1_000,
    twice=0,
    disordered=0,
    damaged=0,
    parted=0,
    one_order=True,
    load_cpu_s=0.1,
    server_cpu_s=0.25,
    idle_kb=1,
    busy_kb=2,
    p50_ms=0.1,
    p99_ms=0.2,
    max_ms=0.3,
)


def results(*outcomes: tuple[str, Outcome], case: Case = FAST) -> Results:
    """Return one round with these outcomes."""
    made = Results()
    for name, outcome in outcomes:
        made.add(case, name, outcome)
    made.end_round()
    return made


def row(text: str, name: str) -> list[str]:
    """Return the cells of a contestant's row."""
    line = next(line for line in text.splitlines() if line.startswith(f"| {name}"))
    return [cell.strip() for cell in line.strip("| ").split("|")]


def test_rates_are_shown_as_parts_of_ours() -> None:
    """The first contestant is ours, and the ratio counts."""
    text = tables(results(("messango", GOOD), ("other", replace(GOOD, seconds=1.0, server_cpu_s=0.5))))
    assert row(text, "messango")[1:5] == ["2,000", "1.00", "50%", "1.00"]
    assert row(text, "other")[1:5] == ["1,000", "0.50", "50%", "0.50"]


def test_all_fan_outs_are_in_one_table() -> None:
    """Ours in full, the others as multiples of it; a contestant that missed a case has an empty cell."""
    made = results(("messango", GOOD), ("other", replace(GOOD, seconds=1.0)), ("third", GOOD))
    for name, outcome in (("messango", GOOD), ("other", replace(GOOD, server_cpu_s=0.5))):
        made.add(Case("hundred", 100, 10), name, outcome)
    made.add(Case("at once", 5, 0, seconds=0.0), "messango", GOOD)
    overview = tables(made).partition("### Deliveries/s, and per CPU")[2]
    assert row(overview, "messango") == ["messango", "0.00 M", "0.00 M"]
    assert row(overview, "other") == ["other", "0.50 / 1.00", "1.00 / 0.50"]
    assert row(overview, "third")[1] == "1.00 / 1.00"
    assert "at once" not in overview


def test_the_median_of_the_rounds_is_shown() -> None:
    """One slow round of three does not count."""
    text = tables(results(*[("messango", replace(GOOD, seconds=seconds)) for seconds in (0.5, 0.5, 5.0)]))
    assert row(text, "messango")[1] == "2,000"


def test_errors_are_shown() -> None:
    """Lost and damaged messages are shown beside the rate."""
    faulty = replace(GOOD, fine=990, damaged=5, twice=10, parted=2)
    text = tables(results(("messango", GOOD), ("other", faulty)))
    assert "1.00% missing, 1.00% twice, 0.50% damaged, 2 parted" in text


def test_missing_contestants_are_shown() -> None:
    """The report says why a contestant is missing."""
    made = results(("messango", GOOD))
    made.absent["ngircd"] = "`ngircd` is not installed"
    assert "Not here: ngircd (`ngircd` is not installed)." in tables(made)


def test_everything_is_in_the_json(tmp_path: Path) -> None:
    """A program finds the outcome of each round."""
    made = results(("messango", GOOD))
    made.save(tmp_path / "all.json")
    (case,) = json.loads((tmp_path / "all.json").read_text())["cases"]
    assert case["name"] == "five"
    assert case["outcomes"]["messango"] == [asdict(GOOD)]
