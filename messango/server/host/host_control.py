"""What this user's programs on this computer may ask of an open room: `messango host` and the doctor."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from messango.errors import MessangoError
from messango.protocol.frames import RoomInfo
from messango.server.host.control_server import ControlServer


@dataclass(frozen=True, slots=True)
class RoomDescription:
    """A room as the reply to the request `room` has it; `host` is the address to listen on, None for all."""

    info: RoomInfo
    host: str | None
    port: int
    fingerprint: str
    has_password: bool
    is_locked: bool

    def fields(self) -> dict[str, Any]:
        """Return the fields of the reply."""
        return {
            "id": self.info.id,
            "name": self.info.name,
            "members": self.info.members,
            "seats": self.info.seats,
            "password": self.has_password,
            "locked": self.is_locked,
            "version": self.info.version,
            "host": self.host,
            "port": self.port,
            "fingerprint": self.fingerprint,
            "pid": os.getpid(),
        }


def open_control(control: ControlServer, room_id: str, name: str) -> str:
    """Answer requests from now on; return why that is not possible, or "": the room is open all the same."""
    try:
        control.open(room_id, name)
    except (OSError, RuntimeError, MessangoError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return (
            f"`messango host` can't control this room: its local socket can't be opened ({reason}). "
            "All else works. It needs a Messango folder of your own on a disk of this computer."
        )
    return ""
