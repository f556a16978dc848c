"""The step that says whether the room that answers can be joined."""

from __future__ import annotations

import msgspec
import pytest

from messango.doctor.findings import Severity
from messango.doctor.room_steps import room_step
from tests.discovery.factories import info_frame_of, some_room_info


@pytest.mark.parametrize(
    ("fields", "severity", "words"),
    [
        ({}, Severity.OK, "is open: 1 of 5"),
        ({"password": True}, Severity.OK, "asks for a password."),
        ({"locked": True, "password": None}, Severity.OK, "a password, or its host has locked it"),
        ({"locked": True, "password": True}, Severity.WARNING, "its host has locked it: nobody new"),
        ({"locked": True, "members": 5}, Severity.WARNING, "has locked it"),
        ({"members": 5}, Severity.WARNING, "is full"),
    ],
)
def test_whether_it_can_be_joined(fields: dict[str, object], severity: Severity, words: str) -> None:
    """A lock, a password and a full room are told apart as far as the room's version does."""
    info = msgspec.structs.replace(some_room_info(), **{"password": False, **fields})
    step = room_step(info_frame_of(info))
    assert step.severity is severity
    assert words in step.message
