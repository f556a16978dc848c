"""What stays of a WebP file: what its pixels, colors and animation need, and how it is turned."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from messango.client.pictures.chunks import Chunk, read_webp_chunks
from messango.client.pictures.exif import MAX_EXIF_BYTES, UPRIGHT, exif_of, orientation_of
from messango.client.pictures.metadata.pieces import Pieces
from messango.client.pictures.reading import DamagedPicture, read_exactly

_EXTENDED: Final = b"VP8X"
_KEPT: Final = frozenset({_EXTENDED, b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})

#: What the first byte of VP8X says is in the file.
_HAS_EXIF: Final = 0x08
_HAS_XMP: Final = 0x04


def stripped_webp(source: BinaryIO) -> Pieces:
    """Return the pieces of a WebP file without metadata; raise `DamagedPicture` if it can't be read."""
    chunks = [*read_webp_chunks(source)]
    if not chunks or chunks[0].kind not in (_EXTENDED, b"VP8 ", b"VP8L"):
        raise DamagedPicture("a file without a picture")
    orientation = _orientation(source, chunks)
    body = Pieces(source)
    for chunk in chunks:
        if chunk.kind == _EXTENDED:
            _add_extended(source, chunk, body, has_exif=orientation != UPRIGHT)
        elif chunk.kind in _KEPT:
            body.keep(chunk.begins, chunk.ends)
        elif chunk.kind == b"EXIF" and orientation != UPRIGHT:
            exif = exif_of(orientation)
            body.replace(chunk.begins, struct.pack("<4sI", b"EXIF", len(exif)) + exif)
            break
    return _with_head(source, body)


def _with_head(source: BinaryIO, body: Pieces) -> Pieces:
    pieces = Pieces(source)
    pieces.replace(0, struct.pack("<4sI4s", b"RIFF", body.length + 4, b"WEBP"))
    pieces.extend(body)
    return pieces


def _orientation(source: BinaryIO, chunks: list[Chunk]) -> int:
    """Return what the first EXIF data say; without VP8X no program looks for them."""
    for chunk in chunks:
        if chunk.kind == b"EXIF" and chunks[0].kind == _EXTENDED:
            source.seek(chunk.content)
            return orientation_of(read_exactly(source, min(chunk.length, MAX_EXIF_BYTES)))
    return UPRIGHT


def _add_extended(source: BinaryIO, chunk: Chunk, body: Pieces, *, has_exif: bool) -> None:
    if chunk.length < 10:
        raise DamagedPicture("a head that is cut off")
    source.seek(chunk.content)
    flags = read_exactly(source, 1)[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if has_exif else 0)
    source.seek(chunk.begins)
    head = read_exactly(source, 8) + bytes([flags])
    body.replace(chunk.begins, head)
    body.keep(chunk.begins + len(head), chunk.ends)
