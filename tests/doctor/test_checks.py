"""All checks side by side: as they come, within the deadline, and one fault hides nothing."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from messango.doctor.checks import Check, all_checks, run_checks
from messango.doctor.findings import Finding, Severity
from tests.doctor.factories import interfaces


def finding(check: str) -> Finding:
    """Return a finding of this check."""
    return Finding(check, Severity.OK, "All is well.")


def test_findings_come_while_others_still_look() -> None:
    """The quick check is heard before the slow one, which waits for just that."""
    heard = threading.Event()

    def slow() -> Generator[Finding, None, None]:
        assert heard.wait(10)
        yield finding("slow")

    found = run_checks([Check("slow", slow), Check("quick", lambda: [finding("quick")])], deadline_s=10)
    assert next(found).check == "quick"
    heard.set()
    assert [one.check for one in found] == ["slow"]


def test_a_check_that_hangs_is_told_and_not_waited_for() -> None:
    """The deadline ends the examination; what was found until then counts."""
    end = threading.Event()

    def hangs() -> Generator[Finding, None, None]:
        yield finding("first")
        end.wait(60)

    try:
        found = list(run_checks([Check("hangs", hangs)], deadline_s=0.2))
    finally:
        end.set()
    assert [(one.check, one.severity) for one in found] == [
        ("first", Severity.OK),
        ("hangs", Severity.WARNING),
    ]
    assert "too long" in found[1].message


def test_a_fault_of_ours_hides_no_other_finding(caplog: pytest.LogCaptureFixture) -> None:
    """It is told for its check, its traceback goes to the log, and the others are heard."""

    def faulty() -> Generator[Finding, None, None]:
        yield finding("faulty")
        raise ZeroDivisionError

    found = list(run_checks([Check("faulty", faulty), Check("sound", lambda: [finding("sound")])]))
    assert sorted(one.check for one in found) == ["faulty", "faulty", "sound"]
    assert {one.severity for one in found if "fault of Messango" in one.message} == {Severity.WARNING}
    assert "ZeroDivisionError" in caplog.text


def test_an_examination_that_nobody_waits_for_leaves_nothing() -> None:
    """A caller may stop listening at any time: the check ends by itself."""
    found = run_checks([Check("one", lambda: [finding("one"), finding("two")])])
    assert next(found).check == "one"
    found.close()


def test_this_machine_is_looked_at_from_every_side() -> None:
    """Each check runs for real on the loopback and finds something, within the deadline."""
    found = list(run_checks(all_checks(interfaces=interfaces(lo="127.0.0.1"))))
    assert {one.check for one in found} >= {
        "network",
        "interfaces",
        "vpn",
        "containers",
        "mdns-port",
        "multicast",
        "rooms",
        "chat-port",
        "firewall",
        "clock",
        "home",
    }
    assert all(one.remedy for one in found if one.severity in (Severity.WARNING, Severity.PROBLEM))
    assert not any("too long" in one.message or "fault of Messango" in one.message for one in found)
