"""What the window asks of the thread that decodes pictures, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

#: Why a picture is not shown, in words for the card of its file. The file itself can be opened and saved.
NOT_A_PICTURE: Final = "This file is not a picture that Messango can show."
DAMAGED: Final = "This picture is damaged or not complete."
TOO_LARGE: Final = "This picture is too large to show here. Open the file to see it."
TOO_MUCH_WORK: Final = "This picture takes too long to show here. Open the file to see it."
UNREADABLE: Final = "The file of this picture can't be read. Is it still there?"
#: Tk can't decode it, as may happen without Pillow.
NOT_SHOWN: Final = "This picture can't be shown."
CHANGED: Final = "The file of this picture was changed since."
NEEDS_PILLOW: Final = "To see pictures like this one here, install Messango with its extra “pictures”."


@dataclass(frozen=True, slots=True)
class UnchangedFile:
    """A file that is meant only as it was when it had been modified at this time (`st_mtime_ns`)."""

    path: Path
    modified_ns: int


#: Where a picture is on this computer.
PictureSource: TypeAlias = Path | bytes | UnchangedFile


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A picture to decode: its file or its bytes, and the box that it has to fit into, in pixels.

    A small picture is not enlarged. `ground` is the color behind what is transparent, as `#rrggbb`.
    """

    source: PictureSource
    box: tuple[int, int]
    ground: str


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A picture that Tk can show: `data` in a format of its own, turned upright, without transparency.

    `full_size` is the picture's own size. `shrink` is 1, except where Pillow is missing: then Tk has to leave
    out all but every so many pixels.
    """

    width: int
    height: int
    full_size: tuple[int, int]
    data: bytes
    shrink: int = 1


@dataclass(frozen=True, slots=True)
class NoPicture:
    """A picture that can't be shown, and why: a sentence for people."""

    reason: str


PictureResult: TypeAlias = DecodedPicture | NoPicture


def fitting(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """Return the size of a picture in a box: with its proportions, not enlarged, at least one pixel."""
    width, height = size
    scale = min(1.0, box[0] / width, box[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
