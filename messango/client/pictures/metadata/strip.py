"""Removes the metadata of a picture: where, when and with what it was taken, and hidden other pictures."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import BinaryIO, Final

from messango.client.pictures.metadata.gif_metadata import stripped_gif
from messango.client.pictures.metadata.jpeg_metadata import stripped_jpeg
from messango.client.pictures.metadata.pieces import Pieces
from messango.client.pictures.metadata.png_metadata import stripped_png
from messango.client.pictures.metadata.webp_metadata import stripped_webp
from messango.client.pictures.picture_kind import KIND_BYTES, PictureKind, is_other_picture, kind_of
from messango.client.pictures.reading import DamagedPicture


class Metadata(Enum):
    """What is known about the metadata of a file."""

    #: There is none, or the file is no picture: send it as it is.
    NONE = auto()
    #: There is, and it can be removed.
    REMOVABLE = auto()
    #: There may be, and it stays: a damaged picture, or one of a kind that can't be read here, such as HEIC.
    #: The sender should know.
    UNREADABLE = auto()


def find_metadata(source: BinaryIO) -> Metadata:
    """Return whether a file has metadata that can be removed. Reads it once, a block at a time."""
    return _plan(source)[0]


def strip_metadata(source: BinaryIO, target: BinaryIO) -> Metadata:
    """Write a picture without its metadata to `target`, if it has any; else write nothing.

    The pixels and how the picture is turned stay the same, byte by byte. Both files are read and written a
    block at a time. With `REMOVABLE`, `target` has the picture; with any other result send `source`.
    """
    result, pieces = _plan(source)
    if pieces is not None:
        pieces.write_to(target)
    return result


def _plan(source: BinaryIO) -> tuple[Metadata, Pieces | None]:
    source.seek(0)
    first_bytes = source.read(KIND_BYTES)
    kind = kind_of(first_bytes)
    if kind is None:
        return (Metadata.UNREADABLE if is_other_picture(first_bytes) else Metadata.NONE), None
    try:
        pieces = _STRIPPERS[kind](source)
    except DamagedPicture:
        return Metadata.UNREADABLE, None
    return (Metadata.NONE, None) if pieces.is_whole else (Metadata.REMOVABLE, pieces)


_STRIPPERS: Final[dict[PictureKind, Callable[[BinaryIO], Pieces]]] = {
    PictureKind.JPEG: stripped_jpeg,
    PictureKind.PNG: stripped_png,
    PictureKind.WEBP: stripped_webp,
    PictureKind.GIF: stripped_gif,
}
