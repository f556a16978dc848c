"""The end of a session, without a display."""

from __future__ import annotations

import pytest

from messango.client.events import EndReason, SessionEnded
from messango.discovery.model.events import RoomRemoved, RoomStatus
from messango.errors import JoinRefused, MessangoError, RoomClosed
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.conversation.session_end import STALE_S, SessionEndState
from messango.gui.model.rooms.room_list import RoomList
from messango.protocol.frames import RoomInfo
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.gui.fakes import FINGERPRINT, found_room, room_added

CLOSING = RoomClosed("closing", "The host has closed “Office”.", "Ask the host to open it again.")

#: A browser of these tests finds rooms with ids like `id of NAME`, so this is the room in the list.
ROOM = RoomInfo(1, "id of Office", "Office", "1.0", 3, 5, locked=False, history=True)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def banner(error: MessangoError, *, room: RoomInfo | None = ROOM, holds_messages: bool = True) -> Banner:
    """Return the banner just after a session ended with this error."""
    end = SessionEnded(EndReason.CLOSED if isinstance(error, RoomClosed) else EndReason.FAILED, error)
    shown = SessionEndState(end, room, Clock()).banner(holds_messages=holds_messages)
    assert shown is not None
    return shown


def labels(ending: SessionEndState) -> tuple[str, ...]:
    """Return the labels of the buttons."""
    shown = ending.banner(holds_messages=True)
    assert shown is not None
    return tuple(label for _, label in shown.buttons)


def test_closed_room_is_a_warning() -> None:
    """The user can take over hosting, save the conversation, or go back."""
    shown = banner(CLOSING)
    assert (shown.severity, shown.text) == (BannerSeverity.WARNING, "The host has closed the room.")
    assert shown.actions == (BannerAction.REHOST, BannerAction.SAVE, BannerAction.BACK)


def test_empty_conversation_can_not_be_saved() -> None:
    """Its room can be hosted again, unless we never joined it."""
    assert banner(CLOSING, holds_messages=False).actions == (BannerAction.REHOST, BannerAction.BACK)
    assert banner(CLOSING, room=None, holds_messages=False).actions == (BannerAction.BACK,)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            RoomClosed("kicked", "The host removed you."),
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
def test_other_ends_offer_saving_but_not_hosting(
    error: MessangoError, expected: tuple[BannerAction, ...]
) -> None:
    """The room may still be open. The text is the error's."""
    shown = banner(error)
    assert (shown.severity, shown.text, shown.actions) == (BannerSeverity.DANGER, str(error), expected)


def test_leaving_has_no_banner() -> None:
    """Nothing is wrong."""
    assert (
        SessionEndState(SessionEnded(EndReason.LEFT, None), ROOM, Clock()).banner(holds_messages=True) is None
    )


def test_room_with_the_same_name_is_offered_first() -> None:
    """Names are compared without case. If the room is gone, it is no longer offered."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(room_added("OFFICE", host="ben-pc"))
    ending.find_successor(rooms)
    assert labels(ending)[0] == "Join “OFFICE” on ben-pc"
    rooms.apply(RoomRemoved(found_room("OFFICE", host="ben-pc")))
    ending.find_successor(rooms)
    assert labels(ending)[0] == "Take over hosting"


def test_long_names_are_cut_on_the_button() -> None:
    """Names of rooms may have 48 characters, hostnames 63."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(room_added("office", host="h" * 63))
    ending.find_successor(rooms)
    assert labels(ending)[0] == f"Join “office” on {'h' * 23}…"


@pytest.mark.parametrize(
    "event",
    [
        room_added("Kitchen"),
        room_added("office", status=RoomStatus.FULL),
        room_added("office", status=RoomStatus.SILENT),
    ],
    ids=["another name", "full", "silent"],
)
def test_unjoinable_room_is_not_offered(event: object) -> None:
    """Another name, no seat, or no answer."""
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, Clock())
    rooms.apply(event)  # type: ignore[arg-type] # the parameters have no type
    ending.find_successor(rooms)
    assert ending.successor is None


def test_closed_room_itself_is_offered_only_later() -> None:
    """Its row may stay in the list for a moment; if it is there later, the host has opened it again."""
    clock = Clock()
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, CLOSING), ROOM, clock)
    rooms.apply(room_added("Office", key="old"))
    ending.find_successor(rooms)
    assert ending.successor is None
    clock.seconds += STALE_S
    ending.find_successor(rooms)
    assert ending.successor is not None


def test_only_a_closed_room_has_a_successor() -> None:
    """A removed member is not offered a room with the same name."""
    kicked = RoomClosed("kicked", "The host removed you.")
    rooms, ending = RoomList(), SessionEndState(SessionEnded(EndReason.CLOSED, kicked), ROOM, Clock())
    rooms.apply(room_added("office", host="ben-pc"))
    ending.find_successor(rooms)
    assert ending.successor is None


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (RoomClosed("kicked", "The host removed you.", "You can join again."), BannerAction.REJOIN),
        (RoomClosed("replaced", "You have joined from another connection."), BannerAction.REJOIN_HERE),
        (RoomClosed("protocol", "The room does not understand us."), BannerAction.TRY_AGAIN),
        (JoinRefused("banned", "The host has banned you."), BannerAction.TRY_AGAIN),
    ],
)
def test_first_action_depends_on_the_error(error: MessangoError, action: BannerAction) -> None:
    """It is what most people want to do next."""
    assert banner(error).actions[0] is action


@pytest.mark.parametrize(
    ("code", "text", "until"),
    [
        ("full", "Waiting for a seat. No.", "a seat is free"),
        ("locked", "Waiting. No.", "the host unlocks the room"),
    ],
)
def test_what_is_waited_for(code: str, text: str, until: str) -> None:
    """A seat does not help in a locked room."""
    ending = SessionEndState(SessionEnded(EndReason.FAILED, JoinRefused(code, "No.")), ROOM, Clock())
    ending.start_waiting()
    shown = ending.banner(holds_messages=False)
    assert shown is not None
    assert (shown.text, until in shown.hint) == (text, True)
