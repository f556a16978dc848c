"""A member who changes their name again and again is a few lines for the host."""

from __future__ import annotations

from itertools import pairwise

from messango.room.host.host_events import MemberRenamed
from messango.server.host.rename_summary import RenameSummary


def rename(summary: RenameSummary, *names: str) -> list[MemberRenamed]:
    """Rename a member from each name to the next; return what is published at once."""
    events = [MemberRenamed(name, old) for old, name in pairwise(names)]
    return [event for event in events if summary.should_publish(event)]


def test_the_first_is_published_and_the_rest_as_one() -> None:
    """The sum leads from the name that the host read to the present one."""
    summary = RenameSummary()
    assert rename(summary, "a", "b", "c", "d") == [MemberRenamed("b", "a")]
    assert summary.end_window() == [MemberRenamed("d", "b", times=2)]
    assert rename(summary, "d", "e") == []
    assert summary.end_window() == [MemberRenamed("e", "d")]
    assert summary.end_window() == []
    assert rename(summary, "e", "f") == [MemberRenamed("f", "e")]


def test_each_member_by_themselves() -> None:
    """Others are listed as always."""
    summary = RenameSummary()
    rename(summary, "a", "b", "c")
    assert rename(summary, "x", "y") == [MemberRenamed("y", "x")]
    assert summary.end_window() == [MemberRenamed("c", "b")]


def test_what_else_happens_to_the_member_comes_after_the_sum() -> None:
    """Else the host would read that somebody left who was never there."""
    summary = RenameSummary()
    rename(summary, "a", "b", "c", "d")
    assert summary.take("somebody") == []
    assert summary.take("d") == [MemberRenamed("d", "b", times=2)]
    assert summary.take("d") == []


def test_the_name_of_somebody_who_left_is_free() -> None:
    """Who has it next is listed; and a circle of names ends where it began."""
    summary = RenameSummary()
    assert rename(summary, "a", "b", "a", "b", "a") == [MemberRenamed("b", "a")]
    assert summary.take(None) == [MemberRenamed("a", "b", times=3)]
