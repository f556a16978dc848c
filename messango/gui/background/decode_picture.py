"""Decodes one picture for the screen, with Pillow if it is installed.

Strangers send pictures. So nothing is decoded before its header was measured, only the decoder of the kind
that the header names is used, and it gets no metadata.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from messango.client.pictures.decoding_effort import is_modest
from messango.client.pictures.exif import shown_size
from messango.client.pictures.metadata.strip import Metadata, strip_metadata
from messango.client.pictures.picture_header import PictureHeader, may_preview, read_picture_header
from messango.client.pictures.reading import DamagedPicture
from messango.gui.background.undecoded_picture import undecoded
from messango.gui.model.pictures.decoding import (
    CHANGED,
    DAMAGED,
    NOT_A_PICTURE,
    TOO_LARGE,
    TOO_MUCH_WORK,
    UNREADABLE,
    DecodedPicture,
    NoPicture,
    PictureRequest,
    PictureResult,
    UnchangedFile,
    fitting,
)

if TYPE_CHECKING:  # slow to import, and perhaps not there
    from PIL.Image import Image

#: How Pillow turns a picture upright, by its orientation in EXIF: the values of its enum `Transpose`.
_TURNS: Final = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}

#: Gray with 16 or 32 bits for a pixel, and how much brighter white is there than in 8 bits.
_DEEP: Final = ("I", "F")
_DEEP_FACTOR: Final = 1 / 257

#: What Pillow raises for damaged files.
_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def decode_picture(request: PictureRequest) -> PictureResult:
    """Return a picture for the screen, or why it can't be shown. For any thread: it may take seconds."""
    try:
        if isinstance(request.source, bytes):
            return _decode(io.BytesIO(request.source), request)
        with _path(request.source).open("rb") as source:
            if _is_changed(source, request.source):
                return NoPicture(CHANGED)
            return _decode(source, request)
    except OSError:
        return NoPicture(UNREADABLE)


def _path(source: Path | UnchangedFile) -> Path:
    return source if isinstance(source, Path) else source.path


def _is_changed(file: BinaryIO, source: Path | UnchangedFile) -> bool:
    return isinstance(source, UnchangedFile) and os.fstat(file.fileno()).st_mtime_ns != source.modified_ns


def _decode(source: BinaryIO, request: PictureRequest) -> PictureResult:
    header = read_picture_header(source)
    if header is None:
        return NoPicture(NOT_A_PICTURE)
    if not may_preview(header):
        return NoPicture(TOO_LARGE)
    try:
        if not is_modest(source, header):
            return NoPicture(TOO_MUCH_WORK)
        clean = _without_metadata(source)
        if _has_pillow():
            return _decode_with_pillow(clean, header, request)
        return undecoded(clean, header, request.box)
    except DamagedPicture:
        return NoPicture(DAMAGED)


def _without_metadata(source: BinaryIO) -> BinaryIO:
    """Return the picture without what else is in its file: no decoder has to read that."""
    target = io.BytesIO()
    match strip_metadata(source, target):
        case Metadata.UNREADABLE:
            raise DamagedPicture("a structure that can't be followed")
        case Metadata.REMOVABLE:
            return target
        case Metadata.NONE:
            return source


def _has_pillow() -> bool:
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        return False
    return True


def _decode_with_pillow(source: BinaryIO, header: PictureHeader, request: PictureRequest) -> PictureResult:
    from PIL import Image

    source.seek(0)
    try:
        with Image.open(source, formats=[header.kind.value]) as image:
            # Both sizes come from the same bytes; a decoder that reads them otherwise has other limits.
            if shown_size(image.size, header.orientation) != (header.width, header.height):
                return NoPicture(DAMAGED)
            small = _shrunk(image, shown_size(request.box, header.orientation))
            opaque = _on_ground(small, request.ground)
    except _ERRORS:
        return NoPicture(DAMAGED)
    if header.orientation in _TURNS:
        opaque = opaque.transpose(Image.Transpose(_TURNS[header.orientation]))
    ppm = b"P6 %d %d 255\n" % opaque.size + opaque.tobytes()
    return DecodedPicture(*opaque.size, (header.width, header.height), ppm)


def _shrunk(image: Image, box: tuple[int, int]) -> Image:
    """Return the first picture of a file, shrunk into a box."""
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode.startswith(_DEEP):
        image = image.convert("F").point(lambda value: value * _DEEP_FACTOR + 0).convert("L")
    # Has JPEG's decoder leave out what is too fine for the box, which takes a fraction of time and memory.
    image.thumbnail(fitting(image.size, box), reducing_gap=2.0)
    return image


def _on_ground(image: Image, ground: str) -> Image:
    """Return an opaque picture: some patterns of transparent pixels stop Tk for seconds."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    below = Image.new("RGBA", image.size, ground)
    return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")
