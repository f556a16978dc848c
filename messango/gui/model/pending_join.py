"""A room that is joined as soon as it can be: one named at the start, or a full one that was waited for."""

from __future__ import annotations

from dataclasses import dataclass

from messango.discovery.events import FoundRoom
from messango.gui.model.room_list import RoomList


@dataclass(frozen=True, slots=True)
class PendingJoin:
    """A room by its name, or where it is known by its id: then another of the same name will not do."""

    name: str
    room_id: str = ""

    def find_joinable(self, rooms: RoomList) -> FoundRoom | None:
        """Return the room, once it can be joined."""
        if self.room_id:
            return rooms.joinable_by_id(self.room_id)
        room = rooms.by_name(self.name)
        return room if room is not None and room.joinable else None

    @property
    def status_text(self) -> str:
        """What is said while it is waited for."""
        if self.room_id:
            return f"You wait for a seat in “{self.name}”: it is joined as soon as one is free."
        return f"“{self.name}” is joined as soon as it answers and has a free seat."
