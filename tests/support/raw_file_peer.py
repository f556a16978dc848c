"""The server's end of a file connection, which does exactly what a test says."""

from __future__ import annotations

from messango.protocol.files.transfer_codec import encode_transfer, request_line, sum_line
from messango.protocol.files.transfer_frames import Cancel, Get, Put, Sum, TransferReply, TransferRequest
from messango.transport.connection import Connection
from tests.support.raw_client import TIMEOUT_S


class RawFilePeer:
    """For one thread; the one who accepted the connection closes it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._received = b""

    def request(self) -> TransferRequest:
        """Return the client's first line."""
        reader = request_line()
        while (frame := reader.feed(self._next())) is None:
            pass
        self._received = reader.rest
        return frame

    def put(self) -> Put:
        """Return the client's first line, which must be `put`."""
        frame = self.request()
        assert isinstance(frame, Put), frame
        return frame

    def get(self) -> Get:
        """Return the client's first line, which must be `get`."""
        frame = self.request()
        assert isinstance(frame, Get), frame
        return frame

    def cancel(self) -> Cancel:
        """Return the client's first line, which must be `cancel`."""
        frame = self.request()
        assert isinstance(frame, Cancel), frame
        return frame

    def sum(self) -> Sum:
        """Return the line behind the bytes."""
        reader = sum_line()
        while (frame := reader.feed(self._next())) is None:
            pass
        self._received = reader.rest
        return frame

    def read(self, count: int) -> bytes:
        """Return the next bytes of the file."""
        data = b""
        while len(data) < count:
            data += self._next()
        data, self._received = data[:count], data[count:]
        return data

    def send(self, frame: TransferReply, data: bytes = b"") -> None:
        """Send an answer, and bytes behind it."""
        self.connection.send_all(encode_transfer(frame) + data, TIMEOUT_S)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.send_all(data, TIMEOUT_S)

    def hang_up(self) -> None:
        """End the connection."""
        self.connection.close()

    def _next(self) -> bytes:
        data, self._received = self._received, b""
        if not data:
            data = self.connection.receive(TIMEOUT_S)
            assert data, "the client has closed the connection"
        return data
