"""What a probe that failed says about a room."""

from __future__ import annotations

import dataclasses

from messango.discovery.model.events import RoomStatus, RoomUpdated
from messango.errors import Unreachable
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from tests.discovery.factories import ADDRESS, service_of, some_room_info
from tests.discovery.model.test_room_table import ClockedTable, single_room


def failure(kind: FailureKind, seconds: float = 0.1) -> Unreachable:
    """Return the error of a probe that met this."""
    return dial_failed([DialAttempt(ADDRESS, kind, seconds)])


def test_a_silent_room_carries_the_reason() -> None:
    """What the last probe met: a change of it is shown, and an answer ends it."""
    rooms = ClockedTable()
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    rooms.advance_to_next_probe()
    room = single_room(rooms.probe(failure(FailureKind.SILENT), took_s=2.0), RoomUpdated)
    assert (room.status, room.failure) == (
        RoomStatus.SILENT,
        DialAttempt(ADDRESS, FailureKind.SILENT, 0.0),
    )
    rooms.advance_to_next_probe()
    assert rooms.probe(failure(FailureKind.SILENT, seconds=1.9), took_s=2.0) == []
    rooms.advance_to_next_probe()
    room = single_room(rooms.probe(failure(FailureKind.REFUSED)), RoomUpdated)
    assert room.failure is not None
    assert room.failure.kind is FailureKind.REFUSED
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(some_room_info()), RoomUpdated).failure is None


def test_a_room_of_a_later_version_may_not_even_speak_our_tls() -> None:
    """Then it is one of another version, and does not count as silent."""
    rooms = ClockedTable()
    later = dataclasses.replace(service_of(), record=dataclasses.replace(service_of().record, protocol=9))
    rooms.resolve(later)
    room = single_room(rooms.probe(failure(FailureKind.OTHER_TLS)), RoomUpdated)
    assert room.status is RoomStatus.OTHER_VERSION
