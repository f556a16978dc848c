"""What stands in the stream: one entry for a round of one server's acts."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from messango.link.fold.acts import AnyAct

#: A NATS server takes 1 MiB in one message unless it is told otherwise.
MAX_ENTRY_BYTES: int = 500_000


class Place(NamedTuple):
    """How far a server has folded: the number in the stream, the room's last `seq`, and the digest of all."""

    stream: int = 0
    room: int = 0
    digest: str = ""


class StreamEntry(msgspec.Struct, frozen=True, rename={"acts": "entries"}):
    """One round. Each `life` of a `server`, a random id per start, counts its rounds by `n`, from 1.

    `at` is how far the writer had folded then: every reader was there with the same, or the room has forked.
    """

    server: str
    life: str
    n: int
    at: Place
    acts: list[AnyAct]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(StreamEntry)


def encode_entry(entry: StreamEntry) -> bytes:
    """Return the entry as it stands in the stream."""
    return _encoder.encode(entry)


def decode_entry(data: bytes) -> StreamEntry:
    """Return what stands in the stream; raises `msgspec.MsgspecError` for what no server of ours wrote."""
    return _decoder.decode(data)


def next_digest(digest: str, data: bytes) -> str:
    """Return what stands for all of the stream up to this entry."""
    return hashlib.blake2b(digest.encode() + data, digest_size=8).hexdigest()
