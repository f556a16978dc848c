"""Why a listed room does not answer, in words."""

from __future__ import annotations

from messango.discovery.model.events import RoomStatus
from messango.discovery.model.unanswered import first_reason, reason_and_hint, status_text
from messango.transport.dialing.dial_failure import FailureKind
from tests.discovery.factories import silent_room, some_room


def test_a_room_that_answers_has_no_reason() -> None:
    """Nor has one of which nothing is known."""
    assert reason_and_hint(some_room()) is None
    assert status_text(some_room(status=RoomStatus.FULL)) == "full"
    assert status_text(some_room(status=RoomStatus.SILENT, ping_ms=None)) == "not answering"
    assert first_reason([some_room(), some_room(status=RoomStatus.SILENT)]) is None


def test_a_silent_room_has_a_short_and_a_long_reason() -> None:
    """The short one is in the list, the long one says what to do."""
    room = silent_room(FailureKind.HOST_UNREACHABLE)
    assert status_text(room) == "not answering: off or asleep"
    explained = reason_and_hint(room)
    assert explained is not None
    assert explained[0].startswith("No computer answers at 192.168.1.20")
    assert "Wake it up" in explained[1]


def test_a_room_that_answers_but_cannot_be_joined_is_explained() -> None:
    """It proves another identity, speaks another version, or its answer is still on its way."""
    for status, words in (
        (RoomStatus.UNPROVED, "can't prove that it is this room"),
        (RoomStatus.OTHER_VERSION, "another version"),
        (RoomStatus.SLOW, "takes long"),
    ):
        explained = reason_and_hint(some_room(status=status))
        assert explained is not None
        assert words in explained[0]
        assert explained[1]


def test_of_several_silent_rooms_the_first_is_named() -> None:
    """A reason without a name could be about any of them."""
    rooms = [silent_room(FailureKind.REFUSED, "Tea"), silent_room(FailureKind.SILENT, "Office")]
    explained = first_reason(rooms)
    assert explained is not None
    assert explained[0].startswith("“Tea”: Nothing is listening")
