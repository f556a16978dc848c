"""Blocking searches, as commands use them."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Generator, Iterable, Sequence

import pytest

from messango.discovery.hints import HINT_DELAY_S, RoomHint
from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.room_row import Service
from messango.discovery.probe_pool import Probe
from messango.discovery.searching import search
from messango.discovery.searching.browse_events import Deadline, browse_events, only_probed
from messango.discovery.searching.name_lookup import AmbiguousName
from messango.discovery.searching.search import find_by_name, list_rooms
from messango.errors import RoomNotFound
from tests.discovery.factories import ROOM_ID, FakeProbe, some_room, some_room_info, unique
from tests.discovery.test_browse import announced

CHECKING = RoomStatus.CHECKING
FAILED = BrowseFailed("This computer is not connected to a network.", "Join one.")


class FakeNetwork:
    """Replaces the network: yields the given events, and then nothing until the deadline."""

    def __init__(self) -> None:
        self.events: list[BrowseEvent] = []
        self.hints: Sequence[RoomHint] = ()
        self.hint_delay_s = HINT_DELAY_S
        self.closed = False

    def browse_events(
        self,
        deadline: Deadline,
        *,
        interfaces: Sequence[str] | None = None,
        hints: Sequence[RoomHint] = (),
        hint_delay_s: float = HINT_DELAY_S,
        is_wanted: Callable[[Service], bool] | None = None,
        probe: Probe | None = None,
    ) -> Generator[BrowseEvent, None, None]:
        assert probe is not None or interfaces is None or is_wanted is None
        self.hints, self.hint_delay_s = hints, hint_delay_s
        try:
            for event in self.events:
                if deadline.at_s <= time.monotonic():
                    return
                yield event
        finally:
            self.closed = True


@pytest.fixture
def fake_network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    fake_network = FakeNetwork()
    monkeypatch.setattr(search, "browse_events", fake_network.browse_events)
    return fake_network


def open_room(name: str) -> Iterable[BrowseEvent]:
    """Return the events of a room that answers."""
    yield RoomAdded(some_room(name, status=CHECKING, ping_ms=None))
    yield RoomUpdated(some_room(name))


def silent_room(name: str) -> Iterable[BrowseEvent]:
    """Return the events of a room that is only announced."""
    yield RoomAdded(some_room(name, status=CHECKING, ping_ms=None))
    yield RoomUpdated(some_room(name, status=RoomStatus.SILENT, ping_ms=None))


def test_list_rooms_returns_each_room_once_answering_ones_first(fake_network: FakeNetwork) -> None:
    """It reports each room as soon as it has answered, and the silent ones at the end."""
    fake_network.events += [
        *silent_room("Dead"),
        *open_room("Office"),
        RoomUpdated(some_room("Office", ping_ms=80.0)),
    ]
    shown: list[str] = []
    rooms = list_rooms(60, on_room=lambda room: shown.append(room.name))
    assert shown == ["Office", "Dead"]
    assert [(room.name, room.ping_ms) for room in rooms] == [("Office", 80.0), ("Dead", None)]


def test_a_room_whose_answer_is_on_its_way_is_neither_silent_nor_slow(fake_network: FakeNetwork) -> None:
    """At the end of the search nothing is known of it: it may have been announced a moment ago."""
    fake_network.events += [*silent_room("Dead"), RoomAdded(some_room("Far", status=CHECKING, ping_ms=None))]
    statuses = {room.name: room.status for room in list_rooms(60)}
    assert statuses == {"Dead": RoomStatus.SILENT, "Far": RoomStatus.CHECKING}


def test_a_deadline_moves_while_something_is_on_its_way() -> None:
    """Until there is nothing left to wait for; a match that was found ends it all the same."""
    pending = True
    deadline = Deadline(0.0)
    deadline.extend_while(lambda: pending, 60)
    assert 50 < deadline.remaining_s() <= 60
    pending = False
    assert deadline.remaining_s() <= 0
    pending = True
    deadline.shorten(5)
    assert 0 < deadline.remaining_s() <= 5


def test_a_deadline_is_not_moved_back() -> None:
    """Patience that is shorter than the time limit changes nothing."""
    deadline = Deadline(60.0)
    deadline.extend_while(lambda: True, 1.0)
    assert 50 < deadline.remaining_s() <= 60


@pytest.mark.parametrize(("ping_ms", "found"), [(0.4, ["Office"]), (400.0, ["Office", "Lab"])])
def test_a_second_room_is_waited_for_where_answers_take_long(
    monkeypatch: pytest.MonkeyPatch, ping_ms: float, found: list[str]
) -> None:
    """Otherwise the person would join the one that was lucky, without a question."""

    def two_rooms(deadline: Deadline, **options: object) -> Generator[BrowseEvent, None, None]:
        assert options
        yield RoomAdded(some_room("Lab", status=CHECKING, ping_ms=None))
        yield RoomAdded(some_room("Office", ping_ms=ping_ms))
        if deadline.remaining_s() > 0:
            yield RoomUpdated(some_room("Lab", ping_ms=ping_ms))

    monkeypatch.setattr(search, "browse_events", two_rooms)
    assert [room.name for room in list_rooms(0.0, patience_s=60) if room.joinable] == found


def test_a_room_that_was_seen_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its label was heard, and its answer comes long after the time limit; other rooms are not waited for."""

    def late_answer(deadline: Deadline, **options: object) -> Generator[BrowseEvent, None, None]:
        assert options
        yield RoomAdded(some_room("Office", status=RoomStatus.SLOW, ping_ms=None))
        if deadline.remaining_s() > 0:
            yield RoomUpdated(some_room("Office"))

    monkeypatch.setattr(search, "browse_events", late_answer)
    assert find_by_name("Office", timeout_s=0.0).status is RoomStatus.OPEN
    assert list_rooms(0.0, patience_s=60)[0].status is RoomStatus.OPEN
    assert list_rooms(0.0)[0].status is RoomStatus.SLOW
    with pytest.raises(RoomNotFound, match="No room “Attic” found"):
        find_by_name("Attic", timeout_s=0.0)


