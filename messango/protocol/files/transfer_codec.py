"""Reads the frames of a file connection out of a stream in which bytes of a file follow them."""

from __future__ import annotations

from typing import Final, Generic, TypeVar, cast

import msgspec

from messango.errors import VERSION_HINT, RemoteProtocolError
from messango.protocol.files.transfer_frames import Sum, TransferReply, TransferRequest
from messango.protocol.limits import MAX_TRANSFER_FRAME_BYTES

F = TypeVar("F")

_encoder: Final = msgspec.json.Encoder()


def encode_transfer(frame: TransferRequest | TransferReply | Sum) -> bytes:
    """Encode one frame as a line."""
    return _encoder.encode(frame) + b"\n"


class TransferLine(Generic[F]):
    """Collects one line; what follows it is in `rest`. How the bytes are split does not change the frame."""

    def __init__(self, decoder: msgspec.json.Decoder[F]) -> None:
        self._decoder = decoder
        self._line = bytearray()
        #: The bytes behind the line, once `feed` has returned its frame.
        self.rest = b""

    def feed(self, data: bytes) -> F | None:
        """Return the frame once its line is complete; raises `RemoteProtocolError` for any other bytes."""
        line, newline, rest = data.partition(b"\n")
        self._line += line
        if len(self._line) >= MAX_TRANSFER_FRAME_BYTES:
            raise RemoteProtocolError(
                f"The first line is longer than {MAX_TRANSFER_FRAME_BYTES:,} bytes.", VERSION_HINT
            )
        if not newline:
            return None
        self.rest = rest
        try:
            return self._decoder.decode(self._line)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise RemoteProtocolError(f"These bytes are not a frame: {error}.", VERSION_HINT) from error


_request_decoder: Final = cast("msgspec.json.Decoder[TransferRequest]", msgspec.json.Decoder(TransferRequest))
_reply_decoder: Final = cast("msgspec.json.Decoder[TransferReply]", msgspec.json.Decoder(TransferReply))
_sum_decoder: Final = msgspec.json.Decoder(Sum)


def request_line() -> TransferLine[TransferRequest]:
    """Return a reader for a client's first line."""
    return TransferLine(_request_decoder)


def reply_line() -> TransferLine[TransferReply]:
    """Return a reader for a line of a server."""
    return TransferLine(_reply_decoder)


def sum_line() -> TransferLine[Sum]:
    """Return a reader for the line behind the bytes of an upload without a digest."""
    return TransferLine(_sum_decoder)
