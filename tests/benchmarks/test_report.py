"""The tables show what was measured."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.benchmarks.load import Case, Outcome
from tests.benchmarks.report import tables
from tests.benchmarks.results import Results

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
    welcome_ms=1.0,
    seen_ms=2.0,
)


def results(*outcomes: tuple[str, Outcome], case: Case = FAST) -> Results:
    """Return one round with these outcomes."""
    made = Results()
    for name, outcome in outcomes:
        made.add(case, name, outcome)
    made.end_round()
    return made


def row(text: str, name: str, *, table: str = "Deliveries a second") -> list[str]:
    """Return the cells of a row of a table."""
    lines = text.partition(f"### {table}\n")[2].partition("\n###")[0].splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
    return next(cells for cells in rows if cells[0] == name)


def test_ours_is_shown_in_full_and_compared_with_the_others() -> None:
    """The ratio says how many times as many deliveries ours makes."""
    text = tables(results(("messango", GOOD), ("other", replace(GOOD, seconds=1.0))))
    assert row(text, "five") == ["five", "2.0 k", "2.00"]


def test_where_ours_is_slower_is_bold() -> None:
    """With fewer deliveries, also for a second of the processor's time."""
    text = tables(results(("messango", GOOD), ("other", replace(GOOD, seconds=0.25, server_cpu_s=0.5))))
    assert row(text, "five") == ["five", "2.0 k", "**0.50**"]
    by_cpu = "Deliveries for a second of the server's processor time"
    assert row(text, "five", table=by_cpu) == ["five", "4.0 k", "2.00"]


@pytest.mark.parametrize(
    ("case", "table"),
    [
        (Case("asked", 5, 5, rate=200.0), "Until a message arrives, median"),
        (Case("asked", 5, 5, rate=200.0), "Until a message arrives, 99th percentile"),
        (Case("asked", 5, 1, visits=3), "From connecting to the welcome"),
        (Case("asked", 5, 1, visits=3), "From connecting to the first message of a member"),
        (Case("asked", 5, 0, storm=True), "All connect at the same moment, until all are in"),
    ],
)
def test_less_time_is_better(case: Case, table: str) -> None:
    """Twice the time of another is half as good."""
    half = replace(GOOD, p50_ms=0.05, p99_ms=0.1, welcome_ms=0.5, seen_ms=1.0, setup_ms=0.5)
    text = tables(results(("messango", GOOD), ("other", half), case=case))
    assert row(text, "asked", table=table)[2] == "**0.50**"


def test_variants_are_compared_with_the_same_of_another_tree() -> None:
    """And with the plain form of a server that has no other."""
    fast = replace(GOOD, seconds=0.25)
    both = ", TLS and history"
    named = (("messango", fast), (f"messango{both}", GOOD), ("old", fast), (f"old{both}", GOOD), ("c", fast))
    text = tables(results(*named))
    assert row(text, "five") == ["five", "4.0 k", "1.00", "1.00"]
    assert row(text, f"five{both}") == [f"five{both}", "2.0 k", "1.00", "**0.50**"]


def test_a_contestant_that_missed_a_case_has_an_empty_cell() -> None:
    """The others of the row are shown."""
    made = results(("messango", GOOD), ("other", GOOD), ("third", GOOD))
    made.outcomes[Case("hundred", 100, 10)] = {name: {0: GOOD} for name in ("messango", "other")}
    assert row(tables(made), "hundred") == ["hundred", "2.0 k", "1.00", ""]


def test_each_round_is_compared_with_itself() -> None:
    """A slow round of all does not change the ratio; one slow outcome of three does not count."""
    made = Results()
    for ours_s, other_s in ((0.5, 0.5), (5.0, 5.0), (0.5, 5.0)):
        made.add(FAST, "messango", replace(GOOD, seconds=ours_s))
        made.add(FAST, "other", replace(GOOD, seconds=other_s))
        made.end_round()
    assert row(tables(made), "five") == ["five", "2.0 k", "1.00"]
    assert row(tables(made, spread=True), "five")[2] == "1.00 (1.00–10.00)"


def test_the_load_says_how_busy_it_was() -> None:
    """Where that is near a whole core, the load limits what a server reaches."""
    text = tables(results(("messango", GOOD), ("other", replace(GOOD, load_cpu_s=0.45))))
    assert row(text, "five", table="The load program's own share of a core") == ["five", "20%", "90%"]


def test_figures_of_two_trees_are_compared() -> None:
    """Less is better, so half of ours is half as good."""
    made = Results()
    made.add_light("Pipes", "old", {"ms": 5.0})
    made.add_light("Pipes", "messango", {"ms": 10.0})
    made.end_round()
    assert row(tables(made), "ms", table="Pipes") == ["ms", "10.00", "**0.50**"]


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
