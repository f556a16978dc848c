"""Whether a picture is worth the work that its file asks of a decoder.

A small picture may come in a file that keeps a decoder busy for minutes, with thousands of scans over the
same pixels. Metadata can do the same; they are removed before (`metadata.strip`).
"""

from __future__ import annotations

from typing import BinaryIO, Final

from messango.client.pictures.picture_header import PictureHeader
from messango.client.pictures.picture_kind import PictureKind
from messango.client.pictures.reading import size_of

#: The pixels of the largest preview take 99 MB without any compression.
MAX_PREVIEW_BYTES: Final = 100_000_000

#: Pixels times scans: programs write about 10 scans, and the largest preview has 33 million pixels.
MAX_SCANNED_PIXELS: Final = 500_000_000

_SCAN: Final = b"\xff\xda"
_BLOCK: Final = 1 << 20


def is_modest(source: BinaryIO, header: PictureHeader) -> bool:
    """Return whether decoding takes about as long as this many pixels usually do."""
    if size_of(source) > MAX_PREVIEW_BYTES:
        return False
    if header.kind is not PictureKind.JPEG:
        return True
    return header.width * header.height * _count_scans(source) <= MAX_SCANNED_PIXELS


def _count_scans(source: BinaryIO) -> int:
    """Return how many scans there are at most: in the pixels this marker never means anything else."""
    source.seek(0)
    count, last = 0, b""
    while block := source.read(_BLOCK):
        count += (last + block).count(_SCAN)
        last = block[-1:]
    return count
