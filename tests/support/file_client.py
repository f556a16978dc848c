"""A client of a file connection that sends exactly what a test wants."""

from __future__ import annotations

import contextlib
import hashlib
import time
from types import TracebackType
from typing import TypeVar

from messango.errors import ConnectionLost
from messango.protocol.alpn import FILE_PROTOCOL
from messango.protocol.files.transfer_codec import encode_transfer, reply_line
from messango.protocol.files.transfer_frames import (
    Data,
    Get,
    Go,
    Put,
    Stored,
    Sum,
    TransferReply,
    TransferRequest,
)
from messango.protocol.frames import FileInfo
from messango.transport.addresses import Address
from messango.transport.dialing.dial import dial
from tests.support.raw_client import TIMEOUT_S

R = TypeVar("R", bound=TransferReply)


class FileClient:
    """Owns a file connection. For one thread. A context manager."""

    def __init__(self, port: int) -> None:
        self.connection = dial(
            [Address("127.0.0.1", port)], timeout_s=TIMEOUT_S, alpn_protocol=FILE_PROTOCOL
        ).connection
        self._rest = b""

    def __enter__(self) -> FileClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def send(self, frame: TransferRequest | Sum) -> None:
        """Send a frame."""
        self.send_bytes(encode_transfer(frame))

    def send_bytes(self, data: bytes) -> None:
        """Send bytes of a file, or anything else."""
        self.connection.send_all(data, TIMEOUT_S)

    def await_reply(self, kind: type[R]) -> R:
        """Return the server's answer; fails if it is another."""
        line, data = reply_line(), self._rest
        deadline_s = time.monotonic() + TIMEOUT_S
        while (reply := line.feed(data)) is None:
            data = self.connection.receive(deadline_s - time.monotonic())
            assert data, f"no {kind.__name__} came"
        self._rest = line.rest
        assert isinstance(reply, kind), reply
        return reply

    def receive(self, size: int) -> bytes:
        """Return so many bytes, or those until the end."""
        parts, missing = [self._rest[:size]], size - len(self._rest[:size])
        self._rest = self._rest[size:]
        with contextlib.suppress(ConnectionLost):
            while missing and (data := self.connection.receive(TIMEOUT_S)):
                parts.append(data)
                missing -= len(data)
        return b"".join(parts)

    def await_end(self) -> bytes:
        """Return what comes until the server closes the connection."""
        return self.receive(2**53)


def put_file(
    port: int,
    session: str,
    upload: str,
    data: bytes,
    *,
    name: str = "notes.txt",
    says_digest: bool = True,
    size: tuple[int, int] | tuple[()] = (),
) -> FileInfo:
    """Upload a whole file; a picture's `size` is what its sender says."""
    sha256 = hashlib.sha256(data).hexdigest()
    with FileClient(port) as client:
        client.send(Put(session, upload, name, len(data), sha256 if says_digest else None, *size))
        client.send_bytes(data[client.await_reply(Go).offset :])
        if not says_digest:
            client.send(Sum(sha256))
        return client.await_reply(Stored).file


def get_file(port: int, session: str, file_id: str, offset: int = 0) -> bytes:
    """Download a file from this byte on."""
    with FileClient(port) as client:
        client.send(Get(session, file_id, offset))
        head = client.await_reply(Data)
        assert head.offset == offset
        return client.receive(head.size - offset)
