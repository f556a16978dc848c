"""What a room offers besides messages, as it announces it and as it answers."""

from __future__ import annotations

import dataclasses

import msgspec

from messango.discovery.model.found_room import found_room
from messango.discovery.model.room_row import Row
from tests.discovery.factories import probe_result_of, service_of, some_room_info


def test_an_announced_room_has_its_features() -> None:
    """Before it has answered there is only the announcement."""
    service = service_of()
    record = dataclasses.replace(service.record, features=("search",))
    assert found_room(Row(dataclasses.replace(service, record=record), 0.0)).features == ("search",)


def test_a_room_that_answered_has_those_of_its_answer() -> None:
    """Anybody can forge an announcement; and even the answer is a stranger's."""
    info = msgspec.structs.replace(some_room_info(), features=("earlier", "\x1b[31m", "Web", "earlier"))
    row = Row(service_of(), 0.0, probe_result=probe_result_of(info))
    assert found_room(row).features == ("earlier",)
