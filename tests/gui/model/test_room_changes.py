"""What a conversation shows of a room that changes while it is open, without a display."""

from __future__ import annotations

from dataclasses import replace

import pytest

from messango.discovery.model.events import RoomAdded, RoomStatus
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.rooms.room_list import RoomList
from messango.gui.model.transcript.blocks import BlockKind
from tests.gui.fakes import NOON, found_room, joined


def new_conversation() -> ConversationModel:
    """Return a session that has just begun."""
    return ConversationModel("Office", now=lambda: NOON, clock=lambda: 0.0)


def test_seats_are_those_of_now() -> None:
    """The host may change their number; the list of rooms has it, from a room that answered."""
    conversation, rooms = new_conversation(), RoomList()
    conversation.apply(joined("Ben", "Ann"))
    for status, seats in ((RoomStatus.SILENT, 5), (RoomStatus.OPEN, 8)):
        rooms.apply(RoomAdded(replace(found_room("Office", seats=8, status=status), id="id")))
        conversation.use_list(rooms)
        assert conversation.subtitle == f"2 of {seats} seats taken · encrypted"


@pytest.mark.parametrize("hosted_here", [False, True])
def test_a_new_address_is_told_once(*, hosted_here: bool) -> None:
    """Members read it when they are back; the host reads it from the server, with the new invite."""
    conversation = new_conversation()
    if hosted_here:
        conversation.hosting.start_opening()
        conversation.hosting.mark_open()
    conversation.apply(joined("Ann"))
    conversation.apply(replace(joined("Ann", back=True), moved_from="10.0.0.1:8000"))
    transcript = conversation.transcript
    blocks = transcript.blocks(transcript.first, transcript.end)
    notices = [block.text for block in blocks if block.kind is BlockKind.NOTICE]
    assert any("another address" in text for text in notices) is not hosted_here
