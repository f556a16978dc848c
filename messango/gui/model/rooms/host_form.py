"""The form for hosting a room, without a display."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Final

from messango.errors import BadName, MessangoError
from messango.protocol.limits import DEFAULT_SEATS, MAX_NAME_CHARACTERS
from messango.protocol.password import Password
from messango.protocol.text.validation import clean_name

#: For more seats than this there is `messango server`.
MAX_WINDOW_SEATS: Final = 50


class BadRoomName(BadName):
    """The room's name is not valid (not the person's)."""


@dataclass(frozen=True, slots=True)
class RoomOptions:
    """A room to host; without a password, everybody on the network can join. `web`: also from a browser."""

    name: str
    seats: int = DEFAULT_SEATS
    password: Password | None = None
    web: bool = False


def default_room_name() -> str:
    """Return the name to suggest for a room: the computer's, or `Messango`."""
    return platform.node().partition(".")[0][:MAX_NAME_CHARACTERS] or "Messango"


def read_form(name: str, seats: int, password: str, *, web: bool = False) -> RoomOptions:
    """Return the options for these fields; raises `BadRoomName` or `BadPassword`."""
    try:
        cleaned = clean_name(name)
    except MessangoError as error:
        raise BadRoomName(str(error), error.hint) from error
    return RoomOptions(cleaned, seats, Password(password) if password else None, web)


def adjust_seats(seats: int, delta: int) -> int:
    """Return `seats` plus `delta`, within the limits of a window."""
    return min(max(seats + delta, 1), MAX_WINDOW_SEATS)
