"""The plan is random, and the same for the same seed; it has no fault that can't be judged."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from tests.lan.faults.plan import GONE_S, PROXY_KINDS, SERVER, Fault, Kind, make_plan

MEMBERS = ("Ann", "Ben", "Eve")
LONG_S, MANY = 1800.0, 200


def plan_of(seed: int, seconds: float = LONG_S, faults: int = MANY) -> list[Fault]:
    """Return a plan for three members; Eve has the proxy."""
    return make_plan(seed, seconds, faults, MEMBERS, "Eve")


def overlap(one: Fault, other: Fault, pause_s: float = 0.0) -> bool:
    """Return whether two faults overlap, or one comes too soon after the other."""
    return one.at_s < other.until_s + pause_s and other.at_s < one.until_s + pause_s


def test_the_same_seed_gives_the_same_plan() -> None:
    """A failing plan can be run again; another seed gives another plan."""
    assert plan_of(1) == plan_of(1)
    assert plan_of(1) != plan_of(2)


@pytest.mark.parametrize("seed", range(5))
def test_a_long_plan_has_every_kind_often(seed: int) -> None:
    """The faults are ordered by time, and end within the time."""
    plan = plan_of(seed)
    assert len(plan) >= 0.95 * MANY
    assert plan == sorted(plan, key=lambda fault: fault.at_s)
    assert min(Counter(fault.kind for fault in plan)[kind] for kind in Kind) >= 4
    assert all(0 <= fault.at_s <= fault.until_s <= LONG_S for fault in plan)
    assert {fault.target for fault in plan} == {SERVER, *MEMBERS}


@pytest.mark.parametrize("seed", range(5))
def test_each_target_has_one_fault_at_a_time(seed: int) -> None:
    """Otherwise the end of the first would end the other too."""
    for one, other in itertools.combinations(plan_of(seed), 2):
        if one.target == other.target:
            assert not overlap(one, other, pause_s=1.0), (one, other)


@pytest.mark.parametrize("seed", range(5))
def test_the_server_is_not_killed_while_the_disk_is_full(seed: int) -> None:
    """Nor before messages from that time can have been written."""
    plan = plan_of(seed)
    full = [fault for fault in plan if fault.kind is Kind.DISK_FULL]
    for killed in plan:
        if killed.kind is Kind.SERVER_KILLED:
            assert not any(overlap(killed, other, pause_s=10.0) for other in full)


@pytest.mark.parametrize("seed", range(5))
def test_the_server_has_no_fault_while_a_member_is_gone(seed: int) -> None:
    """A stopped server does not notice that a member is gone."""
    plan = plan_of(seed)
    for gone in plan:
        if gone.kind is Kind.MEMBER_KILLED:
            assert gone.duration_s == GONE_S
            assert gone.until_s < LONG_S - 5
            assert not any(overlap(gone, other) for other in plan if other.target == SERVER)


def test_proxy_faults_need_the_member_with_the_proxy() -> None:
    """The connections of others do not go through one."""
    targets = {fault.target for fault in plan_of(3) if fault.kind in PROXY_KINDS}
    assert targets == {"Eve"}


def test_a_short_plan_has_short_faults() -> None:
    """In a minute no fault lasts long, and no client is killed."""
    plan = plan_of(4, seconds=60, faults=20)
    assert len(plan) >= 18
    assert max(fault.duration_s for fault in plan) <= 10
    assert Kind.MEMBER_KILLED not in {fault.kind for fault in plan}


def test_the_server_keeps_its_address_if_asked_to() -> None:
    """Its address changes only if that is wanted."""
    plan = make_plan(5, LONG_S, MANY, MEMBERS, "Eve", new_addresses=False)
    assert Kind.NEW_ADDRESS not in {fault.kind for fault in plan}
