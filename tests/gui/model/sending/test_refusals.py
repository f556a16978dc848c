"""Why no file can be sent just now."""

from __future__ import annotations

import dataclasses

import msgspec

from messango.client.events import RoomJoined
from messango.gui.model.composer.composer_mode import (
    PUBLIC,
    Answering,
    ComposerMode,
    Editing,
    OnlyTo,
    Recipient,
)
from messango.gui.model.sending.refusals import sending_refusal
from messango.protocol.features import FEATURES, FILES
from tests.gui.fakes import joined

BEN = Recipient("m2", "Ben")


def with_files(event: RoomJoined) -> RoomJoined:
    """Return how we joined a room that takes files."""
    room = msgspec.structs.replace(event.room, features=(*FEATURES, FILES))
    return dataclasses.replace(event, room=room)


def refusal(mode: ComposerMode = PUBLIC) -> str:
    """Return why no file can be sent in this mode, in a room that takes files."""
    return sending_refusal(with_files(joined("Ann", "Ben")), mode, ended=False)


def test_a_file_can_go_to_everybody_and_as_a_public_answer() -> None:
    """Then there is no reason against it."""
    assert refusal() == ""
    assert refusal(Answering(3, "Ben", "What?")) == ""


def test_a_file_never_goes_where_one_was_meant() -> None:
    """Neither in a private message nor in the answer to one."""
    for mode in (OnlyTo(BEN), Answering(3, "Ben", "What?", BEN)):
        assert "can't be sent to Ben only" in refusal(mode)
        assert "✕" in refusal(mode)


def test_an_edit_takes_no_file() -> None:
    """The text in the field is another message's."""
    assert "editing" in refusal(Editing(3, "Hello"))


def test_a_room_without_the_feature_takes_no_file() -> None:
    """The host may have an earlier version, or has switched it off."""
    room = joined("Ann", "Ben")
    assert FILES not in room.room.features
    assert "takes no files" in sending_refusal(room, PUBLIC, ended=False)


def test_outside_the_room_there_is_nothing_to_send_to() -> None:
    """Before joining, after the end, and over a connection that others can read."""
    plain = with_files(joined("Ann", encrypted=False))
    assert "not in the room yet" in sending_refusal(None, PUBLIC, ended=False)
    assert "any more" in sending_refusal(with_files(joined("Ann")), PUBLIC, ended=True)
    assert "not encrypted" in sending_refusal(plain, PUBLIC, ended=False)
