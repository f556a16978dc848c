"""The one part of EXIF that Messango reads and keeps: how a picture is turned."""

from __future__ import annotations

import struct
from typing import Final

#: As it is. 2 to 8 are turned or mirrored, and from 5 on width and height change places.
UPRIGHT: Final = 1
_LAST: Final = 8
_FIRST_TURNED: Final = 5

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_ENTRY_BYTES: Final = 12

#: A TIFF header in this byte order, and the offset of its first directory.
_BYTE_ORDERS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}

#: What a picture can hold of EXIF in a JPEG; larger ones elsewhere are not read further.
MAX_EXIF_BYTES: Final = 65_536


def orientation_of(exif: bytes) -> int:
    """Return the orientation that EXIF data names, 1 to 8; 1 if it names none or can't be read."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return UPRIGHT
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    ends = min(start + 2 + count * _ENTRY_BYTES, len(tiff) - _ENTRY_BYTES + 1)
    for position in range(start + 2, ends, _ENTRY_BYTES):
        tag, kind, amount, value = struct.unpack_from(f"{order}HHIH", tiff, position)
        if tag == _ORIENTATION:
            return value if kind == _SHORT and amount == 1 and UPRIGHT <= value <= _LAST else UPRIGHT
    return UPRIGHT


def exif_of(orientation: int) -> bytes:
    """Return EXIF data that name an orientation and nothing else, as a TIFF file of 26 bytes."""
    return struct.pack(">4sIHHHIHHI", b"MM\x00*", 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)


def shown_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return width and height as they are shown."""
    return (size[1], size[0]) if orientation >= _FIRST_TURNED else size
