"""The segments of a JPEG file, up to where its pixels begin and behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from messango.client.pictures.reading import DamagedPicture, read_exactly, read_number, size_of

END: Final = 0xD9
SCAN: Final = 0xDA
#: Not a marker: what follows the head of a scan.
PIXELS: Final = 0
COMMENT: Final = 0xFE
APPS: Final = range(0xE0, 0xF0)
EXIF_APP: Final = 0xE1
#: Start of frame: it has width and height. The others in this range are tables.
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
EXIF_MARK: Final = b"Exif\x00\x00"

#: Markers without a length: restarts and a placeholder of arithmetic coding.
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})

#: Cameras write about 20, with a large color profile or a depth map a few hundred.
MAX_SEGMENTS: Final = 4_096
#: Bytes of filling before a marker: any number is allowed, none is usual.
_MAX_FILL: Final = 1_024

#: In the pixels, 0xff is followed by 0 or by the number of a restart; anything else is the next marker.
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its marker, where it begins, where its content does, and where the next one begins."""

    marker: int
    begins: int
    content: int
    ends: int


def read_segments(source: BinaryIO) -> Iterator[Segment]:
    """Yield the segments up to the first end of a picture; raise `DamagedPicture` where it can't be read.

    A file may end within the pixels, as some cameras write it. They are not looked at before somebody asks
    for what follows. The position of `source` may be moved between two segments.
    """
    size = size_of(source)
    source.seek(2)
    for _ in range(MAX_SEGMENTS):
        begins = source.tell()
        marker = _read_marker(source)
        if marker in _BARE or marker == END:
            yield Segment(marker, begins, source.tell(), source.tell())
            if marker == END:
                return
            continue
        content = source.tell() + 2
        ends = content - 2 + read_number(source, 2)
        if not content <= ends <= size:
            raise DamagedPicture("a segment without its length")
        yield Segment(marker, begins, content, ends)
        if marker == SCAN:
            begins, ends = ends, _end_of_pixels(source, ends)
            yield Segment(PIXELS, begins, begins, ends)
            if ends == size:
                return
        source.seek(ends)
    raise DamagedPicture("more segments than any camera writes")


def _read_marker(source: BinaryIO) -> int:
    if read_exactly(source, 1) != b"\xff":
        raise DamagedPicture("something else than a segment")
    for _ in range(_MAX_FILL):
        if (marker := read_number(source, 1)) != 0xFF:
            return marker
    raise DamagedPicture("filled up with nothing")


def _end_of_pixels(source: BinaryIO, begins: int) -> int:
    """Return where the first marker behind the pixels is, or the end of the file."""
    source.seek(begins)
    position, rest = begins, b""
    while data := source.read(_BLOCK):
        block = rest + data
        if found := _NEXT_MARKER.search(block):
            return position - len(rest) + found.start()
        position += len(data)
        rest = b"\xff" if block.endswith(b"\xff") else b""
    return position
