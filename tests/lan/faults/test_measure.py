"""The time from the end of a fault to the first message, from made-up runs."""

from __future__ import annotations

import pytest

from tests.lan.faults.checker import ClientRun, MemberJoined, MessageSeen, RoomMessage
from tests.lan.faults.measure import median_and_worst, recoveries
from tests.lan.faults.plan import SERVER, Fault, Kind

DOWN = Fault(10.0, Kind.LINK_DOWN, "Ann", 5.0)


def client_run(label: str, *seen_at_s: float, came_s: float = 0.0) -> ClientRun:
    """Return a run that saw messages at these times."""
    name = label.partition("#")[0]
    saw = [
        MessageSeen(at_s, RoomMessage(seq, str(seq), "member", name, str(seq)))
        for seq, at_s in enumerate(seen_at_s, start=1)
    ]
    return ClientRun(label, events=[MemberJoined(came_s, name, (name,), latest=0), *saw])


def measured(faults: list[Fault], *stays: ClientRun) -> dict[str, float]:
    """Return the seconds for each member."""
    return {one.label: one.after_s for one in recoveries(faults, {stay.label: stay for stay in stays})}


def test_the_first_message_after_a_link_is_back_counts() -> None:
    """From the moment that the link is back, and only for the member behind it."""
    ann, ben = client_run("Ann#1", 9.0, 16.5, 17.0), client_run("Ben#1", 9.0, 15.1)
    assert measured([DOWN], ann, ben) == {"Ann#1": pytest.approx(1.5)}


def test_the_servers_link_counts_for_everybody() -> None:
    """Each member has its own time."""
    ann, ben = client_run("Ann#1", 9.0, 16.5), client_run("Ben#1", 9.0, 15.25)
    server = Fault(10.0, Kind.LINK_DOWN, SERVER, 5.0)
    assert measured([server], ann, ben) == {"Ann#1": pytest.approx(1.5), "Ben#1": pytest.approx(0.25)}


def test_a_time_with_another_fault_is_left_out() -> None:
    """If the server was stopped meanwhile, the time does not count; faults of others don't matter."""
    ann = client_run("Ann#1", 9.0, 16.5)
    stopped = Fault(14.0, Kind.STOPPED, SERVER, 2.0)
    assert measured([DOWN, stopped], ann) == {}
    assert measured([DOWN, Fault(14.0, Kind.STOPPED, "Ben", 2.0)], ann) == {"Ann#1": pytest.approx(1.5)}


def test_other_faults_are_not_measured() -> None:
    """A stopped process loses no connection."""
    assert measured([Fault(10.0, Kind.STOPPED, "Ann", 5.0)], client_run("Ann#1", 16.5)) == {}


def test_absent_members_are_not_measured() -> None:
    """Neither a later client of the same name nor a killed one."""
    killed, later = client_run("Ann#1", 9.0, 30.0), client_run("Ann#2", 20.0, came_s=19.0)
    killed.killed_s = 16.0
    assert measured([DOWN], killed, later) == {}


def test_median_and_worst() -> None:
    """The one in the middle, and the maximum."""
    assert median_and_worst([9.0, 1.0, 2.0]) == (2.0, 9.0)
