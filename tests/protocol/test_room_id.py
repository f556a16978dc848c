"""A room's id is checked against the room's certificate."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import RemoteProtocolError
from messango.protocol.codec import server_frame_decoder
from messango.protocol.frames import RoomInfo
from messango.protocol.room_id import derive_room_id, is_proved, is_room_id, stored_tag_of, tag_of

FINGERPRINT, OTHER = "ab" * 32, "cd" * 32

#: Forged words for `messango trust`, a line for a completion, and other texts that are no ids.
NO_IDS = [
    "",
    "1f",
    "1F" * 16,
    "1f" * 16 + "\n",
    "1f" * 15 + "\n\n",
    "1f" * 17,
    "1f" * 16 + "\n    future accuse submit forest",
    "\u0661" * 32,
    "zz" * 16,
    "\x1b[2J".ljust(32),
]


def test_the_rule_that_other_clients_follow() -> None:
    """As the help gives it: the tag, and 24 digits of a hash that a shell can compute."""
    room_id = derive_room_id("0000001f", FINGERPRINT)
    assert room_id == "0000001f" + hashlib.sha256(f"0000001f{FINGERPRINT}".encode()).hexdigest()[:24]
    assert (len(room_id), tag_of(room_id)) == (32, "0000001f")


def test_rooms_of_one_certificate_differ() -> None:
    """And so does one room under two certificates, but for its tag."""
    tea, coffee = derive_room_id("0000001f", FINGERPRINT), derive_room_id("0000002f", FINGERPRINT)
    moved = derive_room_id("0000001f", OTHER)
    assert len({tea, coffee, moved}) == 3
    assert tag_of(moved) == tag_of(tea)


def test_only_its_certificate_proves_an_id() -> None:
    """Nobody else can claim it, and without a certificate nobody can."""
    room_id = derive_room_id("0000001f", FINGERPRINT)
    assert is_proved(room_id, FINGERPRINT)
    assert not is_proved(room_id, OTHER)
    assert not is_proved(room_id, None)
    assert not is_proved(room_id, "")


@pytest.mark.parametrize("text", NO_IDS, ids=ascii)
def test_what_is_not_an_id(text: str) -> None:
    """No frame that has it is read."""
    assert not is_room_id(text)
    assert not is_proved(text, FINGERPRINT)
    room = RoomInfo(1, text, "Tea", "1", 1, 5, locked=False, history=False)
    data = msgspec.json.encode({"type": "room", **msgspec.structs.asdict(room)}) + b"\n"
    with pytest.raises(RemoteProtocolError):
        server_frame_decoder().decode(data)


@given(st.text())
def test_any_text_is_checked(text: str) -> None:
    """Nothing raises."""
    is_proved(text, text)
    stored = stored_tag_of(text)
    assert stored is None or len(stored) == 8
