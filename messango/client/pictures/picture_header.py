"""What a picture is and how large, from the beginning of its file, before anything decodes it.

A file of 10 kB can claim 60,000 x 60,000 pixels, so nobody may decode what this has not measured.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from messango.client.pictures import gif_blocks, jpeg_segments
from messango.client.pictures.chunks import read_png_chunks, read_webp_chunks
from messango.client.pictures.exif import MAX_EXIF_BYTES, UPRIGHT, orientation_of, shown_size
from messango.client.pictures.picture_kind import KIND_BYTES, PictureKind, kind_of
from messango.client.pictures.reading import DamagedPicture, read_exactly
from messango.protocol.limits import MAX_PICTURE_SIDE

#: A picture with more pixels is a file like any other: decoded, it would take 130 MB.
MAX_PREVIEW_PIXELS: Final = 33_000_000


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """A picture as its file describes it; `width` and `height` are those on the screen, turned upright."""

    kind: PictureKind
    width: int
    height: int
    orientation: int = UPRIGHT


def read_picture_header(source: BinaryIO) -> PictureHeader | None:
    """Return what a file says about its picture; None if Messango does not show it, or it is damaged.

    The beginning of a file is enough, but a WebP that is turned says so at its end. Reads a few hundred
    kilobytes at most, and seeks over the rest.
    """
    source.seek(0)
    kind = kind_of(source.read(KIND_BYTES))
    if kind is None:
        return None
    try:
        header = _READERS[kind](source)
    except DamagedPicture:
        return None
    return header if header and _can_be_named(header) else None


def picture_header(data: bytes) -> PictureHeader | None:
    """Return what these bytes say about the picture in them, as `read_picture_header` does."""
    return read_picture_header(io.BytesIO(data))


def may_preview(header: PictureHeader) -> bool:
    """Return whether a picture may be decoded; a larger one is a file like any other."""
    return header.width * header.height <= MAX_PREVIEW_PIXELS


def _can_be_named(header: PictureHeader) -> bool:
    return min(header.width, header.height) > 0 and max(header.width, header.height) <= MAX_PICTURE_SIDE


def _read_png(source: BinaryIO) -> PictureHeader | None:
    width = height = 0
    orientation = UPRIGHT
    for chunk in read_png_chunks(source):
        if not width and chunk.kind != b"IHDR":
            return None
        if chunk.kind == b"IHDR":
            size = read_exactly(source, 8)
            width, height = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")
        elif chunk.kind == b"eXIf":
            orientation = orientation_of(read_exactly(source, min(chunk.length, MAX_EXIF_BYTES)))
        elif chunk.kind == b"IDAT":
            return _turned(PictureKind.PNG, width, height, orientation)
    return None


def _read_jpeg(source: BinaryIO) -> PictureHeader | None:
    size: tuple[int, int] | None = None
    orientation: int | None = None
    for segment in jpeg_segments.read_segments(source):
        if segment.marker == jpeg_segments.EXIF_APP and orientation is None:
            data = read_exactly(source, segment.ends - segment.content)
            if data.startswith(jpeg_segments.EXIF_MARK):
                orientation = orientation_of(data)
        elif segment.marker in jpeg_segments.FRAMES:
            frame = read_exactly(source, 5)
            size = int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
        elif segment.marker == jpeg_segments.SCAN and size:
            return _turned(PictureKind.JPEG, *size, orientation or UPRIGHT)
    return None


def _read_webp(source: BinaryIO) -> PictureHeader | None:
    size: tuple[int, int] | None = None
    orientation = UPRIGHT
    # How it is turned stands at its end, which may not be there yet.
    with contextlib.suppress(DamagedPicture):
        for chunk in read_webp_chunks(source):
            if size is None:
                if chunk.kind not in _WEBP_SIZES:
                    return None
                size = _WEBP_SIZES[chunk.kind](read_exactly(source, 10))
                if chunk.kind != b"VP8X":
                    break
            elif chunk.kind == b"EXIF":
                orientation = orientation_of(read_exactly(source, min(chunk.length, MAX_EXIF_BYTES)))
                break
    return _turned(PictureKind.WEBP, *size, orientation) if size else None


def _vp8x_size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1


def _vp8l_size(data: bytes) -> tuple[int, int]:
    if data[0] != 0x2F:
        raise DamagedPicture("not a lossless picture")
    bits = int.from_bytes(data[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _vp8_size(data: bytes) -> tuple[int, int]:
    if data[3:6] != b"\x9d\x01\x2a":
        raise DamagedPicture("not a key frame")
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


_WEBP_SIZES: Final[dict[bytes, Callable[[bytes], tuple[int, int]]]] = {
    b"VP8X": _vp8x_size,
    b"VP8L": _vp8l_size,
    b"VP8 ": _vp8_size,
}


def _read_gif(source: BinaryIO) -> PictureHeader | None:
    screen = source.read(4) if source.seek(6) else b""
    width, height = int.from_bytes(screen[:2], "little"), int.from_bytes(screen[2:], "little")
    for block in gif_blocks.read_blocks(source):
        if block.kind != gif_blocks.IMAGE:
            continue
        # Decoders enlarge the screen for a picture that does not fit on it.
        left, top, across, down = (int.from_bytes(read_exactly(source, 2), "little") for _ in range(4))
        return PictureHeader(PictureKind.GIF, max(width, left + across), max(height, top + down))
    return None


def _turned(kind: PictureKind, width: int, height: int, orientation: int) -> PictureHeader:
    return PictureHeader(kind, *shown_size((width, height), orientation), orientation)


_READERS: Final[dict[PictureKind, Callable[[BinaryIO], PictureHeader | None]]] = {
    PictureKind.PNG: _read_png,
    PictureKind.JPEG: _read_jpeg,
    PictureKind.WEBP: _read_webp,
    PictureKind.GIF: _read_gif,
}
