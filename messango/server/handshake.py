"""One peer's way in: what it may say before it is a member, for how long, and who decides."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

import msgspec

from messango.errors import RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Join, Look, Proof, Refused, RoomInfoFrame
from messango.protocol.limits import JOIN_DEADLINE_S
from messango.protocol.states import ConnectionState
from messango.server.context import Premises
from messango.server.host_events import Connected, RefusedGuest
from messango.server.limits import MAX_FRAMES_BEFORE_JOIN
from messango.server.password import PasswordCheck, Proving
from messango.server.request_queue import WantsIn

if TYPE_CHECKING:
    from messango.server.client_thread import Guest

_TOO_LATE: Final = f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds."
SILENT: Final = "was silent for too long"
_LOCKED: Final = encode(
    Refused(
        error_codes.PASSWORD_REQUIRED, "This room has a password.", "Join with Messango, and give it there."
    )
)
_BUSY: Final = encode(
    Refused(
        error_codes.BUSY,
        "Too many try passwords here just now, so yours was not looked at.",
        "Try again soon.",
    )
)
_TOO_OFTEN: Final = encode(
    Refused(error_codes.BUSY, "Too many come in from your address just now.", "Try again in a minute.")
)
_WRONG: Final = encode(
    Refused(error_codes.WRONG_PASSWORD, "That is not the room's password.", "Ask the host for it.")
)


class Admission:
    """How far a guest has come, from its first byte to the room's answer.

    For the guest's own thread; `decide` is for any.
    """

    def __init__(self, guest: Guest, premises: Premises) -> None:
        self.phase = ConnectionState.UNJOINED
        #: Whether the room was asked, and so has to be told when the connection ends.
        self.asked_room = False
        self._guest = guest
        self._premises = premises
        self._deadline_s = time.monotonic() + JOIN_DEADLINE_S
        self._frames = 0
        self._name = ""
        self._proving: Proving | None = None
        self._decided = threading.Event()
        self._admitted = False

    @property
    def is_member(self) -> bool:
        """Whether the room has let the guest in."""
        return self.phase is ConnectionState.JOINED

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
        self._guest.finish(encode(Refused(error_codes.PROTOCOL, _TOO_LATE, "Connect again.")))

    def refuse(self, reason: str, hint: str) -> None:
        """Send the guest away, unless the last words were said already."""
        if self._guest.ending:
            return
        self.tell_host(reason)
        self._guest.finish(encode(Refused(error_codes.PROTOCOL, reason, hint)))

    def tell_host(self, reason: str) -> None:
        """Tell the host of a stranger that does not get in, unless that was told before."""
        if not self.is_member and not self._guest.ending:
            self._tell_host(reason)

    def _tell_host(self, reason: str) -> None:
        self._premises.tell_host(RefusedGuest(str(self._guest.peer), self._name, reason))

    def end(self) -> None:
        """The connection has ended: whoever was challenged and proved nothing has guessed."""
        times = self._proving.end() if self._proving else 0
        # A thousand guesses are some lines: 1, 2, 5, 10, 20, 50...
        if str(times).rstrip("0") in ("1", "2", "5"):
            self._tell_host("wrong password" + (f", {times:,} times from there" if times > 1 else ""))

    def hear(self, frame: Look | Join | Proof) -> None:
        """Answer what a stranger asks."""
        if isinstance(frame, Look):
            self.phase = ConnectionState.ENDED
            self._guest.finish(encode(RoomInfoFrame(**msgspec.structs.asdict(self._premises.facts()))))
        elif isinstance(frame, Proof):
            if self._proving is not None:
                self._judge(self._proving, frame)
        elif frame.protocol < 1:
            self.refuse("There is no protocol below 1.", "Update your Messango.")
        else:
            self._name = frame.name
            check = self._premises.password
            if check is None:
                self._ask_room(frame)
            else:
                self._challenge(frame, check)

    def _challenge(self, join: Join, check: PasswordCheck) -> None:
        """Ask for a proof; nothing else is looked at before, so that strangers learn nothing of the room."""
        if join.pake is None or not self._guest.peer.encrypted:
            self.tell_host("gave no password")
            self._guest.finish(_LOCKED)
            return
        self._proving = check.begin(self._guest.peer.host, join)
        if self._proving is None:
            self._guest.finish(_BUSY)
            return
        try:
            challenge = self._proving.challenge(self._guest.pause)
        except RemoteProtocolError as error:
            self.refuse(str(error), error.hint)
            return
        if challenge is not None:
            self.phase = ConnectionState.CHALLENGED
            self._guest.send(encode(challenge))

    def _judge(self, proving: Proving, proof: Proof) -> None:
        try:
            right = proving.proves(proof)
        except RemoteProtocolError as error:
            self.refuse(str(error), error.hint)
            return
        if right:
            self._ask_room(proving.join)
        else:
            self._guest.finish(_WRONG)

    def _ask_room(self, join: Join) -> None:
        wait_s = self._premises.turnstile.wait_s(self._guest.peer)
        if wait_s is None:
            self.tell_host("came in too often")
            self._guest.finish(_TOO_OFTEN)
            return
        if wait_s and self._guest.pause(wait_s):
            return
        self._premises.tell_host(Connected(str(self._guest.peer), join.name))
        self._premises.inbox.put(WantsIn(self._guest.connection_id, join, self._guest.peer))
        self.asked_room = True
        # The room decides in its own thread; what follows in the same read may need a member.
        self._decided.wait(self.time_left_s())
        if self._admitted:
            self.phase = ConnectionState.JOINED
            self._premises.guests.settle(self._guest)
