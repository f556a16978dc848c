"""The parsers of file connections, and what must be true whatever they read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from messango.errors import RemoteProtocolError
from messango.protocol.files.transfer_codec import TransferLine, encode_transfer, reply_line, request_line
from messango.protocol.files.transfer_frames import (
    Cancel,
    Data,
    Get,
    Go,
    Put,
    Stored,
    Sum,
    TransferReply,
    TransferRequest,
)
from messango.protocol.files.upload_body import UploadBody
from messango.protocol.frames import FileInfo, Problem
from messango.protocol.limits import MAX_TRANSFER_FRAME_BYTES

_DIGEST: Final = hashlib.sha256(b"hello").hexdigest()
_UPLOADED_BYTES: Final = 40

REQUESTS: Final = (
    encode_transfer(Put("s" * 32, "u1", "holiday.jpg", 2_100_000, _DIGEST, 800, 600)),
    encode_transfer(Get("s" * 32, "f1", 7)) + b"bytes",
    encode_transfer(Cancel("s" * 32, "u1")),
)
REPLIES: Final = (
    encode_transfer(Go(7)),
    encode_transfer(Data(12, 7, _DIGEST)) + b"bytes",
    encode_transfer(Stored(FileInfo("f1", "holiday.jpg", 2_100_000, _DIGEST))),
    encode_transfer(Problem("store-full", "No.", "Wait.")),
)
BODIES: Final = (
    b"x" * _UPLOADED_BYTES + encode_transfer(Sum(_DIGEST)),
    b"x" * 2 * _UPLOADED_BYTES,
)


def check_request(data: bytes) -> None:
    """A client's first line is a request, an error with a sentence, or not complete; never much memory."""
    _check_line(data, request_line)


def check_reply(data: bytes) -> None:
    """So is a server's."""
    _check_line(data, reply_line)


def _check_line(
    data: bytes, create: Callable[[], TransferLine[TransferRequest] | TransferLine[TransferReply]]
) -> None:
    line = create()
    middle = read = len(data) // 3
    try:
        frame = line.feed(data[:middle])
        if frame is None:
            frame, read = line.feed(data[middle:]), len(data)
    except RemoteProtocolError as error:
        if not str(error):
            raise AssertionError("an error without a sentence") from error
        return
    if frame is None:
        assert len(data) < MAX_TRANSFER_FRAME_BYTES
    else:
        assert encode_transfer(frame)
        assert data[:read].endswith(line.rest)


def check_body(data: bytes) -> None:
    """The bytes of an upload never become more, and what follows is a digest or an error."""
    body, middle, size = UploadBody(_UPLOADED_BYTES, None), len(data) // 3, 0
    try:
        for piece in (data[:middle], data[middle:]):
            size += len(body.feed(piece))
    except RemoteProtocolError as error:
        if not str(error):
            raise AssertionError("an error without a sentence") from error
        return
    assert size == min(len(data), _UPLOADED_BYTES)
    assert body.sha256 is None or len(body.sha256) == len(_DIGEST)
