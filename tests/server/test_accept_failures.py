"""Connections that the system refuses: one line at once, then a sum."""

from __future__ import annotations

from messango.server.accept_failures import RECOVERED_AFTER_S, SUM_EVERY_S, AcceptFailures

REASON = "Too many open files"


def test_a_storm_is_one_line_and_a_sum() -> None:
    """Ten failures a second for two minutes are three lines; a success in between changes nothing."""
    failures = AcceptFailures()
    lines = []
    for tenth in range(1_201):
        lines += [failures.failed(REASON, tenth / 10), failures.accepted(tenth / 10)]
    assert [line for line in lines if line] == [
        f"A connection could not be accepted ({REASON}). The room stays open.",
        f"601 connections could not be accepted so far ({REASON}). The room stays open.",
        f"600 connections could not be accepted so far ({REASON}). The room stays open.",
    ]


def test_the_end_is_reported_with_the_rest() -> None:
    """After some seconds without a failure, once; the next failure is a first one again."""
    failures = AcceptFailures()
    assert failures.accepted(0.0) == ""
    failures.failed(REASON, 0.0)
    failures.failed(REASON, 1.0)
    assert failures.accepted(1.0 + RECOVERED_AFTER_S / 2) == ""
    assert (
        failures.accepted(1.0 + RECOVERED_AFTER_S)
        == "Connections are accepted again; 2 connections could not be."
    )
    assert failures.accepted(SUM_EVERY_S) == ""
    assert failures.failed(REASON, SUM_EVERY_S).startswith("A connection")
