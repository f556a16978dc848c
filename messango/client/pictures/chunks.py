"""The chunks of PNG and WebP files: each has a kind of four letters and a length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from messango.client.pictures.picture_kind import KIND_BYTES, PNG_SIGNATURE
from messango.client.pictures.reading import DamagedPicture, read_exactly, size_of

#: A file of 200 MB has 25,000 chunks of PNG's usual 8 kB, and an animation two for each of its pictures.
MAX_CHUNKS: Final = 65_536


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its kind, where it and its content begin, how long that is, and where the chunk ends."""

    kind: bytes
    begins: int
    content: int
    length: int
    ends: int


def read_png_chunks(source: BinaryIO) -> Iterator[Chunk]:
    """Yield the chunks up to IEND, which must be there; raise `DamagedPicture` where one can't be read.

    A chunk that is cut off is yielded before that is noticed. The position of `source` may be moved between
    two chunks.
    """
    size = size_of(source)
    position = len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        source.seek(position)
        head = read_exactly(source, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        ends = position + 12 + length
        yield Chunk(kind, position, position + 8, length, ends)
        if ends > size or not kind.isalpha():
            raise DamagedPicture("a chunk that is cut off")
        if kind == b"IEND":
            return
        position = ends
    raise DamagedPicture("more chunks than pictures have")


def read_webp_chunks(source: BinaryIO) -> Iterator[Chunk]:
    """Yield the chunks up to the end that the file names; raise `DamagedPicture` where one can't be read.

    A chunk that is cut off is yielded before that is noticed. The position of `source` may be moved between
    two chunks.
    """
    source.seek(4)
    position, end = KIND_BYTES, 8 + int.from_bytes(read_exactly(source, 4), "little")
    for _ in range(MAX_CHUNKS):
        if position + 8 > end:
            break
        source.seek(position)
        head = read_exactly(source, 8)
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        # Chunks have an even length; the last one's filling is sometimes forgotten.
        ends = min(position + 8 + length + length % 2, max(end, position + 8 + length))
        yield Chunk(kind, position, position + 8, length, ends)
        if position + 8 + length > end:
            raise DamagedPicture("a chunk that is cut off")
        position = ends
    else:
        raise DamagedPicture("more chunks than pictures have")
    if end > size_of(source):
        raise DamagedPicture("a file that is cut off")
