"""Puts the reason that the doctor recognizes into an error about a room that was not found or not reached."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from messango.errors import CorruptFile, MessangoError, RoomNotFound, Unreachable

if TYPE_CHECKING:
    from messango.client.trust.known_room import KnownRoom


@contextlib.contextmanager
def network_reasons() -> Iterator[None]:
    """Let what happens inside end with the recognized reason, if there is one."""
    try:
        yield
    except (RoomNotFound, Unreachable) as error:
        add_network_reason(error)
        raise


def rooms_of_earlier_visits() -> Sequence[KnownRoom]:
    """Return the rooms that this person knows; none if their file is damaged, which a visit reports."""
    from messango.client.trust.known_rooms import KnownRooms

    try:
        return KnownRooms.load().all()
    except CorruptFile:
        return []


def add_network_reason(error: MessangoError) -> None:
    """Put the recognized reason into an error; takes no longer than a moment."""
    from messango.doctor.reason import add_reason  # Only after a failure: it loads much.

    add_reason(error)
