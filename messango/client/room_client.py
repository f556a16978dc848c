"""One person's stay in a room: joins it, and keeps it joined."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Sequence
from typing import Final

from messango.client.backoff import Backoff
from messango.client.events import (
    Connecting,
    End,
    Ended,
    Event,
    Interrupted,
    MemberRenamed,
    PasswordWanted,
)
from messango.client.heartbeat import Heartbeat
from messango.client.known_rooms import KnownRooms
from messango.client.outbox import Unsent
from messango.client.password_exchange import Proving
from messango.client.reconnect_addresses import LookUp, Route
from messango.client.sender import Outgoing
from messango.client.session import Conversation
from messango.client.trust_check import Trust
from messango.errors import (
    ConnectionLost,
    FingerprintMismatch,
    InternalError,
    JoinRefused,
    MessangoError,
    PasswordNeeded,
    PasswordNotRequired,
    RoomClosed,
    WrongPassword,
)
from messango.protocol import error_codes
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.frames import Challenge, Join, Ping, Pong, Problem, ServerFrame, Welcome
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.password import Password
from messango.transport.addresses import Address
from messango.transport.connection import Connection, OutboxFull
from messango.transport.dial import DialResult
from messango.transport.writer import WriterThread

logger = logging.getLogger(__name__)

#: A connection that has stood for so long was a success: the next break is mended at once again.
_STEADY_S: Final = 10.0

#: A room that slows us down has this long to take the goodbye and what was said before it.
_GOODBYE_S: Final = 2.0


class RoomClient:
    """Owns its thread, its connection and its writer; all methods are for any thread and never wait,
    but `join_thread`.

    Everything comes as events, in order, on `events`; the last one is always `Ended`.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        name: str,
        *,
        known_rooms: KnownRooms,
        fingerprint: str | None = None,
        room_id: str | None = None,
        look_up: LookUp | None = None,
        password: Password | None = None,
        asks_password: bool = False,
    ) -> None:
        """Prepare a stay.

        `fingerprint` is what an invite promised or a look has shown, `room_id` what discovery told;
        `look_up` finds the room again where its host has moved to another address.

        A room that does not prove that it knows `password` is not joined. Where one is missing or wrong,
        the stay ends with `PasswordNeeded` or `WrongPassword`; with `prompt_for_password` it waits instead:
        `PasswordWanted` is told, also in the middle of a stay, and `give_password` goes on.
        """
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._trust = Trust(known_rooms, room_id=room_id, promised=fingerprint)
        unsent = Unsent()
        self._conversation = Conversation(unsent, self._trust)
        self._outgoing = Outgoing(name, unsent, self._conversation)
        self._proving = Proving(password)
        self._asks_password = asks_password
        self._leaving = threading.Event()
        self._hurry = threading.Event()
        self._route = Route(addresses, look_up, self._leaving.is_set)
        self._backoff = Backoff()
        self._leave_by_s = float("inf")
        self._thread = threading.Thread(target=self._run, name="messango-client", daemon=True)

    def start(self) -> None:
        """Begin to join."""
        self._thread.start()

    def say(self, text: str) -> str:
        """Say it as soon as we are in; returns the id that its receipt bears."""
        return self._outgoing.say(text)

    def rename(self, name: str) -> None:
        """Ask for another name, now or as soon as we are in."""
        self._outgoing.rename(name)

    def typing(self) -> None:
        """Tell that the person types; may be called on every key."""
        self._outgoing.typing()

    def give_password(self, password: Password) -> None:
        """Answer `PasswordWanted`: go on with this one, now and whenever the connection breaks."""
        self._proving.give(password)

    @property
    def password(self) -> Password | None:
        """What was given last, to open the room anew elsewhere; it is kept in memory alone."""
        return self._proving.password

    def retry_now(self) -> None:
        """Do not wait for the next attempt."""
        self._hurry.set()

    def leave(self) -> None:
        """Say goodbye; `Ended` follows."""
        self._leave_by_s = time.monotonic() + _GOODBYE_S
        self._leaving.set()
        self._hurry.set()
        self._proving.give_up()
        self._outgoing.goodbye()

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the stay has ended and its threads with it; false when the time is up."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The client's thread.

    def _run(self) -> None:
        try:
            with (
                contextlib.closing(WriterThread("client")) as self._writer,
                contextlib.closing(self._route),
            ):
                ended = self._stay()
        except Exception:  # The edge of the thread: a fault here is ours, and is admitted.
            logger.exception("the client failed")
            ended = Ended(End.FAILED, InternalError("Join once more."))
        self.events.put(ended)

    def _stay(self) -> Ended:
        while not self._leaving.is_set():
            self.events.put(Connecting(again=self._conversation.entered))
            try:
                self._visit()
            except MessangoError as error:
                if self._leaving.is_set():
                    break
                if self._asks_password and isinstance(error, (PasswordNeeded, WrongPassword)):
                    self._await_password(error)
                    continue
                if not (_passes(error) and (self._conversation.entered or _in_a_rush(error))):
                    return Ended(End.CLOSED if isinstance(error, RoomClosed) else End.FAILED, error)
                self._wait_before_retry(error)
        return Ended(End.LEFT, None)

    def _await_password(self, error: PasswordNeeded | WrongPassword) -> None:
        self._proving.expect()
        # Who leaves before he is asked has ended the waiting too early.
        if not self._leaving.is_set():
            self.events.put(PasswordWanted(error))
            self._proving.wait()

    def _wait_before_retry(self, error: MessangoError) -> None:
        wait_s = self._backoff.next_s()
        self.events.put(Interrupted(error, wait_s))
        if isinstance(error, (JoinRefused, RoomClosed)):
            # It was found; looking for it again would only make us knock the sooner.
            self._hurry.wait(wait_s)
        elif wait_s > 0:
            self._find_again(wait_s)
        if not self._leaving.is_set():
            self._hurry.clear()

    def _find_again(self, wait_s: float) -> None:
        until_s = time.monotonic() + wait_s
        conversation = self._conversation
        if not self._route.search(conversation.room_id, conversation.fingerprint, wait_s, self._hurry.is_set):
            self._hurry.wait(max(0.0, until_s - time.monotonic()))

    def _visit(self) -> None:
        """Join and listen until the connection ends; raises why it did."""
        dialled = self._reach()
        connection = dialled.connection
        try:
            self._conversation.begin_visit(dialled.address, connection)
            self._outgoing.attach(connection)
            if self._leaving.is_set():
                raise ConnectionLost("You left before you were in.")
            connection.send(encode(self._join()))
            self._listen(connection)
        except OutboxFull as error:
            raise ConnectionLost(
                "The room does not take what is sent to it.", "It is tried again."
            ) from error
        except PasswordNotRequired:
            # We were let in: without a goodbye the seat would be kept for us.
            self._outgoing.goodbye()
            raise
        finally:
            self._conversation.end_visit()
            self._outgoing.detach()
            connection.close()

    def _join(self) -> Join:
        conversation, pake = self._conversation, self._proving.begin()
        return Join(PROTOCOL_VERSION, self._outgoing.name, conversation.session, conversation.last_seq, pake)

    def _reach(self) -> DialResult:
        """Connect to the room that is known by its fingerprint, before anything is sent to any other.

        Raises `FingerprintMismatch` where there are others alone.
        """
        try:
            dialled = self._dial()
        except FingerprintMismatch as error:
            raise self._trust.explained(error) from error
        try:
            self._trust.meet(dialled, self._leaving.is_set)
        except MessangoError:
            dialled.connection.close()
            raise
        return dialled

    def _dial(self) -> DialResult:
        conversation = self._conversation
        if conversation.entered and conversation.fingerprint:
            return self._route.reach_again(conversation.room_id, conversation.fingerprint, self._writer)
        return self._route.reach(self._trust.expected(), self._writer)

    def _listen(self, connection: Connection) -> None:
        reader, heartbeat, began_s = server_frame_decoder(), Heartbeat(), time.monotonic()
        while data := self._receive(connection, heartbeat):
            for frame in reader.decode(data):
                self._hear(frame, connection)
            if time.monotonic() - began_s >= _STEADY_S:
                self._backoff.reset()
            if heartbeat.owes_a_sign():
                connection.send(encode(Ping()))
            self._outgoing.flush()
            if time.monotonic() >= self._leave_by_s:
                break
            if reader.error is not None:
                raise reader.error
        raise ConnectionLost("The connection to the room broke.", "It is made anew.")

    def _hear(self, frame: ServerFrame | Problem, connection: Connection) -> None:
        if isinstance(frame, Ping):
            connection.send(encode(Pong()))
        elif isinstance(frame, Challenge):
            connection.send(encode(self._proving.answer(frame, connection.fingerprint or "")))
        elif isinstance(frame, Welcome):
            self._proving.check_welcome()
        for event in self._conversation.hear(frame):
            self.events.put(event)
            if isinstance(event, MemberRenamed) and event.you:
                self._outgoing.renamed(event.name)
        if isinstance(frame, Problem) and frame.code == error_codes.BAD_NAME:
            self._outgoing.give_up_name()

    def _receive(self, connection: Connection, heartbeat: Heartbeat) -> bytes:
        """Wait for the room's next bytes; asks after a silence, and gives up after a longer one."""
        heartbeat.heard()
        while True:
            try:
                return connection.receive(heartbeat.wait_s())
            except TimeoutError:
                heartbeat.ask()
                connection.send(encode(Ping()))


def _passes(error: MessangoError) -> bool:
    """Tell whether it is worth coming back to a room after this."""
    if isinstance(error, RoomClosed):
        return error.code == error_codes.TOO_SLOW
    if isinstance(error, JoinRefused):
        # A seat that was given up while we were away may come free again.
        return error.code == error_codes.FULL or _in_a_rush(error)
    return not isinstance(error, FingerprintMismatch)


def _in_a_rush(error: MessangoError) -> bool:
    """Tell whether the room has had no time to look at our password: so it is tried again."""
    return isinstance(error, JoinRefused) and error.code == error_codes.BUSY
