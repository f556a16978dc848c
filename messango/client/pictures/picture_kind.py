"""The kinds of pictures that Messango shows, told by their first bytes and never by a file's ending."""

from __future__ import annotations

from enum import Enum
from typing import Final


class PictureKind(Enum):
    """A kind of picture; the value is Pillow's name for it."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    GIF = "GIF"


#: As many bytes tell the kind.
KIND_BYTES: Final = 12

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_START: Final = b"\xff\xd8\xff"
_GIF_VERSIONS: Final = (b"GIF87a", b"GIF89a")

#: Pictures that Messango does not show and whose metadata it can't remove: TIFF and camera raw files in both
#: byte orders, and those of telephones (HEIC, AVIF), whose first box names their brand.
_OTHER_STARTS: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_OTHER_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
)


def kind_of(first_bytes: bytes) -> PictureKind | None:
    """Return the kind of picture that begins with these bytes; None if it is none that can be shown."""
    if first_bytes.startswith(PNG_SIGNATURE):
        return PictureKind.PNG
    if first_bytes.startswith(_JPEG_START):
        return PictureKind.JPEG
    if first_bytes.startswith(_GIF_VERSIONS):
        return PictureKind.GIF
    if first_bytes[:4] == b"RIFF" and first_bytes[8:12] == b"WEBP":
        return PictureKind.WEBP
    return None


def is_other_picture(first_bytes: bytes) -> bool:
    """Return whether these bytes begin a photo of a kind that Messango can't read."""
    is_boxed = first_bytes[4:8] == b"ftyp" and first_bytes[8:12] in _OTHER_BRANDS
    return is_boxed or first_bytes.startswith(_OTHER_STARTS)
