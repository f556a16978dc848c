"""What the host does about the link of a linked room; in others the commands say that there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from messango.room.host.host_events import NOT_LINKED
from messango.room.host.link_report import LinkReport
from messango.room.moderation_error import ModerationError


@runtime_checkable
class LinkedRoomLike(Protocol):
    """A linked room, as its host sees it; for the thread that owns the room, inside a batch."""

    def link_report(self) -> LinkReport:
        """Return the state of the link."""

    def relink(self) -> Path | None:
        """Set this server's copy aside, and begin to make it again from the stream. Does not wait.

        Returns where the old copy is, None if there was none. Raises `ModerationError` if that can't be done.
        """


class LinkModeration:
    """Applies the host's commands about its link to a room; raises `ModerationError` if it has none."""

    def __init__(self, room: object) -> None:
        self._room = room

    def report(self) -> LinkReport:
        """Return the state of the link."""
        return self._linked_room().link_report()

    def relink(self) -> str:
        """Make this server's copy again from the stream."""
        old = self._linked_room().relink()
        kept = f" The old one is kept as {old}." if old is not None else ""
        return f"This server's copy of the conversation is made again from the linked room's stream.{kept}"

    def _linked_room(self) -> LinkedRoomLike:
        if not isinstance(self._room, LinkedRoomLike):
            raise ModerationError(
                "This room is not linked with others. `messango help link` says how to link several servers.",
                NOT_LINKED,
            )
        return self._room
