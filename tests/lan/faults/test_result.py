"""The result of a run."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.lan.faults.checker import Rule, Violation
from tests.lan.faults.measure import Recovery
from tests.lan.faults.plan import SERVER, Fault, Kind
from tests.lan.faults.result import Result

DOWN = Fault(10.0, Kind.LINK_DOWN, "Ann", 5.0)
MOVED = Fault(20.0, Kind.NEW_ADDRESS, SERVER, 0.0)

RESULT = Result(
    seed=42,
    faults=[DOWN, MOVED],
    messages=123,
    seconds=60.0,
    violations=[],
    problems=[],
    recoveries=[Recovery(DOWN, "Ann#1", 1.5), Recovery(DOWN, "Ann#1", 0.5), Recovery(MOVED, "Ann#1", 9.0)],
    left_after_s={"client killed": 30.0},
    server_starts=1,
    counts={"server": [(10, 25), (10, 26)]},
    files={"accepted": 7, "store-full": 1},
    files_received=20,
)


def test_result_for_programs() -> None:
    """The whole result can be written as JSON."""
    figures = json.loads(json.dumps(RESULT.as_json()))
    assert (figures["ok"], figures["seed"], figures["messages"], figures["faults"]) == (True, 42, 123, 2)
    assert figures["faults_by_kind"] == {"link down": 1, "server at a new address": 1}
    assert figures["first_message_after_s"] == {
        "a link is back": {"times": 2, "median": 1.0, "worst": 1.5},
        "link down": {"times": 2, "median": 1.0, "worst": 1.5},
        "server at a new address": {"times": 1, "median": 9.0, "worst": 9.0},
    }


def test_result_for_people() -> None:
    """It shows the seed, to run the plan again, and the broken promises."""
    lost = Violation(Rule.LOST, "Ann never saw it")
    table = replace(RESULT, violations=[lost]).as_table()
    assert any(line.split() == ["seed", "42"] for line in table.splitlines())
    assert "nothing accepted is lost: Ann never saw it" in table
    assert "median 1.0 s, worst 1.5 s of 2" in table


def test_a_broken_promise_or_a_leak_fails_the_run() -> None:
    """Either of them makes the run fail."""
    assert RESULT.ok
    assert not replace(RESULT, violations=[Violation(Rule.GAP, "a hole")]).ok
    assert not replace(RESULT, problems=["the server had 10 threads, and has 11"]).ok
