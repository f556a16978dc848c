"""A room to join when that is possible: one named on the command line, or a full one."""

from __future__ import annotations

from dataclasses import dataclass

from messango.discovery.events import FoundRoom
from messango.gui.model.room_list import RoomList


@dataclass(frozen=True, slots=True)
class PendingJoin:
    """A room by its name; or by its id, and then another room of the same name does not match."""

    name: str
    room_id: str = ""

    def find_joinable(self, rooms: RoomList) -> FoundRoom | None:
        """Return the room if it can be joined now."""
        if self.room_id:
            return rooms.joinable_by_id(self.room_id)
        room = rooms.by_name(self.name)
        return room if room is not None and room.joinable else None

    @property
    def status_text(self) -> str:
        """What to show while waiting."""
        return f"You'll join “{self.name}” when a seat is free."
