"""Looking for rooms and coming back: what commands wait for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Sequence

import pytest

from messango.discovery import search
from messango.discovery.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
    Status,
)
from messango.discovery.probe_pool import Look
from messango.discovery.search import Deadline, collect, find_room, probed, watch
from messango.errors import NothingFound
from tests.discovery.factories import Rooms, some_facts, some_room, unique
from tests.discovery.test_browse import announced

CHECKING = Status.CHECKING
FAILED = BrowseFailed("This machine is on no network.", "Join one.")


class Air:
    """Stands in for the network: the events that come, and then silence until the deadline."""

    def __init__(self) -> None:
        self.events: list[BrowseEvent] = []
        self.closed = False

    def watch(
        self, deadline: Deadline, *, interfaces: Sequence[str] | None = None, look: Look | None = None
    ) -> Generator[BrowseEvent, None, None]:
        assert look is not None or interfaces is None
        try:
            for event in self.events:
                if deadline.at <= time.monotonic():
                    return
                yield event
        finally:
            self.closed = True


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    air = Air()
    monkeypatch.setattr(search, "watch", air.watch)
    return air


def open_room(name: str) -> Iterable[BrowseEvent]:
    """Return what a browser tells of a room that answers."""
    yield RoomAdded(some_room(name, status=CHECKING, ping_ms=None))
    yield RoomUpdated(some_room(name))


def silent_room(name: str) -> Iterable[BrowseEvent]:
    """Return what a browser tells of a room that is only announced."""
    yield RoomAdded(some_room(name, status=CHECKING, ping_ms=None))
    yield RoomUpdated(some_room(name, status=Status.SILENT, ping_ms=None))


def test_collect_returns_each_room_once_answering_ones_first(air: Air) -> None:
    """And shows each as soon as it has answered, the silent ones at the end."""
    air.events += [*silent_room("Dead"), *open_room("Office"), RoomUpdated(some_room("Office", ping_ms=80.0))]
    shown: list[str] = []
    rooms = collect(60, on_room=lambda room: shown.append(room.name))
    assert shown == ["Office", "Dead"]
    assert [(room.name, room.ping_ms) for room in rooms] == [("Office", 80.0), ("Dead", None)]


def test_collect_leaves_out_what_has_gone(air: Air) -> None:
    """A room that closed meanwhile is not in the list."""
    air.events += [*open_room("Office"), RoomRemoved(some_room("Office"))]
    assert collect(60) == []


def test_the_first_that_answers_ends_it(air: Air) -> None:
    """Being announced is not answering."""
    air.events += [*silent_room("Dead"), *open_room("Office"), *open_room("Late")]
    assert [room.name for room in collect(60, first=True)] == ["Office"]
    assert air.closed


def test_collect_tells_of_a_failure(air: Air) -> None:
    """For standard error: the search goes on."""
    air.events += [FAILED, *open_room("Office")]
    failures: list[BrowseFailed] = []
    assert len(collect(60, on_failure=failures.append)) == 1
    assert failures == [FAILED]


@pytest.mark.parametrize("typed", ["Office", "OFFICE", " office ", "ｏffice", "r1"])
def test_a_room_is_found_by_name_or_id(air: Air, typed: str) -> None:
    """However it is typed: as names are compared everywhere, and by its id."""
    air.events += [*open_room("Office")]
    assert find_room(typed, timeout_s=60).name == "Office"


def test_the_exact_name_wins(air: Air) -> None:
    """Where two rooms differ only in case, each can be named."""
    air.events += [*open_room("OFFICE"), *open_room("office")]
    assert find_room("office", timeout_s=60).name == "office"
    assert find_room("OFFICE", timeout_s=60).name == "OFFICE"
    assert find_room("Office", timeout_s=60).name == "OFFICE"


def test_the_preferred_room_wins(air: Air) -> None:
    """Over one that answers first and has exactly the name; without it the others are as good as ever."""
    air.events += [*open_room("Office"), *open_room("OFFICE")]
    found = find_room("Office", timeout_s=60, prefer=lambda room: room.name.isupper())
    assert found.name == "OFFICE"
    assert find_room("Office", timeout_s=60, prefer=lambda _: False).name == "Office"


def test_a_silent_room_is_waited_for(air: Air) -> None:
    """It may answer in time."""
    air.events += [*silent_room("Office"), RoomUpdated(some_room("Office"))]
    assert find_room("Office", timeout_s=60).status is Status.OPEN


def why_not(air: Air, *events: BrowseEvent) -> NothingFound:
    air.events += events
    with pytest.raises(NothingFound) as caught:
        find_room("Office", timeout_s=60)
    assert air.closed
    return caught.value


def test_nothing_found_says_what_usually_helps(air: Air) -> None:
    """One network, UDP 5353, the doctor, and joining by address."""
    error = why_not(air)
    for word in ("one network", "5353", "messango doctor", "HOST:PORT"):
        assert word in error.hint


def test_nothing_found_names_the_rooms_that_are_seen(air: Air) -> None:
    """Most likely the name was mistyped."""
    assert "“Kitchen”" in why_not(air, *open_room("Kitchen"), *silent_room("Dead")).hint


def test_a_room_that_does_not_answer_is_told_from_one_that_is_not_seen(air: Air) -> None:
    """Its address is given, and where to look."""
    error = why_not(air, *silent_room("OFFICE"))
    assert "192.168.1.20:8000" in str(error)
    assert "firewall" in error.hint


def test_without_a_network_that_is_the_reason(air: Air) -> None:
    """Nobody has to guess."""
    error = why_not(air, FAILED)
    assert FAILED.reason in str(error)
    assert error.hint == FAILED.hint


def test_only_probed_rooms_are_passed_on() -> None:
    """A room is new when it has been probed, not when it was announced."""
    checking = some_room(status=CHECKING, ping_ms=None)
    events: list[BrowseEvent] = [
        RoomAdded(checking),
        RoomUpdated(some_room()),
        FAILED,
        BrowseResumed(),
        RoomUpdated(some_room(ping_ms=90.0)),
        RoomRemoved(some_room()),
        RoomAdded(checking),
        RoomRemoved(checking),
    ]
    assert list(probed(events)) == [
        RoomAdded(some_room()),
        FAILED,
        RoomUpdated(some_room(ping_ms=90.0)),
        RoomRemoved(some_room()),
    ]


def test_watching_ends_at_its_deadline_and_can_be_shortened() -> None:
    """Within the interval that Ctrl-C needs at most."""
    deadline = Deadline(None)
    deadline.shorten(0.05)
    deadline.shorten(60)
    assert all(isinstance(event, (RoomAdded, RoomUpdated, RoomRemoved)) for event in watch(deadline))


def test_a_real_room_is_found_by_name() -> None:
    """Through mDNS on the loopback, in another case than it was opened with."""
    rooms = Rooms()
    name = unique("Office")
    with announced(name, 48_201, "127.0.0.1"):
        with contextlib.suppress(NothingFound):
            find_room(name, timeout_s=0.5, look=rooms)
            pytest.fail("It does not answer, so it must not be found.")
        rooms.at[48_201] = some_facts(name)
        found: FoundRoom = find_room(name.upper(), timeout_s=20, look=rooms)
        assert found.name == name
        while name not in [room.name for room in collect(1.0, look=rooms)]:
            pass  # On a slow machine a second is not always enough.
