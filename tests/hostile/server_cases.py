"""What a hostile server may send: a frame of each kind, and values of every shape for their fields."""

from __future__ import annotations

from typing import Final

import msgspec

from messango.protocol.codec import encode
from messango.protocol.frames import (
    Challenge,
    Closed,
    Deleted,
    EarlierMessages,
    Edited,
    Found,
    Frame,
    Join,
    Joined,
    Left,
    Message,
    Ping,
    Pong,
    Problem,
    Quote,
    Reacted,
    Reaction,
    Refused,
    Renamed,
    RoomInfo,
    RoomInfoFrame,
    Told,
    TypingNotice,
    Welcome,
)
from messango.protocol.limits import MAX_QUOTE_CHARACTERS
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from tests.hostile.floods import message
from tests.support.raw_server import ROOM_INFO

_ENTRIES_A_SHAPE: Final = 8

FORGED: Final = "forged words"

WELCOME: Final = Welcome(ROOM_INFO, "ann", "m1", "secret", ["ann"], latest=0, oldest=0)

#: A frame of each kind that a server may send.
FRAMES: Final[dict[str, Frame]] = {
    "room": RoomInfoFrame(**msgspec.structs.asdict(ROOM_INFO)),
    "challenge": Challenge("AA==", "AA==", ROOM_INFO.id),
    "welcome": WELCOME,
    "refused": Refused("full", "The room is full.", "Wait."),
    "message": message(1, FORGED),
    "host's message": Message(2, "2", HOST_MEMBER_ID, 0.0, HOST_NAME, FORGED),
    "told": Told(3, "3", "m2", 0.0, "Mallory", FORGED, to="m1", to_name="ann"),
    "reacted": Reacted(3, "3", 1, "m2", FORGED, 0.0, "👍", on=True),
    "edited": Edited(3, "3", 1, "m2", "Mallory", 0.0, FORGED),
    "deleted": Deleted(3, "3", 1, "m2", FORGED, 0.0),
    "earlier": EarlierMessages("1", [message(1, FORGED)], more=True, latest=1),
    "found": Found("1", [message(1, FORGED)], more=True, latest=1),
    "joined": Joined("Mallory"),
    "left": Left("Mallory", FORGED),
    "renamed": Renamed("Mallory", "ann"),
    "typing": TypingNotice("Mallory"),
    "problem": Problem("fault", FORGED, FORGED),
    "closed": Closed("closing", "The host has closed the room.", "Wait."),
    "ping": Ping(),
    "pong": Pong(),
    "join": Join(1, "Mallory"),
}

#: Names, texts and ids that would harm a terminal, a line or a reader, or are not any.
SHAPES: Final = (
    "",
    "\x00",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x9b31m",
    "a\r\nmessango: You are in",
    "a\u2028b\u2029c\x85d",
    "\u202egpj.exe",
    "\u2066x\u2069",
    "z" + "\u0301" * 60,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "../../etc/passwd",
    "%s {0} <b> `id` $(id)",
    " " * 64,
)


def welcome_of(shape: str) -> bytes:
    """Return a welcome with this in each field that may have it."""
    room = RoomInfo(1, ROOM_INFO.id, shape, shape, 1, 5, locked=False, history=False)
    return encode(Welcome(room, shape, shape, shape or "s", [shape, "ann"], 0, 0, unencrypted=[shape]))


#: Several in one name, and not too long for one.
NASTY: Final = "".join(SHAPES[1:8])


def frames_of(shape: str, seq: int = 1) -> list[Frame]:
    """Return a frame of each kind that may follow a welcome, with this in each field."""
    return [
        Joined(shape, encrypted=False),
        Message(seq, shape, "m2", 1e300, shape, f"{shape}one"),
        Message(seq + 1, shape, HOST_MEMBER_ID, -1e300, shape, f"/me {shape}"),
        Message(seq + 2, f"id {seq}", "m2", 0.0, shape, shape * 50),
        *_entries_of(shape, seq + 3),
        EarlierMessages(shape, [message(seq, shape)], more=True, latest=seq),
        Found(shape, [message(seq, shape)], more=True, latest=seq),
        TypingNotice(shape, shape, private=True),
        Renamed(shape, shape),
        Problem(shape, shape, shape),
        Problem("fault", shape, shape, shape or "1"),
        Left(shape, shape),
    ]


def _entries_of(shape: str, seq: int) -> list[Frame]:
    """Return five entries of the other kinds, about the three messages before them."""
    quoted = Quote(seq - 3, shape, (shape * 2)[:MAX_QUOTE_CHARACTERS])
    reactions = (
        Reaction(shape, 2, mine=True, names=(shape, shape)),
        Reaction("👍", 1, mine=True, names=(shape,)),
    )
    by = ("m2", shape, 1e300)
    return [
        Message(seq, f"a {seq}", "m2", 0.0, shape, f"{shape}!", quoted, reactions=reactions),
        Told(seq + 1, f"b {seq}", "m2", 0.0, shape, f"{shape}!", quoted, to="m1", to_name=shape),
        Reacted(seq + 2, shape, seq, *by, shape, on=True),
        Edited(seq + 3, shape, seq - 3, *by, shape),
        Deleted(seq + 4, shape, seq - 1, *by),
    ]


def all_shapes() -> list[Frame]:
    """Return the frames for each of the shapes, and a last message."""
    frames = [
        frame
        for number, shape in enumerate(SHAPES)
        for frame in frames_of(shape, 1 + number * _ENTRIES_A_SHAPE)
    ]
    return [*frames, Message(len(SHAPES) * _ENTRIES_A_SHAPE + 1, "end", "m2", 0.0, "Ben", "the end")]
