"""What somebody fills in to host a room, decided without a display."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Final

from messango.errors import BadName, MessangoError
from messango.protocol.limits import DEFAULT_SEATS, MAX_NAME_CHARACTERS
from messango.protocol.password import Password
from messango.protocol.validation import clean_name

#: More seats than this are for `messango server`.
MAX_WINDOW_SEATS: Final = 50


class BadRoomName(BadName):
    """The name of a room, not of a person, is against the rules."""


@dataclass(frozen=True, slots=True)
class RoomOptions:
    """A room that somebody wants to host; no password lets in everybody on the network."""

    name: str
    seats: int = DEFAULT_SEATS
    password: Password | None = None


def default_room_name() -> str:
    """Return what a room may be called that nobody has named yet: as its machine is."""
    return platform.node().partition(".")[0][:MAX_NAME_CHARACTERS] or "Messango"


def read_form(name: str, seats: int, password: str) -> RoomOptions:
    """Return what was wished for; raises `BadRoomName` or `BadPassword`."""
    try:
        cleaned = clean_name(name)
    except MessangoError as error:
        raise BadRoomName(str(error), error.hint) from error
    return RoomOptions(cleaned, seats, Password(password) if password else None)


def adjust_seats(seats: int, delta: int) -> int:
    """Return so many seats more, or fewer, as far as a window hosts them."""
    return min(max(seats + delta, 1), MAX_WINDOW_SEATS)
