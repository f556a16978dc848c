"""The number of seats in the header of a conversation, without a display."""

from __future__ import annotations

from dataclasses import replace

from messango.discovery.events import RoomAdded, RoomStatus
from messango.gui.model.conversation import ConversationModel
from messango.gui.model.room_list import RoomList
from tests.gui.fakes import NOON, found_room, joined


def test_seats_are_those_of_now() -> None:
    """The host may change their number; the list of rooms has it, from a room that answered."""
    conversation, rooms = ConversationModel("Office", now=lambda: NOON, clock=lambda: 0.0), RoomList()
    conversation.apply(joined("Ben", "Ann"))
    for status, seats in ((RoomStatus.SILENT, 5), (RoomStatus.OPEN, 8)):
        rooms.apply(RoomAdded(replace(found_room("Office", seats=8, status=status), id="id")))
        conversation.use_list(rooms)
        assert conversation.subtitle == f"2 of {seats} seats taken · encrypted"
