"""Sends messages and requests on the current connection, or on the next one."""

from __future__ import annotations

import logging
import threading
import time

from messango.client.requests.outbox import Outbox
from messango.client.session import Session
from messango.errors import ConnectionLost
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Frame, Leave, Rename, Typing
from messango.protocol.limits import TYPING_INTERVAL_S
from messango.transport.connection import Connection, OutboxFull

logger = logging.getLogger(__name__)


class Sender:
    """Thread-safe: owns the lock that keeps messages from the `Outbox` in order on the connection.

    Nothing blocks. What cannot be sent now is sent on the next connection.
    """

    def __init__(self, name: str, outbox: Outbox, session: Session) -> None:
        self._outbox = outbox
        self._session = session
        self._lock = threading.Lock()  # guards all below
        self._connection: Connection | None = None
        self._name = name
        #: The requested name, until the room has answered; and whether it was sent on this connection.
        self._requested_name: str | None = None
        self._rename_sent = False
        self._typing_sent_s = float("-inf")

    @property
    def name(self) -> str:
        """The name to join with."""
        with self._lock:
            return self._name

    @property
    def wanted_name(self) -> str:
        """The name that the person last chose, whether the room has given it to them or not."""
        with self._lock:
            return self._requested_name or self._name

    def attach(self, connection: Connection) -> None:
        """Use this connection from now on, as soon as we have joined."""
        with self._lock:
            self._connection = connection

    def detach(self) -> None:
        """Drop the connection; everything without a receipt is sent again on the next."""
        with self._lock:
            self._connection = None
            self._rename_sent = False
            self._outbox.requeue_all()

    def send_message(self, text: str) -> str:
        """Send a message as soon as we have joined; return the id that its receipt will have."""
        message_id = self._outbox.add(text)
        self.flush()
        return message_id

    def rename(self, name: str) -> None:
        """Request another name as soon as we have joined."""
        with self._lock:
            self._requested_name, self._rename_sent = name, False
        self.flush()

    def name_changed(self, name: str) -> None:
        """Use this name in a later session too; a newer request of ours has priority."""
        with self._lock:
            self._name, self._requested_name = self._requested_name or name, None

    def cancel_rename(self) -> None:
        """Drop the requested name: the room has rejected it."""
        with self._lock:
            self._requested_name = None

    def send_typing(self) -> None:
        """Report that the person is typing; may be called for every key."""
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._typing_sent_s >= TYPING_INTERVAL_S:
                self._typing_sent_s = now_s
                self._send(Typing())

    def send_leave(self) -> None:
        """Send `leave` as the last frame on the connection, behind everything sent before."""
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.shutdown(encode(Leave()))

    def abort(self) -> None:
        """Break the connection off, if there is one."""
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.abort()

    def flush(self) -> None:
        """Send everything that may be sent now."""
        with self._lock:
            if self._connection is None or not self._session.in_room:
                return
            if self._requested_name is not None and not self._rename_sent:
                self._rename_sent = True
                self._send(Rename(self._requested_name))
            if batch := self._outbox.next_batch():
                self._send(*batch)

    def _send(self, *frames: Frame) -> None:
        """Send if we have joined. Call with the lock held. The client's thread reports broken connections."""
        if self._connection is None or not self._session.in_room:
            return
        try:
            self._connection.send(encode_all(frames))
        except ConnectionLost:
            logger.debug("the connection broke while sending")
        except OutboxFull:
            # The server does not read. A new connection gets everything without a receipt.
            self._connection.abort()
