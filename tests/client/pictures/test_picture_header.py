"""Kind, size and orientation come from the beginning of a file, and nothing odd is believed."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, ImageOps

from messango.client.pictures.picture_header import (
    PictureHeader,
    may_preview,
    picture_header,
    read_picture_header,
)
from messango.client.pictures.picture_kind import PictureKind
from tests.client.pictures.samples import SIZE, chunk, every_sample, gif, jpeg, png, save, segment, webp

SAMPLES = every_sample()


class CountingFile(io.BytesIO):
    """A file that counts the bytes that are read from it."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_the_header_says_what_pillow_decodes(data: bytes) -> None:
    """Width and height are those of the picture turned upright."""
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image)
        expected = (PictureKind(image.format), *upright.size)
    header = picture_header(data)
    assert header is not None
    assert (header.kind, header.width, header.height) == expected


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [jpeg, png, webp])
def test_a_turned_picture_changes_its_sides(make: type, orientation: int) -> None:
    """From 5 on it lies on its side."""
    header = picture_header(make(orientation))
    assert header is not None
    assert header.orientation == orientation
    assert (header.width, header.height) == (SIZE if orientation < 5 else SIZE[::-1])


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_a_cut_header_is_no_picture(data: bytes) -> None:
    """Wherever a file ends, nothing wrong is said about it, and nothing raises."""
    whole = picture_header(data)
    assert whole is not None
    for end in range(60 if data.startswith(b"RIFF") else 200):
        header = picture_header(data[:end])
        assert header is None or {header.width, header.height} == {whole.width, whole.height}
    assert picture_header(data[:12]) is None
    if not data.startswith(b"RIFF"):
        assert picture_header(data[:200_000]) == picture_header(data)


def test_what_is_no_picture() -> None:
    """Endings do not count, and neither does a good beginning alone."""
    for data in (b"", b"x", b"<svg/>", b"BM" + bytes(60), b"II*\x00" + bytes(60), b"GIF88a" + bytes(60)):
        assert picture_header(data) is None


def test_only_a_little_is_read() -> None:
    """A large picture is told by its beginning."""
    for data in (jpeg(6), png(6), webp(6), gif()):
        source = CountingFile(data.ljust(3_000_000, b"\x00"))
        read_picture_header(source)
        assert source.read_bytes < 150_000


def test_no_side_may_be_missing_or_endless() -> None:
    """A picture without pixels is none, and neither is one that no frame can name."""
    for width, height in ((0, 5), (5, 0), (1_000_001, 1), (2**31 - 1, 2**31 - 1)):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        assert picture_header(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"")) is None


def test_the_limit_of_previews() -> None:
    """33 megapixels."""
    assert may_preview(PictureHeader(PictureKind.JPEG, 6_600, 5_000))
    assert not may_preview(PictureHeader(PictureKind.JPEG, 6_600, 5_001))


def test_a_gif_counts_its_picture_beyond_the_screen() -> None:
    """Decoders make room for it."""
    data = bytearray(save("GIF", "P"))
    data[6:10] = struct.pack("<HH", 1, 1)
    header = picture_header(bytes(data))
    assert header is not None
    assert (header.width, header.height) == SIZE


def test_endless_segments_are_no_picture() -> None:
    """Reading stops after as many as no camera writes."""
    data = save("JPEG")
    assert picture_header(data[:2] + segment(0xEB, b"x") * 3_000 + data[2:]) is not None
    assert picture_header(data[:2] + segment(0xEB, b"x") * 5_000 + data[2:]) is None
    assert picture_header(data[:2] + b"\xff" * 5_000 + data[2:]) is None


@pytest.mark.parametrize(
    "tiff",
    [
        b"",
        b"II*\x00",
        b"II*\x00\xff\xff\xff\xff",
        b"MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01\x12\x00\x03" * 9,
        struct.pack(">4sIHHHIHHI", b"MM\x00*", 8, 1, 0x0112, 3, 1, 9, 0, 0),
        struct.pack(">4sIHHHIHHI", b"MM\x00*", 8, 1, 0x0112, 4, 1, 6, 0, 0),
        struct.pack(">4sIHHHIHHI", b"MM\x00*", 8, 1, 0x0112, 3, 2, 6, 0, 8),
        struct.pack(">4sIHHHII", b"MM\x00*", 8, 1, 0x8769, 4, 1, 8),
    ],
)
def test_damaged_exif_turns_nothing(tiff: bytes) -> None:
    """It names no orientation, or one that does not exist, or points to itself."""
    data = save("JPEG")
    header = picture_header(data[:2] + segment(0xE1, b"Exif\x00\x00" + tiff) + data[2:])
    assert header is not None
    assert header.orientation == 1
