"""Rooms in bad air: slow is not silent, and what is silent shows soon all the same."""

from __future__ import annotations

import dataclasses

from messango.discovery.model.events import RoomRemoved, RoomStatus, RoomUpdated
from messango.discovery.model.room_table import HIDE_AFTER_S, SLOW_PROBE_S
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, DialFailed, FailureKind
from tests.discovery.factories import ADDRESS, probe_result_of, service_of, some_room_info
from tests.discovery.model.test_room_table import UNREACHABLE, ClockedTable, rooms, single_room

__all__ = ["rooms"]


def test_a_probe_that_takes_long_shows_the_room_as_slow(rooms: ClockedTable) -> None:
    """Its answer is on its way: a probe of a dead room would have ended."""
    rooms.resolve(service_of())
    (row,) = rooms.table.due_rows(rooms.now)
    rooms.table.probe_started(row, rooms.now)
    assert rooms.table.slow_probes(rooms.now + SLOW_PROBE_S - 0.1) == []
    room = single_room(rooms.table.slow_probes(rooms.now + SLOW_PROBE_S + 0.1), RoomUpdated)
    assert (room.status, room.ping_ms, room.slow) == (RoomStatus.SLOW, None, True)
    assert rooms.table.slow_probes(rooms.now + 5) == []
    assert single_room(rooms.finish_probe(row, some_room_info(), 6.0), RoomUpdated).status is RoomStatus.OPEN


def test_a_room_that_connects_but_never_answers_is_slow_at_first(rooms: ClockedTable) -> None:
    """Some packets are lost again and again, but not forever."""
    rooms.resolve(service_of())
    statuses = []
    for _ in range(4):
        rooms.advance_to_next_probe()
        for event in rooms.probe(UNREACHABLE, took_s=10.0):
            assert isinstance(event, RoomUpdated)
            statuses.append(event.room.status)
    assert statuses == [RoomStatus.SLOW, RoomStatus.SILENT]


def test_a_probe_that_takes_long_leaves_an_open_room_open(rooms: ClockedTable) -> None:
    """It answered a moment ago; its status changes when the probe has failed."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    rooms.advance_to_next_probe()
    (row,) = rooms.table.due_rows(rooms.now)
    rooms.table.probe_started(row, rooms.now)
    assert rooms.table.slow_probes(rooms.now + 9) == []


def test_one_probe_without_an_answer_does_not_silence_a_slow_room(rooms: ClockedTable) -> None:
    """Where a round trip takes long, packets get lost too; the next probe comes at once."""
    rooms.resolve(service_of())
    rooms.probe(dataclasses.replace(probe_result_of(some_room_info()), ping_ms=400.0))
    died_at = rooms.now
    rooms.advance_to_next_probe()
    assert rooms.probe(UNREACHABLE, took_s=2.0) == []
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(UNREACHABLE, took_s=2.0), RoomUpdated).status is RoomStatus.SILENT
    assert rooms.now - died_at < 7


def failed_as(kind: FailureKind) -> DialFailed:
    return DialFailed("Nobody answers there.", "", [DialAttempt(ADDRESS, kind, 0.0)])


def test_a_room_that_closed_without_our_hearing_it_is_hidden_soon(rooms: ClockedTable) -> None:
    """Its computer says that nothing listens, and nobody answers for its records."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    events = []
    for asked in (0, 1, 1, 1, 0):
        rooms.advance_to_next_probe()
        events += rooms.probe(failed_as(FailureKind.REFUSED))
        assert len(rooms.table.services_to_confirm(15)) == asked
    assert [type(event) for event in events] == [RoomUpdated, RoomRemoved]


def test_a_silent_room_that_is_still_announced_stays(rooms: ClockedTable) -> None:
    """A firewall may refuse the connection; and a computer that does not answer may be asleep."""
    rooms.resolve(service_of())
    for kind, is_announced in ((FailureKind.REFUSED, True), (FailureKind.NO_ANSWER, False)):
        for _ in range(8):
            rooms.advance_to_next_probe()
            rooms.probe(failed_as(kind))
            rooms.table.services_to_confirm(15)
            if is_announced:
                rooms.table.service_heard(service_of().key)
        (row,) = rooms.table.due_rows(rooms.now + HIDE_AFTER_S)
        assert (row.status, row.hidden) == (RoomStatus.SILENT, False)


def test_a_room_without_an_answer_is_not_slow(rooms: ClockedTable) -> None:
    """However long the probe took and however late it was announced: a firewall may drop its packets."""
    rooms.resolve(service_of())
    seen = []
    for took_s in (2.0, 2.6, 10.0):
        rooms.advance_to_next_probe()
        for event in rooms.probe(failed_as(FailureKind.NO_ANSWER), took_s=took_s):
            assert isinstance(event, RoomUpdated)
            seen.append(event.room.status)
    assert seen == [RoomStatus.SILENT]


def test_a_room_that_never_answered_is_tried_again_at_once(rooms: ClockedTable) -> None:
    """In bad air, a probe may lose all its first packets; one that was refused has an answer."""
    soon = (FailureKind.NO_ANSWER, FailureKind.STALLED)
    for kind in (*soon, FailureKind.REFUSED, FailureKind.SILENT):
        rooms.resolve(service_of())
        rooms.advance_to_next_probe()
        rooms.probe(failed_as(kind), took_s=2.0)
        assert (rooms.table.next_due() - rooms.now < 1) is (kind in soon)
        rooms.advance_to_next_probe()
        rooms.probe(failed_as(kind), took_s=2.0)
        assert rooms.table.next_due() - rooms.now > 1
        rooms.table.drop_silent(rooms.now)


def test_an_old_address_says_nothing_about_the_new_one(rooms: ClockedTable) -> None:
    """The host got another address while the first was probed: that one is probed next, and soon."""
    rooms.resolve(service_of())
    (row,) = rooms.table.due_rows(rooms.now)
    rooms.table.probe_started(row, rooms.now)
    rooms.resolve(service_of(addresses=[Address("192.168.1.50", 8000)]))
    assert rooms.finish_probe(row, UNREACHABLE, took_s=2.0) == []
    assert row.status is RoomStatus.CHECKING
    assert rooms.table.due_rows(rooms.now) == [row]
    assert single_room(rooms.probe(some_room_info()), RoomUpdated).status is RoomStatus.OPEN


def test_the_reason_of_an_old_address_is_not_that_of_the_new_one(rooms: ClockedTable) -> None:
    """Until the new one was probed, nothing is known of it."""
    rooms.resolve(service_of())
    dead = DialAttempt(ADDRESS, FailureKind.NO_ANSWER, 2.0)
    silent = single_room(rooms.probe(DialFailed("No answer.", "", (dead,)), took_s=2.0), RoomUpdated)
    assert silent.failure is not None
    moved = single_room(rooms.resolve(service_of(addresses=[Address("192.168.1.50", 8000)])), RoomUpdated)
    assert (moved.status, moved.failure) == (RoomStatus.SILENT, None)
