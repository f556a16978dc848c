"""What stands in the stream: one entry for a round of one server's acts."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from messango.link.fold.acts import AnyAct
from messango.link.fold.errors import NewerStream

#: A NATS server takes 1 MiB in one message unless it is told otherwise.
MAX_ENTRY_BYTES: int = 500_000

#: Of the acts and of what is made of them.
STREAM_VERSION: int = 1


class Place(NamedTuple):
    """How far a server has folded: the number in the stream, the room's last `seq`, and the digest of all."""

    stream: int = 0
    room: int = 0
    digest: str = ""


class StreamEntry(msgspec.Struct, frozen=True, rename={"acts": "entries"}):
    """One round. Each `life` of a `server`, a random id per start, counts its rounds by `n`, from 1.

    `at` is how far the writer had folded then: every reader was there with the same, or the room has forked.
    `version` rises when servers of an earlier one would make something else of the acts.
    """

    server: str
    life: str
    n: int
    at: Place
    acts: list[AnyAct]
    version: int = STREAM_VERSION


class _Version(msgspec.Struct, frozen=True):
    version: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(StreamEntry)
_version_decoder = msgspec.json.Decoder(_Version)


def encode_entry(entry: StreamEntry) -> bytes:
    """Return the entry as it stands in the stream."""
    return _encoder.encode(entry)


def decode_entry(data: bytes) -> StreamEntry:
    """Return what stands in the stream; raises `msgspec.MsgspecError` for what no server of ours wrote."""
    return _decoder.decode(data)


def read_entry(data: bytes) -> StreamEntry | None:
    """Return what stands in the stream, or None for what no server of ours wrote.

    Raises `NewerStream` for what a server of a later version wrote: to skip that would be to fork.
    """
    try:
        entry = decode_entry(data)
    except (msgspec.MsgspecError, RecursionError):
        _refuse_newer(data)
        return None
    if entry.version > STREAM_VERSION:
        _refuse_newer(data)
    return entry


def raw_digest(data: bytes) -> str:
    """Return what stands for this entry alone, to recognize it in the stream."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def next_digest(digest: str, raw: str, outcome: str) -> str:
    """Return what stands for all of the stream up to the entry with the `raw_digest` `raw`.

    It also stands for what the readers made of it: `digest` is that of the entry before.
    """
    return raw_digest(f"{digest} {raw} {outcome}".encode())


def _refuse_newer(data: bytes) -> None:
    try:
        version = _version_decoder.decode(data).version
    except (msgspec.MsgspecError, RecursionError):
        return
    if version > STREAM_VERSION:
        raise NewerStream("Another server of the room has a later version of Messango.")
