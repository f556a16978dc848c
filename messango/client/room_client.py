"""One person's stay in a room: joins it, and keeps it joined."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from messango.client.backoff import Backoff
from messango.client.conversation import Conversation
from messango.client.events import Connecting, End, Ended, Event, Interrupted, MemberRenamed
from messango.client.heartbeat import Heartbeat
from messango.client.known_rooms import KnownRooms
from messango.client.unsent import Unsent
from messango.errors import ConnectionLost, FingerprintMismatch, MessangoError, Refused, RoomClosed
from messango.protocol import codes
from messango.protocol.frames import Frame, Join, Leave, Ping, Pong, Problem, Rename, ServerFrame, Typing
from messango.protocol.framing import encode, encode_all, server_frame_reader
from messango.protocol.limits import PROTOCOL_VERSION, TYPING_EVERY_S
from messango.transport.addresses import Address
from messango.transport.connection import Connection, OutboxFull
from messango.transport.dial import dial
from messango.transport.flusher import Flusher

logger = logging.getLogger(__name__)

#: A connection that has stood for so long was a success: the next break is mended at once again.
_STEADY_S: Final = 10.0

#: A room that slows us down has this long to take the goodbye and what was said before it.
_GOODBYE_S: Final = 2.0

#: A look-up is given so long, also where the pause is shorter: it ends as soon as the room is found, and
#: an attempt at an address that is no more takes many times that.
_LOOK_UP_S: Final = 1.0

#: A host that moves about leaves its old addresses behind; they are tried all at once.
_MOST_ADDRESSES: Final = 8


class LookUp(Protocol):
    """Finds a room by its id and fingerprint; ends early once `given_up` says so."""

    def __call__(
        self, room_id: str, fingerprint: str, timeout_s: float, given_up: Callable[[], bool]
    ) -> Sequence[Address]:
        """Return its addresses, best first, or nothing; raises `MessangoError`."""
        ...


class RoomClient:
    """Owns its thread, its connection and its flusher; all methods are for any thread and never wait,
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
    ) -> None:
        """Prepare a stay.

        `fingerprint` is what an invite promised or a look has shown, `room_id` what discovery told;
        `look_up` finds the room again where its host has moved to another address.
        """
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._addresses = list(addresses)
        self._name = name
        self._known_rooms = known_rooms
        self._promised = fingerprint
        self._room_id = room_id
        self._unsent = Unsent()
        self._conversation = Conversation(self._unsent, known_rooms)
        self._look_up = look_up
        self._backoff = Backoff()
        self._leaving = threading.Event()
        self._hurry = threading.Event()
        #: Guards `_connection` and keeps what is taken from `_unsent` in order on its way to it.
        self._sending = threading.Lock()
        self._connection: Connection | None = None
        #: What we asked to be called, until the room has answered; and whether this connection was asked.
        self._wanted_name: str | None = None
        self._name_asked = False
        self._typing_told_s = float("-inf")
        self._leave_by_s = float("inf")
        self._thread = threading.Thread(target=self._run, name="messango-client", daemon=True)

    def start(self) -> None:
        """Begin to join."""
        self._thread.start()

    def say(self, text: str) -> str:
        """Say it as soon as we are in; returns the id that its receipt bears."""
        message_id = self._unsent.add(text)
        self._send_unsent()
        return message_id

    def rename(self, name: str) -> None:
        """Ask for another name, now or as soon as we are in."""
        with self._sending:
            self._wanted_name, self._name_asked = name, False
        self._send_unsent()

    def typing(self) -> None:
        """Tell that the person types; may be called on every key."""
        now_s = time.monotonic()
        with self._sending:
            if now_s - self._typing_told_s >= TYPING_EVERY_S:
                self._typing_told_s = now_s
                self._send(Typing())

    def retry_now(self) -> None:
        """Do not wait for the next attempt."""
        self._hurry.set()

    def leave(self) -> None:
        """Say goodbye; `Ended` follows."""
        self._leave_by_s = time.monotonic() + _GOODBYE_S
        self._leaving.set()
        self._hurry.set()
        with self._sending:
            connection = self._connection
        if connection is not None:
            connection.finish(encode(Leave()))

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the stay has ended and its threads with it; false when the time is up."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The client's thread.

    def _run(self) -> None:
        try:
            with contextlib.closing(Flusher("client")) as self._flusher:
                ended = self._stay()
        except Exception:  # The edge of the thread: a fault here is ours, and is admitted.
            logger.exception("the client failed")
            ended = Ended(End.FAILED, MessangoError("Messango made a mistake of its own.", "Join once more."))
        self.events.put(ended)

    def _stay(self) -> Ended:
        while not self._leaving.is_set():
            self.events.put(Connecting(again=self._conversation.entered))
            try:
                self._visit()
            except MessangoError as error:
                if self._leaving.is_set():
                    break
                if not (self._conversation.entered and _passes(error)):
                    return Ended(End.CLOSED if isinstance(error, RoomClosed) else End.FAILED, error)
                self._wait_before_retry(error)
        return Ended(End.LEFT, None)

    def _wait_before_retry(self, error: MessangoError) -> None:
        wait_s = self._backoff.next_s()
        self.events.put(Interrupted(error, wait_s))
        if self._look_up is not None and wait_s > 0:
            self._find_again(self._look_up, max(wait_s, _LOOK_UP_S))
        else:
            self._hurry.wait(wait_s)
        if not self._leaving.is_set():
            self._hurry.clear()

    def _find_again(self, look_up: LookUp, wait_s: float) -> None:
        """Spend the wait on looking for the room, which ends it where it is found elsewhere."""
        until_s = time.monotonic() + wait_s
        try:
            found = look_up(
                self._conversation.room_id, self._conversation.fingerprint, wait_s, self._hurry.is_set
            )
        except MessangoError as error:
            logger.info("the room could not be looked up: %s", error)
            found = []
        new = [address for address in found if address not in self._addresses]
        self._addresses = [*new, *self._addresses][:_MOST_ADDRESSES]
        if not found:
            self._hurry.wait(max(0.0, until_s - time.monotonic()))

    def _visit(self) -> None:
        """Join and listen until the connection ends; raises why it did."""
        connection, address = self._reach()
        try:
            self._conversation.begin_visit(address, connection)
            with self._sending:
                self._connection = connection
            if self._leaving.is_set():
                raise ConnectionLost("You left before you were in.")
            join = Join(PROTOCOL_VERSION, self._name, self._conversation.session, self._conversation.last_seq)
            connection.send(encode(join))
            self._listen(connection)
        except OutboxFull as error:
            raise ConnectionLost(
                "The room does not take what is sent to it.", "It is tried again."
            ) from error
        finally:
            with self._sending:
                self._connection = None
                self._name_asked = False
            self._conversation.end_visit()
            self._unsent.start_over()
            connection.close()

    def _reach(self) -> tuple[Connection, Address]:
        """Connect to the room that is known by its fingerprint, before anything is sent to any other.

        Raises `FingerprintMismatch` where there are others alone.
        """
        known = self._known_rooms.by_id(self._room_id) if self._room_id else None
        expected = self._conversation.fingerprint or (known.fingerprint if known else self._promised)
        try:
            dialled = dial(self._addresses, fingerprint=expected, flusher=self._flusher)
        except FingerprintMismatch as error:
            if known is not None:
                raise FingerprintMismatch(known.name, error.expected, error.seen) from error
            raise
        return dialled.connection, dialled.address

    def _listen(self, connection: Connection) -> None:
        reader, heartbeat, began_s = server_frame_reader(), Heartbeat(), time.monotonic()
        while data := self._receive(connection, heartbeat):
            for frame in reader.receive(data):
                self._hear(frame, connection)
            if time.monotonic() - began_s >= _STEADY_S:
                self._backoff.reset()
            if heartbeat.owes_a_sign():
                connection.send(encode(Ping()))
            self._send_unsent()
            if time.monotonic() >= self._leave_by_s:
                break
            if reader.fault is not None:
                raise reader.fault
        raise ConnectionLost("The connection to the room broke.", "It is made anew.")

    def _hear(self, frame: ServerFrame | Problem, connection: Connection) -> None:
        if isinstance(frame, Ping):
            connection.send(encode(Pong()))
        for event in self._conversation.hear(frame):
            self.events.put(event)
            self._note_name(event)
        if isinstance(frame, Problem) and frame.code == codes.BAD_NAME:
            self._give_up_name()

    def _note_name(self, event: Event) -> None:
        """Be called so in another session too, should this one be lost."""
        if isinstance(event, MemberRenamed) and event.you:
            with self._sending:
                self._name, self._wanted_name = self._wanted_name or event.name, None

    def _give_up_name(self) -> None:
        with self._sending:
            self._wanted_name = None

    def _receive(self, connection: Connection, heartbeat: Heartbeat) -> bytes:
        """Wait for the room's next bytes; asks after a silence, and gives up after a longer one."""
        heartbeat.heard()
        while True:
            try:
                return connection.receive(heartbeat.wait_s())
            except TimeoutError:
                heartbeat.ask()
                connection.send(encode(Ping()))

    # For any thread.

    def _send_unsent(self) -> None:
        with self._sending:
            if self._connection is None or not self._conversation.in_room:
                return
            if self._wanted_name is not None and not self._name_asked:
                self._name_asked = True
                self._send(Rename(self._wanted_name))
            if says := self._unsent.next_to_send():
                self._send(*says)

    def _send(self, *frames: Frame) -> None:
        """With `_sending` held: send where we are in; what fails is told by the thread that listens."""
        if self._connection is None or not self._conversation.in_room:
            return
        try:
            self._connection.send(encode_all(frames))
        except ConnectionLost:
            logger.debug("the connection broke while sending")
        except OutboxFull:
            # What this connection did not take it never will; a new one is given all without a receipt.
            self._connection.abort()


def _passes(error: MessangoError) -> bool:
    """Tell whether it is worth coming back to a room after this."""
    if isinstance(error, RoomClosed):
        return error.code == codes.TOO_SLOW
    if isinstance(error, Refused):
        # A seat that was given up while we were away may come free again.
        return error.code == codes.FULL
    return not isinstance(error, FingerprintMismatch)
