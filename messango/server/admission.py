"""One peer's way in: what it may say before it is a member, for how long, and who decides."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

import msgspec

from messango.protocol import codes
from messango.protocol.frames import Join, Look, Refused, RoomInfo
from messango.protocol.framing import encode
from messango.protocol.limits import JOIN_DEADLINE_S
from messango.protocol.phases import Phase
from messango.server.events import Connected, RefusedGuest
from messango.server.inbox import WantsIn
from messango.server.limits import MAX_FRAMES_BEFORE_JOIN
from messango.server.premises import Premises

if TYPE_CHECKING:
    from messango.server.guest import Guest

_TOO_LATE: Final = f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds."
SILENT: Final = "was silent for too long"


class Admission:
    """How far a guest has come, from its first byte to the room's answer.

    For the guest's own thread; `decide` is for any.
    """

    def __init__(self, guest: Guest, premises: Premises) -> None:
        self.phase = Phase.STRANGER
        #: Whether the room was asked, and so has to be told when the connection ends.
        self.asked_room = False
        self._guest = guest
        self._premises = premises
        self._deadline_s = time.monotonic() + JOIN_DEADLINE_S
        self._frames = 0
        self._decided = threading.Event()
        self._admitted = False

    @property
    def is_member(self) -> bool:
        """Whether the room has let the guest in."""
        return self.phase is Phase.MEMBER

    def decide(self, *, admitted: bool) -> None:
        """Tell a guest that waits what became of its `join`."""
        self._admitted = admitted
        self._decided.set()

    def time_left_s(self) -> float:
        """Return how long the guest still has, from connecting to having joined."""
        return self._deadline_s - time.monotonic()

    def tries_too_much(self) -> bool:
        """Count a frame; true for one too many, and then the guest is sent away."""
        self._frames += 1
        if self._frames <= MAX_FRAMES_BEFORE_JOIN:
            return False
        self.refuse("You said too much before you joined.", "Send 'join' first.")
        return True

    def too_late(self) -> None:
        """Send a guest away that has not joined in time."""
        self.tell_host(SILENT)
        self._guest.finish(encode(Refused(codes.PROTOCOL, _TOO_LATE, "Connect again.")))

    def refuse(self, reason: str, hint: str) -> None:
        """Send the guest away, unless the last words were said already."""
        if self._guest.ending:
            return
        self.tell_host(reason)
        self._guest.finish(encode(Refused(codes.PROTOCOL, reason, hint)))

    def tell_host(self, reason: str) -> None:
        """Tell the host of a stranger that does not get in, unless that was told before."""
        if not self.is_member and not self._guest.ending:
            self._premises.tell_host(RefusedGuest(str(self._guest.peer), "", reason))

    def hear(self, frame: Look | Join) -> None:
        """Answer what a stranger asks."""
        if isinstance(frame, Look):
            self.phase = Phase.ENDED
            self._guest.finish(encode(RoomInfo(**msgspec.structs.asdict(self._premises.facts()))))
        elif frame.protocol < 1:
            self.refuse("There is no protocol below 1.", "Update your Messango.")
        else:
            self._ask_room(frame)

    def _ask_room(self, join: Join) -> None:
        self._premises.tell_host(Connected(str(self._guest.peer), join.name))
        self._premises.inbox.put(WantsIn(self._guest.link, join, self._guest.peer))
        self.asked_room = True
        # The room decides in its own thread; what follows in the same read may need a member.
        self._decided.wait(self.time_left_s())
        if self._admitted:
            self.phase = Phase.MEMBER
            self._premises.guests.settle(self._guest)