def test_list_rooms_leaves_out_closed_rooms(fake_network: FakeNetwork) -> None:
    """A room that closed meanwhile is not in the list."""
    fake_network.events += [*open_room("Office"), RoomRemoved(some_room("Office"))]
    assert list_rooms(60) == []


def test_first_returns_at_the_first_answer(fake_network: FakeNetwork) -> None:
    """Being announced is not answering."""
    fake_network.events += [*silent_room("Dead"), *open_room("Office"), *open_room("Late")]
    assert [room.name for room in list_rooms(60, first=True)] == ["Office"]
    assert fake_network.closed


def test_list_rooms_reports_a_failure(fake_network: FakeNetwork) -> None:
    """The command prints it on standard error; the search goes on."""
    fake_network.events += [FAILED, *open_room("Office")]
    failures: list[BrowseFailed] = []
    assert len(list_rooms(60, on_failure=failures.append)) == 1
    assert failures == [FAILED]


@pytest.mark.parametrize("typed", ["Office", "OFFICE", " office ", "ｏffice", ROOM_ID])
def test_a_room_is_found_by_name_or_id(fake_network: FakeNetwork, typed: str) -> None:
    """In any case that counts as the same name, and by its id."""
    fake_network.events += [*open_room("Office")]
    assert find_by_name(typed, timeout_s=60).name == "Office"


def test_a_room_named_like_an_id_is_not_that_room(fake_network: FakeNetwork) -> None:
    """A stranger may choose any name."""
    fake_network.events += [RoomAdded(dataclasses.replace(some_room(ROOM_ID), id="1f" * 16))]
    with pytest.raises(RoomNotFound):
        find_by_name(ROOM_ID, timeout_s=60)


def test_a_room_that_is_not_what_it_was_announced_as(fake_network: FakeNetwork) -> None:
    """It is not joined, and the sentence says why."""
    error = not_found_error(
        fake_network, RoomAdded(some_room("Office", status=RoomStatus.UNPROVED, ping_ms=None))
    )
    assert "can't prove that it is this room" in str(error)


def test_the_exact_name_wins(fake_network: FakeNetwork) -> None:
    """If two rooms differ only in case, each can be named."""
    upper, lower = (dataclasses.replace(some_room(name), key=name) for name in ("OFFICE", "office"))
    fake_network.events += [RoomAdded(upper), RoomAdded(lower)]
    assert find_by_name("office", timeout_s=60).name == "office"
    assert find_by_name("OFFICE", timeout_s=60).name == "OFFICE"
    assert find_by_name("Office", timeout_s=60).name == "OFFICE"


def test_a_known_room_is_found_whatever_it_is_called(fake_network: FakeNetwork) -> None:
    """A stranger's room of its name does not count, however soon it answers."""
    fake_network.events += [*open_room("Office"), *open_room("Office 2")]
    found = find_by_name("Office", timeout_s=60, rank_known=lambda room: 0 if room.name[-1] == "2" else None)
    assert found.name == "Office 2"
    with pytest.raises(AmbiguousName) as caught:
        find_by_name("Office", timeout_s=60, rank_known=lambda _: None)
    assert caught.value.of_known


