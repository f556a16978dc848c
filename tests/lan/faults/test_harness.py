"""A minute of faults: five members chat while things break, and every promise is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lan.faults.harness import NAMES, PROXIED, FaultHarness
from tests.lan.faults.plan import make_plan

SEED = 7
SECONDS = 60.0
FAULTS = 20


@pytest.mark.lan
@pytest.mark.nft
@pytest.mark.clock
@pytest.mark.timeout(600)
def test_a_minute_of_faults_breaks_no_promise(tmp_path: Path) -> None:
    """No message is lost or shown twice, all see one order, no gone member stays listed, nothing leaks."""
    plan = make_plan(SEED, SECONDS, FAULTS, NAMES, PROXIED)
    report: list[str] = []
    with FaultHarness(SEED, tmp_path, SECONDS, report.append) as harness:
        result = harness.run(plan)
    assert result.ok, "\n".join([*report, *map(str, result.violations), *result.problems])
    assert len(result.faults) == len(plan)
    assert result.messages > 100
