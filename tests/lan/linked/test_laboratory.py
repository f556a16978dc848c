"""A minute of faults: three servers and a cluster of engines, and every promise is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lan.linked.laboratory import NAMES, SERVERS, Laboratory
from tests.lan.linked.plan import make_plan
from tests.support.engines import engine_of

SEED = 17
SECONDS = 60.0
FAULTS = 19
ENGINES = 3


@pytest.mark.lan
@pytest.mark.nft
@pytest.mark.clock
@pytest.mark.engine
@pytest.mark.situation
@pytest.mark.timeout(900)
def test_a_minute_of_faults_breaks_no_promise_of_a_linked_room(tmp_path: Path) -> None:
    """Nothing is lost or there twice, all servers have the same, names are unique, and the removed stay away.

    With the engine that Debian has, which is the older one.
    """
    plan = make_plan(SEED, FAULTS, servers=SERVERS, engines=ENGINES, members=len(NAMES))
    report: list[str] = []
    with Laboratory(SEED, tmp_path, engine_of("older"), ENGINES, report.append) as laboratory:
        result = laboratory.run(plan, SECONDS)
    assert result.ok, "\n".join([*report, result.as_table()])
    assert result.recoveries
    assert result.messages > 100
