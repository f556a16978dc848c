"""Plans of faults for linked rooms."""

from __future__ import annotations

import pytest

from tests.lan.linked.plan import CLUSTER_KINDS, Fault, Kind, make_plan


def plan(seed: int = 1, faults: int = 200, engines: int = 3) -> list[Fault]:
    return make_plan(seed, faults, servers=3, engines=engines, members=6)


def test_the_same_seed_gives_the_same_plan() -> None:
    """A run that found something can be tried again."""
    assert plan(7) == plan(7) != plan(8)


@pytest.mark.parametrize("engines", [1, 3])
def test_a_long_plan_has_every_kind_several_times(engines: int) -> None:
    """Kinds are drawn from a bag, so that none is left to chance; a single engine has no cluster to leave."""
    kinds = [fault.kind for fault in plan(engines=engines)]
    assert len(kinds) == 200
    expected = {*Kind} - (CLUSTER_KINDS if engines == 1 else set())
    assert {*kinds} == expected
    assert min(map(kinds.count, expected)) >= 6


def test_every_server_engine_and_member_is_a_target() -> None:
    """And none that is not there."""
    faults = plan()
    for prefix, count in (("SERVER_", 3), ("ENGINE_", 3), ("MEMBER_", 6)):
        targets = {fault.target for fault in faults if fault.kind.name.startswith(prefix)}
        assert targets == {*range(count)}


def test_only_a_long_plan_has_long_faults() -> None:
    """In a minute there is no time for a server to be declared gone."""
    assert max(fault.duration_s for fault in plan()) > 15
    assert max(fault.duration_s for fault in plan(faults=15)) < 10


def test_sometimes_a_member_is_killed_meanwhile() -> None:
    """But not while something else happens to members."""
    killing = [fault for fault in plan() if fault.killed is not None]
    assert 10 < len(killing) < 60
    assert not any(fault.kind.name.startswith("MEMBER_") for fault in killing)


def test_a_fault_says_what_it_is() -> None:
    """As a person reads it in the report."""
    assert str(Fault(Kind.SERVER_CUT, 2, 1.25, 0.5)) == "server cut off from the engines: 2, 1.2 s"
    killing = Fault(Kind.ENGINES_KILLED, 0, 2.0, 0.5, killed=4)
    assert str(killing) == "all engines killed and started again: 0, 2.0 s, member 4 killed"
