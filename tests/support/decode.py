"""Decoding a peer's bytes as its connection does: to the end, or to what is not a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from messango.errors import RemoteProtocolError

F = TypeVar("F")


def decode_all(
    decode: Callable[[bytes], Sequence[F]], *pieces: bytes
) -> tuple[list[F], RemoteProtocolError | None]:
    """Return all frames that the pieces hold, and what was wrong with the bytes behind them."""
    frames: list[F] = []
    try:
        for data in pieces:
            while more := decode(data):
                frames += more
                data = b""
    except RemoteProtocolError as error:
        return frames, error
    return frames, None
