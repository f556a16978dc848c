"""The end of a stay, without a display."""

from __future__ import annotations

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.events import RoomRemoved, Status
from messango.errors import FingerprintMismatch, JoinRefused, MessangoError, RoomClosed
from messango.gui.model.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.room_list import RoomList
from messango.gui.model.session_end import STALE_S, SessionEndState
from messango.protocol.frames import RoomInfo
from tests.gui.fakes import FINGERPRINT, found_room, room_added

CLOSING = RoomClosed("closing", "The host has closed “Office”.", "Ask the host to open it again.")

#: Ids are `id of NAME` where a browser tells them, so this is the very room that the list shows.
ROOM = RoomInfo(1, "id of Office", "Office", "1.0", 3, 5, locked=False, history=True)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def banner(error: MessangoError, *, room: RoomInfo | None = ROOM, holds_messages: bool = True) -> Banner:
    """Return what is said at once of an end with this error."""
    end = SessionEnded(EndReason.CLOSED if isinstance(error, RoomClosed) else EndReason.FAILED, error)
    said = SessionEndState(end, room, Clock()).banner(holds_messages=holds_messages)
    assert said is not None
    return said


def actions(ending: SessionEndState) -> tuple[str, ...]:
    """Return what the buttons say."""
    said = ending.banner(holds_messages=True)
    assert said is not None
    return tuple(words for _, words in said.buttons)


def test_a_closed_room_is_told_calmly() -> None:
    """It can be hosted on, kept, or left."""
    said = banner(CLOSING)
    assert (said.severity, said.text) == (BannerSeverity.WARNING, "The host has closed the room.")
    assert said.actions == (BannerAction.REHOST, BannerAction.SAVE, BannerAction.BACK)


def test_nothing_is_kept_of_nothing() -> None:
    """A room in which nobody spoke can be hosted on all the same; one we never saw can't."""
    assert banner(CLOSING, holds_messages=False).actions == (BannerAction.REHOST, BannerAction.BACK)
    assert banner(CLOSING, room=None, holds_messages=False).actions == (BannerAction.BACK,)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            RoomClosed("kicked", "The host has sent you away."),
            (BannerAction.REJOIN, BannerAction.SAVE, BannerAction.BACK),
        ),
        (
            JoinRefused("closing", "The host is closing the room."),
            (BannerAction.TRY_AGAIN, BannerAction.SAVE, BannerAction.BACK),
        ),
        (FingerprintMismatch("Office", FINGERPRINT, "0" * 64), (BannerAction.SAVE, BannerAction.BACK)),
    ],
    ids=["kicked", "refused", "another fingerprint"],
)
def test_other_ends_can_be_kept_too(error: MessangoError, expected: tuple[BannerAction, ...]) -> None:
    """They are told in their own words; nobody hosts a room on that may still be open."""
    said = banner(error)
    assert (said.severity, said.text, said.actions) == (BannerSeverity.DANGER, str(error), expected)


def test_who_left_is_told_nothing() -> None:
    """There is nothing wrong."""
    assert (
        SessionEndState(SessionEnded(EndReason.LEFT, None), ROOM, Clock()).banner(holds_messages=True) is None
    )


def test_a_room_of_the_same_name_is_offered_first() -> None:
    """Capitals make no other name; when it is gone again, so is the offer."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(room_added("OFFICE", host="ben-pc"))
    ending.find_successor(rooms)
    assert actions(ending)[0] == "Join “OFFICE” on ben-pc"
    rooms.apply(RoomRemoved(found_room("OFFICE", host="ben-pc")))
    ending.find_successor(rooms)
    assert actions(ending)[0] == "Host it on"


def test_a_long_name_leaves_the_button_short() -> None:
    """Room and machine may have 48 and 63 characters."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(room_added("office", host="h" * 63))
    ending.find_successor(rooms)
    assert actions(ending)[0] == f"Join “office” on {'h' * 23}…"


@pytest.mark.parametrize(
    "event",
    [
        room_added("Kitchen"),
        room_added("office", status=Status.FULL),
        room_added("office", status=Status.SILENT),
    ],
    ids=["another name", "full", "silent"],
)
def test_what_can_not_be_joined_is_not_offered(event: object) -> None:
    """A button that leads nowhere would be worse than none."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(event)  # type: ignore[arg-type] # the parameters have no type
    ending.find_successor(rooms)
    assert ending.successor is None


def test_the_closed_room_itself_is_not_offered_at_once() -> None:
    """Its row may outlive it for a moment; if it is there later, its host has opened it again."""
    clock = Clock()
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, clock)
    rooms.apply(room_added("Office", key="old"))
    ending.find_successor(rooms)
    assert ending.successor is None
    clock.seconds += STALE_S
    ending.find_successor(rooms)
    assert ending.successor is not None


def test_only_a_closed_room_has_a_successor() -> None:
    """Who was sent away is not led back in by another door."""
    kicked = RoomClosed("kicked", "The host has sent you away.")
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, kicked), ROOM, Clock())
    rooms.apply(room_added("office", host="ben-pc"))
    ending.find_successor(rooms)
    assert ending.successor is None


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (RoomClosed("kicked", "The host has sent you out.", "You can join anew."), BannerAction.REJOIN),
        (RoomClosed("replaced", "You have joined from another connection."), BannerAction.REJOIN_HERE),
        (RoomClosed("protocol", "The room does not understand us."), BannerAction.TRY_AGAIN),
        (JoinRefused("banned", "The host has banned you."), BannerAction.TRY_AGAIN),
    ],
)
def test_each_end_has_its_own_next_step(error: MessangoError, step: BannerAction) -> None:
    """First comes what most people will want to do."""
    assert banner(error).actions[0] is step
