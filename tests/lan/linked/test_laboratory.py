"""A minute of faults: three servers with an engine or a cluster, and every promise is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lan.linked.laboratory import NAMES, SERVERS, Laboratory
from tests.lan.linked.plan import make_plan
from tests.support.engines import EngineKind, engine_of

SEED = 17
SECONDS = 60.0
FAULTS = 19


@pytest.mark.lan
@pytest.mark.nft
@pytest.mark.clock
@pytest.mark.engine
@pytest.mark.situation
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kind", "engines"), [("older", 1), ("syncing", 3)])
def test_a_minute_of_faults_breaks_no_promise(tmp_path: Path, kind: EngineKind, engines: int) -> None:
    """Nothing is lost or there twice, all servers have the same, names are unique, and the removed stay away.

    The older engine is Debian's. It is alone: a cluster of 2.9.10 can come to a standstill when its leader is
    killed, with more entries at the others than at the next leader.
    """
    plan = make_plan(SEED, FAULTS, servers=SERVERS, engines=engines, members=len(NAMES))
    report: list[str] = []
    with Laboratory(SEED, tmp_path, engine_of(kind), engines, report.append) as laboratory:
        result = laboratory.run(plan, SECONDS)
    assert result.ok, "\n".join([*report, result.as_table()])
    assert result.recoveries
    assert result.messages > 100
