"""Inputs for parsers: random bytes and damaged good inputs, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

#: Inputs that broke parsers of this kind elsewhere: ends of ranges, deep nesting, half characters,
#: marks that reverse text, quotes and escapes in the wrong place.
FRAGMENTS: Final = (
    b"\x00",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\r\nContent-Length: 5",
    b"\r\nTransfer-Encoding: chunked",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[" * 3_000,
    b'{"type":' * 200,
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-1",
    b"18446744073709551616",
    b"9" * 400,
    b"null",
    b"true",
    b"=",
    b"%25",
    b"[::1%lo]:0",
    b"messango://",
    "\u202e\u2066\u200f".encode(),
    "\u2028\x85\x1b[2J\x07".encode(),
    "\ufdfa".encode() * 20,
    "\U0010ffff".encode(),
    "e\u0301\u0301\u0301".encode() * 30,
    b"A" * 70_000,
)

_LONGEST_RANDOM: Final = 200


def mutate(random_: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return one input: usually a good one, damaged in a few places."""
    if random_.random() < 0.1:
        return random_.randbytes(random_.randrange(_LONGEST_RANDOM))
    data = bytearray(random_.choice(seeds))
    for _ in range(random_.choice((0, 1, 1, 1, 2, 3, 8))):
        random_.choice(_MUTATIONS)(random_, data, seeds)
    return bytes(data)


def _position(random_: random.Random, data: bytearray) -> int:
    return random_.randrange(len(data) + 1)


def _flip(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    if data:
        data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)


def _replace(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    if data:
        data[random_.randrange(len(data))] = random_.randrange(256)


def _cut(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    start = _position(random_, data)
    del data[start : start + random_.randrange(1, 20)]


def _stop(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    del data[_position(random_, data) :]


def _insert(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    place = _position(random_, data)
    data[place:place] = random_.choice(FRAGMENTS)


def _repeat(random_: random.Random, data: bytearray, _seeds: Sequence[bytes]) -> None:
    start = _position(random_, data)
    piece = data[start : start + random_.randrange(1, 30)]
    data[start:start] = piece * random_.randrange(1, 5)


def _splice(random_: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = random_.choice(seeds)
    data[_position(random_, data) :] = other[random_.randrange(len(other) + 1) :]


_MUTATIONS: Final[tuple[Callable[[random.Random, bytearray, Sequence[bytes]], None], ...]] = (
    _flip,
    _replace,
    _cut,
    _stop,
    _insert,
    _repeat,
    _splice,
)
