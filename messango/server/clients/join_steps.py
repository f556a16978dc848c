"""The steps of joining on the server: the password, the join throttle, then the room."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Final

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.connection.actions import Action
from messango.protocol.connection.server_connection import ServerConnection
from messango.protocol.frames import Join, Refused
from messango.room.host.host_events import JoinAttempted
from messango.server.clients.connected_client import ClientInThread
from messango.server.context import ServerContext
from messango.server.request_queue import JoinRequest
from messango.server.throttling.password_gate import Gate
from messango.server.throttling.password_verifier import PasswordAttempt

_TOO_MANY_ATTEMPTS: Final = Refused(
    error_codes.BUSY, "Too many password attempts right now; yours was not checked.", "Try again soon."
)
_TOO_MANY_JOINS: Final = Refused(
    error_codes.BUSY, "Too many clients are joining from your address right now.", "Try again in a minute."
)


class JoinSteps:
    """Joining of one client. For the client's thread; only `resolve` is for any thread."""

    def __init__(self, client: ClientInThread, context: ServerContext, deadline_s: float) -> None:
        #: Whether the room was asked, so that it needs a report when the connection ends.
        self.asked_room = False
        self._client = client
        self._context = context
        #: Until when the room may admit the client.
        self.deadline_s = deadline_s
        self._gate = Gate()
        self._attempt: PasswordAttempt | None = None
        self._name = ""
        self._resolved = threading.Event()
        #: Whether the room has welcomed the client; then its seat is kept if the connection breaks.
        self.admitted = False

    def resolve(self, *, admitted: bool) -> None:
        """Pass on what the room decided."""
        self.admitted = admitted
        self._resolved.set()

    def needs_password(self, join: Join) -> bool:
        """Return whether this client has to prove a password; from here on it is that one.

        A guest in a browser has a key in its place, which the room checks.
        """
        if self._client.peer.browser:
            return False
        self._gate = self._context.password_gate.gate_for(join.session, self._client.peer)
        return self._gate.verifier is not None

    def check_password(self, protocol: ServerConnection, join: Join) -> Sequence[Action]:
        """Wait for this attempt's turn, then compute the challenge."""
        verifier = self._gate.verifier
        if verifier is None:
            raise LocalProtocolError("a room without a password can't check one")
        self._name = join.name
        self._attempt = verifier.start_attempt(self._client.peer, join, self._known_session(join))
        if self._attempt is None:
            return protocol.refuse(_TOO_MANY_ATTEMPTS)
        try:
            exchange = self._attempt.start_exchange(self._client.wait)
        except RemoteProtocolError as error:
            return protocol.fail(error)
        return [] if exchange is None else protocol.challenge(exchange, time.monotonic())

    def _known_session(self, join: Join) -> str:
        """Return the client's session if this room has it, or ""; then strangers can't take its place."""
        if not join.session or not self._context.has_session(join.session, self._client.peer):
            return ""
        self._mark_trusted()
        return join.session

    def _mark_trusted(self) -> None:
        evicted = self._context.connections.mark_trusted(self._client)
        if evicted is not None:
            evicted.abort()

    def password_proved(self) -> None:
        """Record that the client knows the password."""
        if self._attempt is not None:
            self._attempt.succeed()
            self._mark_trusted()

    def ask_room(self, protocol: ServerConnection, join: Join) -> Sequence[Action]:
        """Wait as the join throttle demands, ask the room, and wait for its answer."""
        wait_s = self._context.join_throttle.reserve(self._client.peer, self._known_session(join))
        if wait_s is None:
            return protocol.refuse(_TOO_MANY_JOINS, "joins too often")
        if wait_s and self._client.wait(wait_s):
            return []
        self._context.notify_host(JoinAttempted(str(self._client.peer), join.name))
        self._context.request_queue.put(
            JoinRequest(self._client.connection_id, join, self._client.peer, self._gate.generation)
        )
        self.asked_room = True
        if not self._resolved.wait(self.deadline_s - time.monotonic()):
            return protocol.on_timeout(time.monotonic())
        if not self.admitted:
            return []
        self._context.connections.mark_joined(self._client)
        self._context.on_joined(self._client.peer)
        return protocol.admit(time.monotonic())

    def close(self) -> None:
        """Count a password attempt without a proof as wrong, and report it to the host."""
        failures = self._attempt.close() if self._attempt else 0
        # Report only the 1st, 2nd, 5th, 10th, 20th, 50th... guess.
        if str(failures).rstrip("0") in ("1", "2", "5"):
            times = f", {failures:,} times from there" if failures > 1 else ""
            self._client.report_refusal(f"wrong password{times}", self._name)
