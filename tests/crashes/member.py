"""A member over one connection after the other, who sends again whatever was not answered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from messango.errors import MessangoError
from messango.protocol.codec import encode, encode_all, server_frame_decoder
from messango.protocol.frames import (
    EarlierMessages,
    Entry,
    Found,
    Join,
    Leave,
    Problem,
    ServerFrame,
    Welcome,
)
from messango.protocol.limits import PROTOCOL_VERSION
from messango.room.request_check import EntryRequest
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial import dial
from messango.transport.writer import WriterThread
from tests.crashes.checker import MemberRecord
from tests.support.decode import decode_all
from tests.support.raw_client import TIMEOUT_S


class CrashMember:
    """Owns its connection, if it has one, and its writer thread. For one thread."""

    def __init__(self, name: str) -> None:
        self.record = MemberRecord(name)
        #: The requests without an answer, in order, by their ids.
        self.pending: dict[str, EntryRequest] = {}
        #: How many answers and entries have come.
        self.taken = 0
        self._session: str | None = None
        self._connection: Connection | None = None
        self._forgotten: list[Connection] = []
        self._writer = WriterThread(f"test-{name}")
        self._decoder = server_frame_decoder()

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def connect(self, port: int) -> None:
        """Join or come back, and send again what was not answered.

        Also what the missed entries answer: a client may be quicker to send than to read.
        """
        unanswered = [*self.pending.values()]
        self._decoder = server_frame_decoder()
        address = Address("127.0.0.1", port)
        self._connection = dial([address], timeout_s=TIMEOUT_S, writer=self._writer).connection
        since = self.record.last_seq if self._session else None
        self._connection.send(encode(Join(PROTOCOL_VERSION, self.record.name, self._session, since)))
        while not any(isinstance(frame, Welcome) for frame in self.read()):
            assert self._connection is not None, "the room was there a moment ago"
        self._connection.send(encode_all(unanswered))

    def request(self, *requests: EntryRequest) -> None:
        """Send requests, now and after each break until they are answered."""
        self.pending.update((request.id, request) for request in requests)
        self.send(encode_all(requests))

    def send(self, data: bytes) -> None:
        """Send bytes if there is a connection."""
        if self._connection is not None:
            with contextlib.suppress(MessangoError):
                self._connection.send(data)

    def read(self, timeout_s: float = TIMEOUT_S) -> list[ServerFrame | Problem]:
        """Return what comes next; none if nothing came in time, or the connection has ended."""
        if self._connection is None:
            return []
        try:
            data = self._connection.receive(timeout_s)
        except TimeoutError:
            return []
        except MessangoError:
            data = b""
        if not data:
            self.cut()
            return []
        frames, error = decode_all(self._decoder.decode, data)
        assert error is None, error
        for frame in frames:
            self._take(frame)
        return frames

    def cut(self) -> None:
        """Lose the connection without a goodbye."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def forget_connection(self) -> None:
        """Have no connection, as a client whose computer was asleep; the server has not noticed."""
        if self._connection is not None:
            self._forgotten.append(self._connection)
            self._connection = None

    def close(self) -> None:
        """Leave the room."""
        self.send(encode(Leave()))
        self.cut()
        for connection in self._forgotten:
            connection.close()
        self._writer.close()

    def _take(self, frame: ServerFrame | Problem) -> None:
        self.record.look_for_secrets(frame)
        if isinstance(frame, Welcome):
            self._session = frame.session
            self.record.welcomed(frame)
        elif isinstance(frame, Entry):
            self.taken += 1
            if frame.member == self.record.member and self.pending.pop(frame.id, None) is not None:
                self.record.receipts[frame.id] = frame
            self.record.take(frame)
        elif isinstance(frame, Problem) and frame.id is not None:
            self.taken += 1
            self.pending.pop(frame.id, None)
            self.record.refused[frame.id] = frame

    def answers(self, request_id: str) -> Iterator[EarlierMessages | Found]:
        """Yield the answer to a question about the history, once it is there."""
        while self._connection is not None:
            for frame in self.read():
                if isinstance(frame, EarlierMessages | Found) and frame.id == request_id:
                    yield frame
                    return
