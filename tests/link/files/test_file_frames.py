"""Frames about files between linked servers: what comes in is bounded and checked."""

from __future__ import annotations

import msgspec
import pytest

from messango.link.files.file_frames import (
    MAX_FILE_FRAME_BYTES,
    PIECE_BYTES,
    AnyFileFrame,
    Ask,
    Done,
    Full,
    Have,
    Lack,
    Piece,
    WhoHas,
    decode_file_frame,
    encode_file_frame,
)


@pytest.mark.parametrize(
    "frame",
    [
        WhoHas("desk", "t1", "f1"),
        Have("desk", "t1"),
        Lack("desk", "t1"),
        Full("desk", "t1"),
        Done("desk", "t1"),
        Ask("desk", "t1", "f1", 65_536, 17),
        Piece("s" * 64, "t" * 64, 2**40 - 1, bytes(range(256)) * 256),
    ],
)
def test_each_frame_comes_as_it_was_sent(frame: AnyFileFrame) -> None:
    """Also the largest one, whose bytes are any bytes."""
    data = encode_file_frame(frame)
    assert len(data) <= MAX_FILE_FRAME_BYTES
    assert decode_file_frame(data) == frame


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        msgspec.msgpack.encode({"type": "piece", "server": "a", "transfer": "t", "offset": -1, "data": b""}),
        msgspec.msgpack.encode(
            {"type": "ask", "server": "a", "transfer": "t", "file": "f", "offset": 0, "size": PIECE_BYTES + 1}
        ),
        msgspec.msgpack.encode(
            {"type": "ask", "server": "a", "transfer": "t", "file": "f" * 65, "offset": 0}
        ),
        msgspec.msgpack.encode({"type": "have", "server": "a" * 1_000, "transfer": "t"}),
        b"\x91" * 5_000,
        encode_file_frame(Piece("a", "t", 0, bytes(2 * PIECE_BYTES))),
    ],
)
def test_what_none_of_ours_sends_is_ignored(data: bytes) -> None:
    """Nor does it raise."""
    assert decode_file_frame(data) is None
