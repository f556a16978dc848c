"""Pictures for a window without Pillow: PNG and GIF files that Tk itself decodes quickly, and no others.

Tk decodes in the window's thread. What takes it long is left out beforehand: further pictures of an
animation, metadata, and transparency, of which some patterns take seconds for a tiny picture.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO, Final

from messango.client.pictures import gif_blocks
from messango.client.pictures.chunks import read_png_chunks
from messango.client.pictures.exif import UPRIGHT
from messango.client.pictures.picture_header import PictureHeader
from messango.client.pictures.picture_kind import PNG_SIGNATURE, PictureKind
from messango.client.pictures.reading import DamagedPicture, read_exactly, size_of
from messango.gui.model.pictures.decoding import (
    NEEDS_PILLOW,
    TOO_MUCH_WORK,
    DecodedPicture,
    NoPicture,
    PictureResult,
    fitting,
)

#: No picture of as many pixels takes more.
_MAX_BYTES: Final = 10_000_000

#: Tk works row by row: a million rows of one pixel take it 0.6 s.
_MAX_SIDE: Final = 20_000

#: Tk needs up to 50 ms for as many pixels.
MAX_PIXELS: Final = {PictureKind.PNG: 1_000_000, PictureKind.GIF: 2_000_000}

_GRAY_ALPHA: Final = 4
_RGB_ALPHA: Final = 6


def undecoded(source: BinaryIO, header: PictureHeader, box: tuple[int, int]) -> PictureResult:
    """Return a picture for Tk to decode; raise `DamagedPicture` if it can't be read."""
    size = header.width, header.height
    if header.width * header.height > MAX_PIXELS.get(header.kind, 0) or max(size) > _MAX_SIDE:
        return NoPicture(NEEDS_PILLOW)
    if header.orientation != UPRIGHT:
        return NoPicture(NEEDS_PILLOW)
    if size_of(source) > _MAX_BYTES:
        return NoPicture(TOO_MUCH_WORK)
    data = _opaque_png(source) if header.kind is PictureKind.PNG else _first_gif(source)
    if data is None:
        return NoPicture(NEEDS_PILLOW)
    width, height = fitting(size, box)
    shrink = max(-(-size[0] // width), -(-size[1] // height))
    return DecodedPicture(-(-size[0] // shrink), -(-size[1] // shrink), size, data, shrink)


def _opaque_png(source: BinaryIO) -> bytes | None:
    """Return a PNG file without transparency; None for an interlaced one with some."""
    head, colors, pixels = b"", b"", []
    for chunk in read_png_chunks(source):
        if chunk.kind in (b"IHDR", b"PLTE", b"IDAT"):
            source.seek(chunk.content)
            content = read_exactly(source, chunk.length)
            if chunk.kind == b"IDAT":
                pixels.append(content)
            elif chunk.kind == b"PLTE":
                colors = content
            else:
                head = content
    width, height, depth, color, _compression, _filter, interlaced = struct.unpack(">IIBBBBB", _whole(head))
    packed = b"".join(pixels)
    if color in (_GRAY_ALPHA, _RGB_ALPHA):
        if interlaced:
            return None
        packed = _without_alpha(packed, width, height, depth // 8, color)
        head = struct.pack(">IIBBBBB", width, height, depth, color - 4, 0, 0, 0)
    palette = [(b"PLTE", colors)] if colors else []
    return _png((b"IHDR", head), *palette, (b"IDAT", packed), (b"IEND", b""))


def _whole(head: bytes) -> bytes:
    if len(head) != 13 or head[8] not in (1, 2, 4, 8, 16):
        raise DamagedPicture("a head that is cut off")
    return head


def _without_alpha(packed: bytes, width: int, height: int, depth: int, color: int) -> bytes:
    """Return the pixels without their last channel.

    PNG predicts each byte from the same channel of its neighbors, so the other channels stay as they are.
    """
    channels = 4 if color == _RGB_ALPHA else 2
    pixel = channels * depth
    length = height * (1 + width * pixel)
    try:
        raw = zlib.decompressobj().decompress(packed, length)
    except zlib.error as error:
        raise DamagedPicture(str(error)) from error
    if not depth or len(raw) < length:
        raise DamagedPicture("fewer pixels than announced")
    row_bytes, kept = 1 + width * pixel, pixel - depth
    rows = bytearray()
    for begins in range(0, length, row_bytes):
        row = raw[begins : begins + row_bytes]
        opaque = bytearray(width * kept)
        for offset in range(kept):
            opaque[offset::kept] = row[1 + offset :: pixel]
        rows += row[:1] + opaque
    return zlib.compress(rows, 1)


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    return PNG_SIGNATURE + b"".join(parts)


def _first_gif(source: BinaryIO) -> bytes:
    """Return a GIF file with the first picture only; without its extensions nothing is transparent."""
    blocks: Iterable[gif_blocks.Block] = gif_blocks.read_blocks(source)
    first = end = None
    head_ends = 0
    for block in blocks:
        head_ends = head_ends or block.begins
        if first is not None:
            end = block.begins
            break
        if block.kind == gif_blocks.IMAGE:
            first = block
    if first is None:
        raise DamagedPicture("a file without a picture")
    end = end or source.tell()
    source.seek(0)
    target = io.BytesIO()
    target.write(read_exactly(source, head_ends))
    source.seek(first.begins)
    target.write(read_exactly(source, end - first.begins))
    target.write(bytes([gif_blocks.TRAILER]))
    return target.getvalue()
