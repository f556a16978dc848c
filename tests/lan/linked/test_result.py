"""What a run of the laboratory tells at its end."""

from __future__ import annotations

from tests.lan.faults.checker import Rule, Violation
from tests.lan.linked.plan import Fault, Kind
from tests.lan.linked.result import LinkedResult, Recovery


def result(*violations: Violation, problems: tuple[str, ...] = ()) -> LinkedResult:
    recoveries = [
        Recovery(Fault(Kind.ENGINE_KILLED, 0, 1.0, 0.0), 2.0),
        Recovery(Fault(Kind.ENGINE_KILLED, 1, 1.0, 0.0), 4.0),
        Recovery(Fault(Kind.SERVER_CUT, 1, 1.0, 0.0), 0.5),
    ]
    return LinkedResult(7, "3 of nats-server 2.9.10", 60.04, 100, 120, recoveries, [*violations], [*problems])


def test_a_good_run() -> None:
    """The figures, and how long each kind took to recover."""
    figures = result().as_json()
    assert (figures["ok"], figures["seed"], figures["seconds"], figures["faults"]) == (True, 7, 60.0, 3)
    assert figures["recovered_after_s"] == {
        "engine killed and started again": {"times": 2, "median": 3.0, "worst": 4.0},
        "server cut off from the engines": {"times": 1, "median": 0.5, "worst": 0.5},
    }
    assert "median 3.0 s, worst 4.0 s of 2" in result().as_table()


def test_a_violation_is_told() -> None:
    """It is the end of the table, and the run is not good."""
    bad = result(Violation(Rule.REPLICAS, "7 is different"))
    assert not bad.ok
    assert bad.as_table().endswith("linked servers have the same room: 7 is different")


def test_a_problem_is_told() -> None:
    """Also what is not about the histories: a room that did not recover, an error in a log."""
    bad = result(problems=("Ann#1 lacks 3 receipts",))
    assert not bad.ok
    assert bad.as_table().endswith("Ann#1 lacks 3 receipts")
