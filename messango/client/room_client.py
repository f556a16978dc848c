"""The client of one room: joins it, reconnects, and reports everything as events."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from messango.client.backlog import Backlog
from messango.client.connection.backoff import Backoff
from messango.client.connection.password_exchange import PasswordExchange
from messango.client.connection.receiver import LargePacketsLost, Receiver
from messango.client.connection.responder import Responder
from messango.client.connection.retry_policy import RetryPolicy
from messango.client.connection.room_locator import Rediscover
from messango.client.events import (
    Connecting,
    Disconnected,
    EndReason,
    Event,
    MemberRenamed,
    PasswordRequired,
    RoomJoined,
    SessionEnded,
)
from messango.client.files.lazy_transfers import LazyTransfers
from messango.client.linked.server_dialer import ServerBehind, ServerDialer
from messango.client.requests.member_requests import MemberRequests
from messango.client.requests.outbox import Outbox
from messango.client.requests.questions import Questions
from messango.client.requests.sender import Sender
from messango.client.session import Session
from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.trust_check import TrustCheck
from messango.errors import (
    ConnectionLost,
    InternalError,
    JoinRefused,
    MessangoError,
    PasswordNeeded,
    PasswordNotRequired,
    RoomClosed,
    WrongPassword,
)
from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.connection.client_connection import ClientConnection
from messango.protocol.frames import (
    Challenge,
    Join,
    Ping,
    Problem,
    Reach,
    Renamed,
    ServerFrame,
    Welcome,
)
from messango.protocol.limits import NO_HISTORY, PROTOCOL_VERSION
from messango.protocol.password import Password
from messango.transport.addresses import Address
from messango.transport.connection import Connection, OutboxFull
from messango.transport.identity.host_secret import load_host_secret
from messango.transport.writer import WriterThread

logger = logging.getLogger(__name__)

#: After this long a connection counts as stable: the client reconnects at once when it breaks.
_STABLE_AFTER_S: Final = 10.0

#: How often to look whether the front end has taken enough events to read on.
_FRONT_END_CHECK_S: Final = 0.02

#: How long a slow or silent server may take to read our last messages and the goodbye: people wait for two
#: seconds in all.
_LEAVE_TIMEOUT_S: Final = 1.2


class RoomClient(MemberRequests):
    """Owns its thread, its connection and its writer. Any thread may call any method.

    Only `join_thread` blocks. The results are events, in order, on `events`; the last one is always
    `SessionEnded`.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        name: str,
        *,
        known_rooms: KnownRooms,
        fingerprint: str | None = None,
        room_id: str | None = None,
        proved_at: Address | None = None,
        asked_name: str = "",
        rediscover: Rediscover | None = None,
        password: Password | None = None,
        prompt_for_password: bool = False,
        brief: bool = False,
    ) -> None:
        """Prepare to join the room at `addresses` as `name`; `start` begins.

        `fingerprint` comes from an invite link or a probe, `room_id` from discovery, `asked_name` from the
        person; a probe has just found the room at `proved_at`. `rediscover` finds it again if its host moves.

        The client does not join a room that cannot prove that it knows `password`. If a password is missing
        or wrong, the session ends with `PasswordNeeded` or `WrongPassword`. With `prompt_for_password` the
        client sends `PasswordRequired` instead, even in the middle of a session, and waits for
        `submit_password`.

        A `brief` visit is for somebody who only sends something: no history, and a full room is waited for.
        """
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        #: Puts what is wrong with the network into the error that ends the session. In the client's thread.
        self.explain_failure: Callable[[MessangoError], None] = lambda _: None
        self._backlog = Backlog(self.events)
        self._trust_check = TrustCheck(known_rooms, room_id, fingerprint, proved_at, asked_name)
        outbox, questions = Outbox(), Questions()
        self._session = Session(outbox, questions, self._trust_check)
        if fingerprint and not room_id:
            self._session.expected_at = next(iter(addresses), None)
        sender = Sender(name, outbox, questions, self._session, self.events.put)
        transfers = LazyTransfers(sender, outbox, self._session.talk, self.events.put)
        super().__init__(sender, outbox, transfers)
        self._password_exchange = PasswordExchange(password)
        self._prompt_for_password = prompt_for_password
        self._leaving = threading.Event()
        self._leave_timer: threading.Timer | None = None
        self._retry_requested = threading.Event()
        self._dialer = ServerDialer(
            self._session,
            self._trust_check,
            known_rooms,
            addresses,
            rediscover,
            self._leaving.is_set,
            self._retry_requested.wait,
        )
        self._responder = Responder(self._leaving.is_set)
        self._backoff, self._retry_policy = Backoff(), RetryPolicy(waits_for_seat=brief)
        self._first_number = NO_HISTORY if brief else None
        self._leave_deadline_s = float("inf")
        self._thread = threading.Thread(target=self._run, name="messango-client", daemon=True)

    def start(self) -> None:
        """Start joining the room."""
        self._thread.start()

    def submit_password(self, password: Password) -> None:
        """Answer `PasswordRequired`: use this password now and for every later connection."""
        self._password_exchange.submit_password(password)

    @property
    def password(self) -> Password | None:
        """The password in use, needed to rehost the room; it is only kept in memory."""
        return self._password_exchange.password

    def retry_now(self) -> None:
        """Reconnect at once instead of after the pause."""
        self._retry_requested.set()

    def leave(self) -> None:
        """Leave the room; `SessionEnded` follows."""
        self._leave_deadline_s = time.monotonic() + _LEAVE_TIMEOUT_S
        self._leaving.set()
        self._retry_requested.set()
        self._password_exchange.cancel()
        self._transfers.stop()
        self._sender.send_leave()
        # The thread may wait for a room that never answers.
        self._leave_timer = threading.Timer(_LEAVE_TIMEOUT_S, self._sender.abort)
        self._leave_timer.name = "messango-client-leave"
        self._leave_timer.daemon = True
        self._leave_timer.start()

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the session and its threads have ended; return False on timeout."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # Methods of the client's thread.

    def _run(self) -> None:
        try:
            with (
                contextlib.closing(WriterThread("client")) as self._writer,
                contextlib.closing(self._dialer),
                contextlib.closing(self._responder),
            ):
                ended = self._run_session()
        except Exception:  # The edge of the thread: report a bug instead of ending silently.
            logger.exception("the client failed")
            ended = SessionEnded(EndReason.FAILED, InternalError("Join again."))
        if self._leave_timer is not None:
            self._leave_timer.cancel()
        self._transfers.close(ended)
        self.events.put(ended)

    def _run_session(self) -> SessionEnded:
        while not self._leaving.is_set():
            elsewhere = self._dialer.elsewhere
            server = elsewhere.name if elsewhere else ""
            self.events.put(Connecting(reconnecting=self._session.has_session, server=server))
            try:
                self._connect_once()
            except MessangoError as error:
                if self._leaving.is_set():
                    break
                if self._prompt_for_password and isinstance(error, (PasswordNeeded, WrongPassword)):
                    self._await_password(error)
                    continue
                if (final := self._final_error(error)) is not None:
                    self.explain_failure(final)
                    return SessionEnded(
                        EndReason.CLOSED if isinstance(final, RoomClosed) else EndReason.FAILED, final
                    )
                self._wait_before_retry(error)
        return SessionEnded(EndReason.LEFT, None)

    def _final_error(self, error: MessangoError) -> MessangoError | None:
        """Return the error that ends the session, or None to go on, here or at another server of the room."""
        final = None
        if self._dialer.elsewhere is None:
            final = self._retry_policy.final_error(error, has_session=self._session.has_session)
        return self._dialer.failed(error, final)

    def _await_password(self, error: PasswordNeeded | WrongPassword) -> None:
        self._password_exchange.reset()
        # `leave` may have cancelled the wait before `reset`.
        if not self._leaving.is_set():
            self.events.put(PasswordRequired(error))
            self._password_exchange.wait_for_password()

    def _wait_before_retry(self, error: MessangoError) -> None:
        wait_s = self._backoff.next_s() if self._dialer.elsewhere is None else 0.0
        self.events.put(Disconnected(error, wait_s))
        if isinstance(error, (JoinRefused, RoomClosed)):
            # The room was reached, so a search would find it at once and cut the pause short.
            self._retry_requested.wait(wait_s)
        elif wait_s > 0:
            self._rediscover_or_wait(wait_s)
        if not self._leaving.is_set():
            self._retry_requested.clear()

    def _rediscover_or_wait(self, wait_s: float) -> None:
        deadline_s = time.monotonic() + wait_s
        if not self._dialer.search(wait_s, self._retry_requested.is_set):
            self._retry_requested.wait(max(0.0, deadline_s - time.monotonic()))

    def _connect_once(self) -> None:
        """Join and receive until the connection ends; raises the reason."""
        dial_result = self._dialer.dial(self._writer)
        connection = dial_result.connection
        self._protocol = ClientConnection(
            time.monotonic(),
            self._outbox.expects_receipt,
            fingerprint=connection.fingerprint,
            address=str(dial_result.address),
        )
        receiver = Receiver(dial_result, self._protocol)
        try:
            self._session.attach(dial_result.address, connection)
            self._sender.attach(connection)
            if self._leaving.is_set():
                raise ConnectionLost("You left before you had joined.")
            connection.send(self._protocol.join(self._join_frame(connection)))
            self._receive_loop(receiver, connection, dial_result.address)
        except OutboxFull as error:
            raise ConnectionLost("The room is not accepting data.", "Reconnecting…") from error
        except MessangoError as error:
            let_in = isinstance(error, (PasswordNotRequired, LargePacketsLost))
            if let_in and self._dialer.elsewhere is None:
                # The server has let us in: without a goodbye it would reserve our seat.
                self._sender.send_leave()
            if (explained := receiver.explain(error)) is error:
                raise
            raise explained from error
        finally:
            self._session.detach()
            self._sender.detach()
            connection.close()

    def _join_frame(self, connection: Connection) -> Join:
        session, pake = self._session, self._password_exchange.start()
        # The room checks who is host by a secret that only rooms of this home folder ever get.
        host = load_host_secret(connection.fingerprint) if connection.encrypted else None
        name, room = self._sender.name, self._dialer.room_id or None
        since = self._first_number if session.last_seq is None else session.last_seq
        return Join(PROTOCOL_VERSION, name, session.token, since, pake, host, room)

    def _receive_loop(self, receiver: Receiver, connection: Connection, address: Address) -> None:
        connected_s = time.monotonic()
        while data := receiver.receive():
            event_count = 0
            for frame in self._protocol.receive(data, time.monotonic()):
                event_count += self._handle_frame(frame, connection, address)
            self._backlog.add(event_count, len(data))
            self._wait_for_front_end()
            if time.monotonic() - connected_s >= _STABLE_AFTER_S:
                self._backoff.reset()
            if receiver.heartbeat.keepalive_due():
                connection.send(encode(Ping()))
            self._sender.flush()
            if time.monotonic() >= self._leave_deadline_s:
                break
        raise ConnectionLost("The connection to the room broke.", "Reconnecting…")

    def _wait_for_front_end(self) -> None:
        """Read no faster than events are taken: a room that sends without end must not fill the memory."""
        while self._backlog.is_full() and time.monotonic() < self._leave_deadline_s:
            # Poll: a queue that signals each removal would cost every event more than this costs in a flood.
            time.sleep(_FRONT_END_CHECK_S)

    def _handle_frame(self, frame: ServerFrame, connection: Connection, address: Address) -> int:
        """Answer a frame and report it; return the number of events."""
        if isinstance(frame, (Ping, Reach)):
            self._responder.answer(frame, connection, address)
        elif isinstance(frame, Challenge):
            proof = self._password_exchange.answer_challenge(frame, connection.fingerprint or "")
            connection.send(self._protocol.prove(proof))
        elif isinstance(frame, Welcome):
            self._require_our_room(frame, address)
        self._update_wanted_name(frame)
        event_count = 0
        for event in self._session.handle_frame(frame):
            event_count += 1
            self.events.put(event)
            if isinstance(event, RoomJoined):
                self._dialer.joined(address)
            elif isinstance(event, MemberRenamed) and event.you:
                self._sender.name_changed(event.name)
        if isinstance(frame, Problem) and frame.code == error_codes.BAD_NAME:
            self._sender.cancel_rename()
        return event_count

    def _require_our_room(self, welcome: Welcome, address: Address) -> None:
        """Raise the reason if a server that lets us in is not one of the room that we mean."""
        self._password_exchange.require_server_proof()
        if error := self._dialer.welcome_error(welcome, address):
            if not isinstance(error, ServerBehind):  # There we would leave the room at all its servers.
                self._sender.send_leave()
            raise error

    def _update_wanted_name(self, frame: ServerFrame) -> None:
        """Let the session compare the name that the room gives us with the one that we asked for."""
        if isinstance(frame, Welcome):
            # A rename that was requested meanwhile has not been sent yet.
            self._session.wanted_name = self._sender.name
        elif isinstance(frame, Renamed):
            self._session.wanted_name = self._sender.wanted_name
