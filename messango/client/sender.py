"""What we say, and the connection that it goes out on."""

from __future__ import annotations

import logging
import threading
import time

from messango.client.outbox import Outbox
from messango.client.session import Session
from messango.errors import ConnectionLost
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Frame, Leave, Rename, Typing
from messango.protocol.limits import TYPING_INTERVAL_S
from messango.transport.connection import Connection, OutboxFull

logger = logging.getLogger(__name__)


class Sender:
    """Owns the lock that keeps what is taken from `Outbox` in order on its way; any thread may call it.

    Nothing here waits, and what cannot go out now goes out on the next connection.
    """

    def __init__(self, name: str, outbox: Outbox, session: Session) -> None:
        self._outbox = outbox
        self._session = session
        self._lock = threading.Lock()  # guards all below
        self._connection: Connection | None = None
        self._name = name
        #: What we asked to be called, until the room has answered; and whether this connection was asked.
        self._requested_name: str | None = None
        self._rename_sent = False
        self._typing_sent_s = float("-inf")

    @property
    def name(self) -> str:
        """What to be called in a session that is still to come."""
        with self._lock:
            return self._name

    def attach(self, connection: Connection) -> None:
        """Send on this connection from now on, once we are in the room."""
        with self._lock:
            self._connection = connection

    def detach(self) -> None:
        """The connection is gone; what has no receipt goes out again on the next."""
        with self._lock:
            self._connection = None
            self._rename_sent = False
            self._outbox.requeue_all()

    def send_message(self, text: str) -> str:
        """Say it as soon as we are in; returns the id that its receipt bears."""
        message_id = self._outbox.add(text)
        self.flush()
        return message_id

    def rename(self, name: str) -> None:
        """Ask for another name as soon as we are in."""
        with self._lock:
            self._requested_name, self._rename_sent = name, False
        self.flush()

    def name_changed(self, name: str) -> None:
        """Be called so in another session too, should this one be lost."""
        with self._lock:
            self._name, self._requested_name = self._requested_name or name, None

    def cancel_rename(self) -> None:
        """The room does not take the name that was asked for."""
        with self._lock:
            self._requested_name = None

    def typing(self) -> None:
        """Tell that the person types; may be called on every key."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._typing_sent_s >= TYPING_INTERVAL_S:
                self._typing_sent_s = now_s
                self._send(Typing())

    def send_leave(self) -> None:
        """Say the last word on the connection, after all that was said before."""
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.shutdown(encode(Leave()))

    def flush(self) -> None:
        """Send what may go on its way now."""
        with self._lock:
            if self._connection is None or not self._session.in_room:
                return
            if self._requested_name is not None and not self._rename_sent:
                self._rename_sent = True
                self._send(Rename(self._requested_name))
            if batch := self._outbox.next_batch():
                self._send(*batch)

    def _send(self, *frames: Frame) -> None:
        """With the lock held: send where we are in; what fails is told by the thread that listens."""
        if self._connection is None or not self._session.in_room:
            return
        try:
            self._connection.send(encode_all(frames))
        except ConnectionLost:
            logger.debug("the connection broke while sending")
        except OutboxFull:
            # What this connection did not take it never will; a new one is given all without a receipt.
            self._connection.abort()
