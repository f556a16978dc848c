"""What stays of a PNG file: what its pixels, colors and animation need, and how it is turned.

Gone are texts (XMP is one), EXIF, times, chunks of programs' own, and all behind the end.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO, Final

from messango.client.pictures.chunks import Chunk, read_png_chunks
from messango.client.pictures.exif import MAX_EXIF_BYTES, UPRIGHT, exif_of, orientation_of
from messango.client.pictures.metadata.pieces import Pieces
from messango.client.pictures.picture_kind import PNG_SIGNATURE
from messango.client.pictures.reading import read_exactly

#: The chunks that nobody needs to understand, but that change what is seen: colors, transparency, size on
#: paper, and the three of animations. Those that everybody must understand begin with a capital.
_KEPT: Final = frozenset(
    {b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"tRNS"}
    | {b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"}
)


def stripped_png(source: BinaryIO) -> Pieces:
    """Return the pieces of a PNG file without metadata; raise `DamagedPicture` if it can't be read."""
    pieces = Pieces(source)
    pieces.keep(0, len(PNG_SIGNATURE))
    for chunk in read_png_chunks(source):
        if chunk.kind in _KEPT or chunk.kind[:1].isupper():
            pieces.keep(chunk.begins, chunk.ends)
        elif chunk.kind == b"eXIf":
            _add_orientation(source, chunk, pieces)
    return pieces


def _add_orientation(source: BinaryIO, chunk: Chunk, pieces: Pieces) -> None:
    source.seek(chunk.content)
    orientation = orientation_of(read_exactly(source, min(chunk.length, MAX_EXIF_BYTES)))
    if orientation != UPRIGHT:
        content = chunk.kind + exif_of(orientation)
        data = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
        pieces.replace(chunk.begins, data)
