"""What the server's side of a connection says to a client that it does not let in."""

from __future__ import annotations

from typing import Final

from messango.errors import RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.frames import Refused
from messango.protocol.limits import JOIN_DEADLINE_S

TOO_LATE: Final = Refused(
    error_codes.PROTOCOL, f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds.", "Connect again."
)
PASSWORD_REQUIRED: Final = Refused(
    error_codes.PASSWORD_REQUIRED, "This room has a password.", "Join with Messango, and enter it there."
)
WRONG_PASSWORD: Final = Refused(
    error_codes.WRONG_PASSWORD, "That is not the room's password.", "Ask the host for it."
)
OTHER_ROOM: Final = Refused(error_codes.OTHER_ROOM, "This is another room.", "Look for the room again.")
TOO_MUCH: Final = RemoteProtocolError("Too many frames before joining.", "Send 'join' first.")
