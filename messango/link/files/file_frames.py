"""What servers of a linked room tell each other about files, beside the stream: one frame in a message.

    who-has {file} to all -> have, lack or full
    ask {file, offset, size} -> piece {offset, data}, lack or full
    done, after the last piece

Any frame may be lost. `transfer` is a random id that the asking server has chosen; answers repeat it.
"""

from __future__ import annotations

from typing import Annotated, Final, Protocol, TypeAlias

import msgspec
from msgspec import Meta, Struct

from messango.protocol.frames.base import FileSize, MessageId

#: What goes in one message: little enough that what is said meanwhile does not wait long behind it.
PIECE_BYTES: Final = 65_536

#: A piece with its envelope.
MAX_FILE_FRAME_BYTES: Final = PIECE_BYTES + 1_024


class FileFrame(Struct, frozen=True, tag_field="type"):
    """The base: the id of the server that has sent it, and the transfer that it belongs to."""

    server: MessageId
    transfer: MessageId


class WhoHas(FileFrame, frozen=True, tag="who-has"):
    """Which server has this shared file?"""

    file: MessageId


class Have(FileFrame, frozen=True, tag="have"):
    """The server has it, whole."""


class Lack(FileFrame, frozen=True, tag="lack"):
    """The server does not have it, or not any more."""


class Full(FileFrame, frozen=True, tag="full"):
    """The server gives as many files as it can at a time."""


class Ask(FileFrame, frozen=True, tag="ask"):
    """Send these bytes of a shared file."""

    file: MessageId
    offset: FileSize
    size: Annotated[int, Meta(ge=1, le=PIECE_BYTES)]


class Done(FileFrame, frozen=True, tag="done"):
    """The asking server asks for nothing more."""


class Piece(FileFrame, frozen=True, tag="piece"):
    """The bytes of a file from `offset` on, as many as were asked for."""

    offset: FileSize
    data: Annotated[bytes, Meta(max_length=PIECE_BYTES)]


Request: TypeAlias = WhoHas | Ask | Done
Answer: TypeAlias = Have | Lack | Full | Piece
AnyFileFrame: TypeAlias = Request | Answer

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final[msgspec.msgpack.Decoder[AnyFileFrame]] = msgspec.msgpack.Decoder(AnyFileFrame)


class FilePost(Protocol):
    """Carries frames to other servers. Any thread may call it; it never waits, and may lose what it gets."""

    def send_file_frame(self, to: str, frame: AnyFileFrame) -> None:
        """Send a frame to the server with this id, or to all others if it is empty."""


def encode_file_frame(frame: AnyFileFrame) -> bytes:
    """Return the frame as it is sent."""
    return _encoder.encode(frame)


def decode_file_frame(data: bytes) -> AnyFileFrame | None:
    """Return what another server has sent; None for what none of ours sends."""
    if len(data) > MAX_FILE_FRAME_BYTES:
        return None
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return None
