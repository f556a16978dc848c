"""A connection to the room that carries one file."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from messango.client.files.stall_watch import StallWatch
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import GraceTime, Transfer, TransferFailed
from messango.client.requests.failures import NO_FILES_HINT, NO_FILES_REASON
from messango.errors import RECONNECTING, ConnectionLost, MessangoError, RemoteProtocolError, on_one_line
from messango.protocol import error_codes, features
from messango.protocol.alpn import FILE_PROTOCOL
from messango.protocol.files.transfer_codec import encode_transfer, reply_line
from messango.protocol.files.transfer_frames import Sum, TransferReply, TransferRequest
from messango.protocol.frames import Problem
from messango.protocol.text.validation import clean_text
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial

#: How often a connection on which nothing moves looks whether the transfer goes on.
_CHECK_S: Final = 0.2

#: The room answers at once, but for `stored`: a slow disk takes long to write a large file.
REPLY_TIMEOUT_S: Final = 15.0
STORED_TIMEOUT_S: Final = 120.0

#: Once the talk connection had to be made again, a connection on which nothing moves this long is broken.
_IDLE_AFTER_REJOIN_S: Final = 2.0

#: How long to wait, after a break, for the room's sentence about its reason.
_LAST_WORDS_S: Final = 0.5


class RoomRefused(TransferFailed):
    """The room refuses the transfer: `code` is its word for the reason, and the sentences are the room's."""

    from_peer = True

    def __init__(self, problem: Problem) -> None:
        reason = on_one_line(clean_text(problem.reason)) or "The room refused the file."
        super().__init__(reason, on_one_line(clean_text(problem.hint)), problem.code)


def misbehaved() -> TransferFailed:
    """Return that the room has sent what no room may send on a file connection."""
    return TransferFailed(
        "The room answered in a way that makes no sense.",
        "Ask its host whether the room runs the current version of Messango.",
        error_codes.PROTOCOL,
    )


class FileConnection:
    """For the transfer's thread. A context manager.

    While it waits, it looks whether the transfer goes on and whether the room has moved: raises
    `TransferOver` or `ConnectionLost`. What the room refuses is `RoomRefused`.
    """

    def __init__(self, membership: Membership, transfer: Transfer | GraceTime, talk: Talk) -> None:
        """Connect to the room where we talk with it. Our session is sent to its certificate only."""
        if features.FILES not in membership.features:
            raise TransferFailed(NO_FILES_REASON, NO_FILES_HINT, error_codes.NO_FILES)
        if not membership.fingerprint:
            raise TransferFailed(
                "Files are sent over encrypted connections only.",
                "Ask the host to open the room with encryption.",
                error_codes.NOT_ENCRYPTED,
            )
        self._membership, self._transfer, self._talk = membership, transfer, talk
        self._connection = self._dial(membership, transfer.is_over)
        self._watch = StallWatch()
        self._moved_s = time.monotonic()
        self._received = b""

    @staticmethod
    def _dial(membership: Membership, is_over: Callable[[], bool]) -> Connection:
        connection = dial(
            [membership.address],
            fingerprint=membership.fingerprint,
            is_cancelled=is_over,
            alpn_protocol=FILE_PROTOCOL,
        ).connection
        if connection.alpn_protocol != FILE_PROTOCOL:
            connection.close()
            raise TransferFailed(NO_FILES_REASON, NO_FILES_HINT, error_codes.NO_FILES)
        return connection

    def __enter__(self) -> FileConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def request(self, frame: TransferRequest) -> TransferReply:
        """Send the first line, and return the room's answer."""
        self.send(encode_transfer(frame))
        return self.reply(REPLY_TIMEOUT_S)

    def send_sum(self, sha256: str) -> None:
        """Send the digest behind the bytes."""
        self.send(encode_transfer(Sum(sha256)))

    def send(self, data: bytes) -> None:
        """Send, and wait until the system has taken everything."""
        try:
            self._send(data)
        except ConnectionLost as error:
            raise self._last_words(error) from error

    def _send(self, data: bytes) -> None:
        unsent = len(data)
        while True:
            try:
                self._connection.send_all(data, _CHECK_S)
            except TimeoutError:
                data = b""  # The connection has it, and goes on with it.
            before, unsent = unsent, self._connection.unsent_bytes
            self._check(max(0, before - unsent))
            if not unsent:
                return

    def require_no_answer(self) -> None:
        """Raise `RoomRefused` if the room has refused while we send, and `TransferFailed` for other bytes."""
        data = self._connection.receive_now()
        if data is None:
            return
        self._received += data
        if data:
            self.reply(REPLY_TIMEOUT_S)
            raise misbehaved()
        raise ConnectionLost("The room closed the connection.", RECONNECTING)

    def reply(self, timeout_s: float) -> TransferReply:
        """Wait for a line of the room."""
        reader = reply_line()
        deadline_s = time.monotonic() + timeout_s
        data, self._received = self._received, b""
        while True:
            try:
                frame = reader.feed(data)
            except RemoteProtocolError as error:
                raise misbehaved() from error
            if frame is not None:
                self._received = reader.rest
                if isinstance(frame, Problem):
                    raise RoomRefused(frame)
                return frame
            data = self._receive(deadline_s)

    def receive(self) -> bytes:
        """Return the next bytes behind the answer."""
        if self._received:
            data, self._received = self._received, b""
            return data
        return self._receive(float("inf"))

    def _receive(self, deadline_s: float) -> bytes:
        while True:
            try:
                data = self._connection.receive(_CHECK_S)
            except TimeoutError:
                # An answer has a deadline; bytes of a file only have to keep coming.
                if deadline_s == float("inf"):
                    self._check(0)
                else:
                    self._require_same_room()
                if time.monotonic() >= deadline_s:
                    raise ConnectionLost("The room has not answered in time.", RECONNECTING) from None
                continue
            if not data:
                raise ConnectionLost("The connection broke.", RECONNECTING)
            self._check(len(data))
            return data

    def _check(self, moved: int) -> None:
        self._watch.moved(moved)
        if moved:
            self._moved_s = time.monotonic()
        self._require_same_room()

    def _require_same_room(self) -> None:
        self._transfer.tick()
        membership = self._talk.membership
        if membership is None or membership is self._membership:
            return
        if membership.address != self._membership.address:
            raise ConnectionLost("The room has moved to another address.", RECONNECTING)
        # What broke the talk connection, a cable or a new address of this computer, has broken this one too:
        # where nothing is sent, the system does not notice.
        if time.monotonic() - self._moved_s >= _IDLE_AFTER_REJOIN_S:
            raise ConnectionLost("The connection broke.", RECONNECTING)

    def _last_words(self, error: ConnectionLost) -> MessangoError:
        """Return why the room broke the connection, if it has said so before."""
        reader = reply_line()
        deadline_s = time.monotonic() + _LAST_WORDS_S
        try:
            frame = reader.feed(self._received)
            while frame is None and (left_s := deadline_s - time.monotonic()) > 0:
                data = self._connection.receive(left_s)
                if not data:
                    return error
                frame = reader.feed(data)
        except (MessangoError, TimeoutError):
            return error
        return RoomRefused(frame) if isinstance(frame, Problem) else error
