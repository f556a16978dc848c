"""Sends messages and requests on the current connection, or on the next one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from messango.client.requests.failures import AnyFailed, refusal
from messango.client.requests.outbox import Outbox, OwnRequest
from messango.client.requests.questions import Question, Questions
from messango.client.session import Session
from messango.errors import ConnectionLost
from messango.protocol import features
from messango.protocol.codec import encode, encode_all
from messango.protocol.frames import Frame, Leave, Rename, Share, Typing
from messango.protocol.limits import TYPING_INTERVAL_S
from messango.transport.connection import Connection, OutboxFull

logger = logging.getLogger(__name__)


class Sender:
    """Thread-safe: owns the lock that keeps requests from the `Outbox` in order on the connection.

    Nothing blocks. What cannot be sent now is sent on the next connection; what the room can't do is reported
    as failed, in the caller's thread.
    """

    def __init__(
        self,
        name: str,
        outbox: Outbox,
        questions: Questions,
        session: Session,
        report: Callable[[AnyFailed], object],
    ) -> None:
        self._outbox = outbox
        self._questions = questions
        self._session = session
        self._report = report
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
        """Drop the connection; everything without an answer is sent again on the next."""
        with self._lock:
            self._connection = None
            self._rename_sent = False
            self._outbox.requeue_all()
            self._questions.requeue_all()

    def request(self, request: OwnRequest) -> str:
        """Send a request as soon as we have joined; return the id that its receipt will have."""
        request_id = self._outbox.add(request)
        self.flush()
        return request_id

    def share(self, request: Share, file_name: str) -> None:
        """Share an uploaded file of this name as soon as we have joined."""
        self._outbox.add_share(request, file_name)
        self.flush()

    def ask(self, question: Question) -> str:
        """Ask the room as soon as we have joined; return the id that the answer will have."""
        question_id = self._questions.add(question)
        self.flush()
        return question_id

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

    def send_typing(self, to: str = "") -> None:
        """Report that the person is typing, to all or to one member; may be called for every key."""
        if to and features.PRIVATE not in self._session.features:
            return  # The room would tell all members.
        now_s = time.monotonic()
        with self._lock:
            if now_s - self._typing_sent_s >= TYPING_INTERVAL_S:
                self._typing_sent_s = now_s
                self._send([Typing(to)])

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
            if not self._session.is_link_down:
                self._flush_changes()
            while batch_of_questions := self._questions.next_batch():
                self._send([*self._possible(batch_of_questions)])

    def _flush_changes(self) -> None:
        """Send what changes the room: a server that has lost its link would keep only some of it."""
        if self._requested_name is not None and not self._rename_sent:
            self._rename_sent = True
            self._send([Rename(self._requested_name)])
        while batch := self._outbox.next_batch():
            self._send([*self._possible(batch)])

    def _possible(self, requests: Iterable[OwnRequest | Question]) -> Iterator[OwnRequest | Question]:
        """Yield those requests that the room can fulfil; the others have failed."""
        offered = self._session.features
        for request in requests:
            failure = refusal(request, offered, self._outbox.file_name(request.id))
            if failure is None:
                yield request
            else:
                self._outbox.acknowledge(request.id)
                self._questions.rejected(request.id)
                # Under the lock, so that nothing is reported after the end of the session.
                self._report(failure)

    def _send(self, frames: list[Frame]) -> None:
        """Send if we have joined. Call with the lock held. The client's thread reports broken connections."""
        if not frames or self._connection is None or not self._session.in_room:
            return
        try:
            self._connection.send(encode_all(frames))
        except ConnectionLost:
            logger.debug("the connection broke while sending")
        except OutboxFull:
            # The server does not read. A new connection gets everything without a receipt.
            self._connection.abort()
