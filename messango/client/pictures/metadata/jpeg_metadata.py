"""What stays of a JPEG file: what its pixels and colors need, and how it is turned.

Gone are EXIF, XMP, IPTC, comments, thumbnails (which may show what was cut off), further pictures such as
depth maps, and all behind the end, where telephones put a video.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from messango.client.pictures import jpeg_segments
from messango.client.pictures.exif import UPRIGHT, exif_of, orientation_of
from messango.client.pictures.jpeg_segments import EXIF_APP, EXIF_MARK, Segment
from messango.client.pictures.metadata.pieces import Pieces
from messango.client.pictures.reading import read_exactly

_JFIF: Final = 0xE0
_JFIF_MARK: Final = b"JFIF\x00"
#: The length, the mark, the version, the density; then come width and height of a thumbnail.
_JFIF_BYTES: Final = 16
_NO_THUMBNAIL: Final = b"\x00\x00"

#: What else stays: the color profile, and what Adobe says about the colors.
_KEPT_APPS: Final = {0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
#: Extensions that no program for pictures reads.
_EXTENSIONS: Final = range(0xF0, 0xFE)


def stripped_jpeg(source: BinaryIO) -> Pieces:
    """Return the pieces of a JPEG file without metadata; raise `DamagedPicture` if it can't be read."""
    pieces = Pieces(source)
    pieces.keep(0, 2)
    has_exif = False
    for segment in jpeg_segments.read_segments(source):
        if segment.marker == EXIF_APP:
            content = _content(source, segment)
            if content.startswith(EXIF_MARK) and not has_exif:
                has_exif = True
                _add_orientation(segment, content, pieces)
        elif segment.marker == _JFIF:
            _add_jfif(source, segment, pieces)
        elif _is_kept(source, segment):
            pieces.keep(segment.begins, segment.ends)
    return pieces


def _is_kept(source: BinaryIO, segment: Segment) -> bool:
    if segment.marker in jpeg_segments.APPS:
        mark = _KEPT_APPS.get(segment.marker)
        return mark is not None and _content(source, segment).startswith(mark)
    return segment.marker not in (jpeg_segments.COMMENT, *_EXTENSIONS)


def _add_orientation(segment: Segment, content: bytes, pieces: Pieces) -> None:
    """Replace EXIF data by the orientation in them; the first ones in a file count."""
    if (orientation := orientation_of(content)) != UPRIGHT:
        data = EXIF_MARK + exif_of(orientation)
        pieces.replace(segment.begins, struct.pack(">BBH", 0xFF, EXIF_APP, len(data) + 2) + data)


def _add_jfif(source: BinaryIO, segment: Segment, pieces: Pieces) -> None:
    content = _content(source, segment)
    if content.startswith(_JFIF_MARK) and len(content) >= _JFIF_BYTES - 2:
        head = struct.pack(">BBH", 0xFF, _JFIF, _JFIF_BYTES)
        pieces.replace(segment.begins, head + content[: _JFIF_BYTES - 4] + _NO_THUMBNAIL)


def _content(source: BinaryIO, segment: Segment) -> bytes:
    source.seek(segment.content)
    return read_exactly(source, segment.ends - segment.content)
