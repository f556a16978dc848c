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
from messango.room.host_events import JoinAttempted, JoinAttemptRefused
from messango.server.context import ServerContext
from messango.server.limits import MAX_FRAMES_BEFORE_JOIN
from messango.server.password import PasswordAttempt, PasswordVerifier
from messango.server.request_queue import JoinRequest

if TYPE_CHECKING:
    from messango.server.client_thread import ClientThread

_TIMED_OUT: Final = f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds."
TIMEOUT_REASON: Final = "was silent for too long"
_PASSWORD_REQUIRED: Final = encode(
    Refused(
        error_codes.PASSWORD_REQUIRED, "This room has a password.", "Join with Messango, and give it there."
    )
)
_TOO_MANY_ATTEMPTS: Final = encode(
    Refused(
        error_codes.BUSY,
        "Too many try passwords here just now, so yours was not looked at.",
        "Try again soon.",
    )
)
_JOIN_THROTTLED: Final = encode(
    Refused(error_codes.BUSY, "Too many come in from your address just now.", "Try again in a minute.")
)
_WRONG_PASSWORD: Final = encode(
    Refused(error_codes.WRONG_PASSWORD, "That is not the room's password.", "Ask the host for it.")
)


class Handshake:
    """How far a client has come, from its first byte to the room's answer.

    For the client's own thread; `resolve_join` is for any.
    """

    def __init__(self, client: ClientThread, context: ServerContext) -> None:
        self.state = ConnectionState.UNJOINED
        #: Whether the room was asked, and so has to be told when the connection ends.
        self.join_requested = False
        self._client = client
        self._context = context
        self._deadline_s = time.monotonic() + JOIN_DEADLINE_S
        self._frame_count = 0
        self._name = ""
        self._password_attempt: PasswordAttempt | None = None
        self._resolved = threading.Event()
        self._admitted = False

    @property
    def is_member(self) -> bool:
        """Whether the room has let the client in."""
        return self.state is ConnectionState.JOINED

    def resolve_join(self, *, admitted: bool) -> None:
        """Tell a client that waits what became of its `join`."""
        self._admitted = admitted
        self._resolved.set()

    def time_left_s(self) -> float:
        """Return how long the client still has, from connecting to having joined."""
        return self._deadline_s - time.monotonic()

    def over_frame_limit(self) -> bool:
        """Count a frame; true for one too many, and then the client is sent away."""
        self._frame_count += 1
        if self._frame_count <= MAX_FRAMES_BEFORE_JOIN:
            return False
        self.refuse("You said too much before you joined.", "Send 'join' first.")
        return True

    def on_timeout(self) -> None:
        """Send a client away that has not joined in time."""
        self.notify_host(TIMEOUT_REASON)
        self._client.close_after(encode(Refused(error_codes.PROTOCOL, _TIMED_OUT, "Connect again.")))

    def refuse(self, reason: str, hint: str) -> None:
        """Send the client away, unless the last words were said already."""
        if self._client.is_closing:
            return
        self.notify_host(reason)
        self._client.close_after(encode(Refused(error_codes.PROTOCOL, reason, hint)))

    def notify_host(self, reason: str) -> None:
        """Tell the host of an unjoined client that does not get in, unless that was told before."""
        if not self.is_member and not self._client.is_closing:
            self._publish_refusal(reason)

    def _publish_refusal(self, reason: str) -> None:
        self._context.notify_host(JoinAttemptRefused(str(self._client.peer), self._name, reason))

    def on_disconnect(self) -> None:
        """The connection has ended: whoever was challenged and proved nothing has guessed."""
        failures = self._password_attempt.close() if self._password_attempt else 0
        # A thousand guesses are some lines: 1, 2, 5, 10, 20, 50...
        if str(failures).rstrip("0") in ("1", "2", "5"):
            self._publish_refusal(
                "wrong password" + (f", {failures:,} times from there" if failures > 1 else "")
            )

    def handle_frame(self, frame: Look | Join | Proof) -> None:
        """Answer what an unjoined client asks."""
        if isinstance(frame, Look):
            self.state = ConnectionState.ENDED
            self._client.close_after(
                encode(RoomInfoFrame(**msgspec.structs.asdict(self._context.room_info())))
            )
        elif isinstance(frame, Proof):
            if self._password_attempt is not None:
                self._check_proof(self._password_attempt, frame)
        elif frame.protocol < 1:
            self.refuse("There is no protocol below 1.", "Update your Messango.")
        else:
            self._name = frame.name
            verifier = self._context.password_verifier
            if verifier is None:
                self._request_join(frame)
            else:
                self._send_challenge(frame, verifier)

    def _send_challenge(self, join: Join, verifier: PasswordVerifier) -> None:
        """Ask for a proof; nothing else is looked at before, so that unjoined clients learn nothing of the
        room.
        """
        if join.pake is None or not self._client.peer.encrypted:
            self.notify_host("gave no password")
            self._client.close_after(_PASSWORD_REQUIRED)
            return
        self._password_attempt = verifier.start_attempt(self._client.peer.host, join)
        if self._password_attempt is None:
            self._client.close_after(_TOO_MANY_ATTEMPTS)
            return
        try:
            challenge = self._password_attempt.make_challenge(self._client.wait)
        except RemoteProtocolError as error:
            self.refuse(str(error), error.hint)
            return
        if challenge is not None:
            self.state = ConnectionState.CHALLENGED
            self._client.send(encode(challenge))

    def _check_proof(self, attempt: PasswordAttempt, proof: Proof) -> None:
        try:
            is_correct = attempt.verify(proof)
        except RemoteProtocolError as error:
            self.refuse(str(error), error.hint)
            return
        if is_correct:
            self._request_join(attempt.join)
        else:
            self._client.close_after(_WRONG_PASSWORD)

    def _request_join(self, join: Join) -> None:
        wait_s = self._context.join_throttle.reserve(self._client.peer)
        if wait_s is None:
            self.notify_host("came in too often")
            self._client.close_after(_JOIN_THROTTLED)
            return
        if wait_s and self._client.wait(wait_s):
            return
        self._context.notify_host(JoinAttempted(str(self._client.peer), join.name))
        self._context.request_queue.put(JoinRequest(self._client.connection_id, join, self._client.peer))
        self.join_requested = True
        # The room decides in its own thread; what follows in the same read may need a member.
        self._resolved.wait(self.time_left_s())
        if self._admitted:
            self.state = ConnectionState.JOINED
            self._context.connections.mark_joined(self._client)