def test_the_search_waits_for_a_silent_room(fake_network: FakeNetwork) -> None:
    """It may answer in time."""
    fake_network.events += [*silent_room("Office"), RoomUpdated(some_room("Office"))]
    assert find_by_name("Office", timeout_s=60).status is RoomStatus.OPEN


def not_found_error(fake_network: FakeNetwork, *events: BrowseEvent) -> RoomNotFound:
    fake_network.events += events
    with pytest.raises(RoomNotFound) as caught:
        find_by_name("Office", timeout_s=60)
    assert fake_network.closed
    return caught.value


def test_no_rooms_found_gives_hints(fake_network: FakeNetwork) -> None:
    """Same network, UDP 5353, the doctor, and joining by address."""
    error = not_found_error(fake_network)
    for word in ("same network", "5353", "messango doctor", "HOST:PORT"):
        assert word in error.hint


def test_other_rooms_are_named_instead(fake_network: FakeNetwork) -> None:
    """Where they are found, mDNS works: the hint does not suspect it."""
    error = not_found_error(fake_network, RoomAdded(some_room("Tea")))
    assert "Found instead: “Tea”." in error.hint
    assert "5353" not in error.hint


def test_no_match_lists_the_rooms_found(fake_network: FakeNetwork) -> None:
    """Most likely the name was mistyped."""
    assert "“Kitchen”" in not_found_error(fake_network, *open_room("Kitchen"), *silent_room("Dead")).hint


def test_a_silent_room_is_not_reported_as_missing(fake_network: FakeNetwork) -> None:
    """The error has its address, and what to check."""
    error = not_found_error(fake_network, *silent_room("OFFICE"))
    assert "192.168.1.20:8000" in str(error)
    assert "firewall" in error.hint


def test_a_missing_network_is_the_reason(fake_network: FakeNetwork) -> None:
    """Nobody has to guess."""
    error = not_found_error(fake_network, FAILED)
    assert FAILED.reason in str(error)
    assert error.hint == FAILED.hint


def test_only_probed_rooms_are_yielded() -> None:
    """A room is new when it has been probed, not when it is announced."""
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
    assert list(only_probed(events)) == [
        RoomAdded(some_room()),
        FAILED,
        RoomUpdated(some_room(ping_ms=90.0)),
        RoomRemoved(some_room()),
    ]


def test_browsing_ends_at_its_deadline_which_can_be_shortened() -> None:
    """At the latest one polling interval for Ctrl-C later."""
    deadline = Deadline(None)
    deadline.shorten(0.05)
    deadline.shorten(60)
    assert all(isinstance(event, (RoomAdded, RoomUpdated, RoomRemoved)) for event in browse_events(deadline))


def test_a_real_room_is_found_by_name() -> None:
    """Through mDNS on the loopback, in another case than it was opened with."""
    rooms = FakeProbe()
    name = unique("Office")
    with announced(name, 48_201, "127.0.0.1"):
        with contextlib.suppress(RoomNotFound):
            find_by_name(name, timeout_s=0.5, probe=rooms)
            pytest.fail("It does not answer, so it must not be found.")
        rooms.by_port[48_201] = some_room_info(name)
        found: FoundRoom = find_by_name(name.upper(), timeout_s=20, probe=rooms)
        assert found.name == name
        while name not in [room.name for room in list_rooms(1.0, probe=rooms)]:
            pass  # On a slow machine a second is not always enough.


def test_a_known_room_is_printed_once(fake_network: FakeNetwork) -> None:
    """It answers where it was last, and then its announcement arrives: that is one room."""
    known = dataclasses.replace(some_room("Office"), key="last-address:1", announced=False)
    fake_network.events += [RoomAdded(known), RoomRemoved(known), RoomAdded(some_room("Office"))]
    printed: list[FoundRoom] = []
    hint = RoomHint(ROOM_ID, "Office", known.fingerprint, known.addresses)
    assert list_rooms(1, hints=[hint], on_room=printed.append) == [some_room("Office")]
    assert printed == [known]
    assert (fake_network.hints, fake_network.hint_delay_s) == ([hint], HINT_DELAY_S)


def test_a_room_by_name_is_looked_for_everywhere_at_once(fake_network: FakeNetwork) -> None:
    """A list gives the announcements a moment; whoever named a room waits for nothing."""
    fake_network.events += open_room("Office")
    find_by_name("Office", timeout_s=5)
    assert fake_network.hint_delay_s == 0
