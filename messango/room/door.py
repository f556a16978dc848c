"""Who may come in, and what those are told who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.protocol import codes
from messango.protocol.frames import Closed, Refused
from messango.room.members import Members

#: Whoever is told that the room is full reads so many names; thousands would not fit into a frame.
_NAMES_TOLD: Final = 20


class Door:
    """Knows why somebody can't come in; `closed` once the room has ended for everybody."""

    def __init__(self, members: Members) -> None:
        self.closed = False
        self._members = members

    def refusal(self, room: str) -> Refused | None:
        """Return why nobody can come into the room of this name now, or None."""
        return Refused(codes.CLOSING, *_goodbye(room)) if self.closed else None

    def no_seat(self, room: str) -> Refused | None:
        """Return why there is no seat for one more in the room of this name, or None."""
        if not self._members.full:
            return None
        return Refused(
            codes.FULL,
            f"“{room}” is full: all {self._members.seats} seats are taken.",
            f"In the room: {_listed(self._members.names())}. Try again when somebody has left.",
        )


def farewell(room: str) -> Closed:
    """Return the last words to a member when the room of this name closes."""
    return Closed(codes.CLOSING, *_goodbye(room))


def _goodbye(room: str) -> tuple[str, str]:
    return f"The host has closed “{room}”.", "Ask the host to open it again."


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _NAMES_TOLD:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMES_TOLD])} and {len(names) - _NAMES_TOLD} more"
