"""What says where a picture was taken goes; its pixels, its colors and how it is turned stay."""

from __future__ import annotations

import io
import os
import tempfile

import pytest
from PIL import Image, ImageSequence

from messango.client.pictures.metadata.strip import Metadata, find_metadata, strip_metadata
from messango.client.pictures.picture_header import picture_header
from tests.client.pictures.samples import (
    PROFILE,
    SECRET,
    chunk,
    every_sample,
    exif,
    gif,
    jpeg,
    photo,
    png,
    save,
    segment,
    webp,
)

SAMPLES = every_sample()


def stripped(data: bytes) -> tuple[Metadata, bytes]:
    """Return the result, and the picture that is sent then."""
    target = io.BytesIO()
    result = strip_metadata(io.BytesIO(data), target)
    assert find_metadata(io.BytesIO(data)) is result
    if result is not Metadata.REMOVABLE:
        assert target.getvalue() == b""
        return result, data
    return result, target.getvalue()


def frames(data: bytes) -> list[tuple[str, tuple[int, int], int, bytes]]:
    """Return the pixels of all pictures in a file, and how long each is shown."""
    with Image.open(io.BytesIO(data)) as image:
        return [
            (frame.mode, frame.size, frame.info.get("duration", 0), frame.tobytes())
            for frame in ImageSequence.Iterator(image)
        ]


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_pixels_and_orientation_stay_and_secrets_go(data: bytes) -> None:
    """In every kind of picture; and once stripped, a picture stays as it is."""
    result, clean = stripped(data)
    assert result is (Metadata.REMOVABLE if SECRET in data else Metadata.NONE)
    assert frames(clean) == frames(data)
    assert picture_header(clean) is not None
    before, after = picture_header(data), picture_header(clean)
    assert before
    assert after
    assert (before.width, before.height, before.orientation) == (after.width, after.height, after.orientation)
    assert SECRET not in clean
    assert stripped(clean) == (Metadata.NONE, clean)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [jpeg, png, webp])
def test_nothing_but_the_orientation_is_left(make: type, orientation: int) -> None:
    """As Pillow reads it, which looks everywhere; the profile of the colors stays."""
    _, clean = stripped(make(orientation))
    with Image.open(io.BytesIO(clean)) as image:
        image.load()
        assert dict(image.getexif()) == ({0x0112: orientation} if orientation > 1 else {})
        assert image.info["icc_profile"] == PROFILE
        assert not {"xmp", "comment", "photoshop", "mp", "Comment", "Author"} & image.info.keys()
        assert ("exif" in image.info) == (orientation > 1)
    for mark in (b"GPS", b"MPF", b"XMP", b"xmp", b"JFXX", b"caBX"):
        assert mark not in clean.replace(PROFILE, b"")


def test_an_animation_goes_on() -> None:
    """How often it is repeated stays, and of what kind a frame is."""
    for data in (gif(), SAMPLES["png animated"], SAMPLES["webp animated"]):
        _, clean = stripped(data)
        with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(clean)) as after:
            assert before.info["loop"] == after.info["loop"] != 0
            assert len(frames(clean)) == len(frames(data)) > 2


def test_what_adobe_says_about_colors_stays() -> None:
    """Without it, a picture for print shows as its negative."""
    data = save("JPEG", "CMYK")
    assert b"Adobe" in data
    clean = stripped(data[:2] + segment(0xFE, SECRET) + data[2:])[1]
    assert b"Adobe" in clean
    assert frames(clean) == frames(data)


def test_a_second_picture_goes() -> None:
    """Telephones put depth and brightness there, and some cameras the other eye's view."""
    data = save("MPO", save_all=True, append_images=[photo().rotate(90)])
    result, clean = stripped(data)
    assert result is Metadata.REMOVABLE
    assert frames(clean) == frames(data)[:1]
    assert clean.count(b"\xff\xd8") == 1


def test_a_thumbnail_in_the_head_goes() -> None:
    """It may show what was cut off the picture; the head around it stays."""
    data = save("JPEG", dpi=(96, 96))
    assert data[2:4] == b"\xff\xe0"
    with_thumbnail = data[:2] + segment(0xE0, data[6:18] + b"\x01\x01" + b"abc") + data[20:]
    result, clean = stripped(with_thumbnail)
    assert result is Metadata.REMOVABLE
    assert clean == data


def test_metadata_behind_the_pixels_go() -> None:
    """PNG allows EXIF and texts there, and JPEG comments between its scans."""
    data = save("PNG")
    late = data[:-12] + chunk(b"eXIf", exif(6)) + chunk(b"tEXt", b"a\x00" + SECRET) + data[-12:]
    clean = stripped(late)[1]
    assert SECRET not in clean
    assert frames(clean) == frames(data)
    scans = save("JPEG", progressive=True)
    second = scans.index(b"\xff\xda", scans.index(b"\xff\xda") + 2)
    assert stripped(scans[:second] + segment(0xFE, SECRET) + scans[second:])[1] == scans


def test_a_picture_that_ends_in_its_pixels_is_stripped() -> None:
    """Some cameras write no end; nothing can follow, so nothing can be hidden."""
    data = save("JPEG", exif=exif(6))
    result, clean = stripped(data[:-2])
    assert result is Metadata.REMOVABLE
    assert SECRET not in clean
    assert stripped(save("GIF", "P")[:-1])[0] is Metadata.NONE


@pytest.mark.parametrize("make", [jpeg, png, webp, gif])
def test_a_damaged_picture_is_told(make: type) -> None:
    """The person must know that a place may still be in it."""
    data = make()
    for cut in (20, 60, 300):
        assert stripped(data[:cut])[0] is Metadata.UNREADABLE
    begins = data.index({jpeg: b"\xff\xdb", gif: b"!\xf9", png: b"\x00\x00\x00\x09pHYs", webp: b"VP8 "}[make])
    assert stripped(data[:begins] + b"\x00" * 40 + data[begins:])[0] is Metadata.UNREADABLE


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Metadata.NONE),
        (b"%PDF-1.7", Metadata.NONE),
        (b"hello, world, how are you?", Metadata.NONE),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), Metadata.UNREADABLE),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), Metadata.NONE),
        (b"II*\x00\x08\x00\x00\x00", Metadata.UNREADABLE),
    ],
)
def test_other_files(data: bytes, expected: Metadata) -> None:
    """Photos of a kind that can't be read here may have a place in them; other files are no pictures."""
    assert stripped(data)[0] is expected


def test_a_large_picture_is_not_read_into_memory() -> None:
    """Its pixels are copied a block at a time."""

    class Reads(io.FileIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size) or b""
            self.largest = max(self.largest, len(data))
            return data

    data = jpeg(6)
    scan = data.index(b"\xff\xda", data.index(b"\xff\xc0"))
    with tempfile.TemporaryFile() as target, tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(data[: scan + 14] + b"\x00" * 30_000_000 + data[scan + 14 :])
    try:
        with Reads(file.name) as source, tempfile.TemporaryFile() as target:
            assert strip_metadata(source, target) is Metadata.REMOVABLE
            assert source.largest <= 1 << 20
            assert target.tell() > 30_000_000
    finally:
        os.unlink(file.name)  # noqa: PTH108
