"""All checks at the same time: as they come, within the deadline, and one bug hides nothing."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from messango.doctor.all_checks import Check, all_checks, run_checks
from messango.doctor.findings import Finding, Severity
from tests.doctor.factories import interfaces


def finding(check: str) -> Finding:
    """Return a finding of this check."""
    return Finding(check, Severity.OK, "All is well.")


def test_findings_come_while_other_checks_run() -> None:
    """The quick check is reported before the slow one, which waits for exactly that."""
    reported = threading.Event()

    def slow() -> Generator[Finding, None, None]:
        assert reported.wait(10)
        yield finding("slow")

    found = run_checks([Check("slow", slow), Check("quick", lambda: [finding("quick")])], deadline_s=10)
    assert next(found).check == "quick"
    reported.set()
    assert [one.check for one in found] == ["slow"]


def test_a_check_that_hangs_is_reported() -> None:
    """The deadline ends the run; earlier findings count."""
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
    assert "timed out" in found[1].message


def test_a_bug_hides_no_other_finding(caplog: pytest.LogCaptureFixture) -> None:
    """Its check reports it, the traceback goes to the log, and the other checks are reported too."""

    def failing() -> Generator[Finding, None, None]:
        yield finding("failing")
        raise ZeroDivisionError

    found = list(run_checks([Check("failing", failing), Check("sound", lambda: [finding("sound")])]))
    assert sorted(one.check for one in found) == ["failing", "failing", "sound"]
    assert {one.severity for one in found if "bug in Messango" in one.message} == {Severity.WARNING}
    assert "ZeroDivisionError" in caplog.text


def test_a_run_that_is_given_up_leaves_nothing() -> None:
    """A caller may stop at any time: the check ends by itself."""
    found = run_checks([Check("one", lambda: [finding("one"), finding("two")])])
    assert next(found).check == "one"
    found.close()


def test_every_check_runs_on_this_machine() -> None:
    """Each check runs on the real loopback and finds something, within the deadline."""
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
    assert not any("timed out" in one.message or "bug in Messango" in one.message for one in found)
