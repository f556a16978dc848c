"""Strangers' pictures are decoded for the screen, or it is said in words why not."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from messango.gui.background import decode_picture as module
from messango.gui.background.decode_picture import decode_picture
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
    PictureSource,
    UnchangedFile,
)
from tests.client.pictures.bombs import jpeg_of, png_of, scans
from tests.client.pictures.samples import every_sample, jpeg, photo, png, save, webp

SAMPLES = every_sample()
GROUND = "#204060"


def decoded(source: PictureSource, box: tuple[int, int] = (80, 80)) -> DecodedPicture:
    """Return a picture that must be decoded."""
    result = decode_picture(PictureRequest(source, box, GROUND))
    assert isinstance(result, DecodedPicture), result
    assert result.shrink == 1
    return result


def reason(source: PictureSource) -> str:
    """Return why a picture is not decoded."""
    result = decode_picture(PictureRequest(source, (80, 80), GROUND))
    assert isinstance(result, NoPicture), result
    return result.reason


def shown(picture: DecodedPicture) -> Image.Image:
    """Return the picture as Tk gets it."""
    return Image.open(io.BytesIO(picture.data), formats=["PPM"])


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how much two pictures differ in the mean, from 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
def test_every_kind_is_decoded_as_pillow_shows_it(data: bytes) -> None:
    """In the box, with its proportions, turned upright, and without a hole to see through."""
    result = decoded(data)
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image)
        assert result.full_size == upright.size
        assert max(result.width, result.height) == 80
        assert shown(result).size == (result.width, result.height)
        if image.mode in ("RGB", "L", "CMYK"):
            small = upright.convert("RGB").resize((result.width, result.height))
            assert difference(shown(result), small) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [jpeg, png, webp])
def test_each_way_to_turn_a_picture(make: type, orientation: int) -> None:
    """As Pillow turns it."""
    data = make(orientation)
    with Image.open(io.BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image)
        result = decoded(data, (200, 200))
        assert difference(shown(result), upright) < 2


def test_what_is_transparent_has_the_color_of_the_ground() -> None:
    """For Tk, patterns of transparent pixels take seconds."""
    clear = photo("RGBA").copy()
    clear.putalpha(0)
    target = io.BytesIO()
    clear.save(target, "PNG")
    assert shown(decoded(target.getvalue())).getcolors() == [(80 * 45, (0x20, 0x40, 0x60))]


def test_deep_gray_is_as_bright_as_it_is() -> None:
    """16 bits for a pixel are not cut off at 8."""
    deep = Image.new("I;16", (40, 40), 0x8080)
    target = io.BytesIO()
    deep.save(target, "PNG")
    assert shown(decoded(target.getvalue())).getpixel((9, 9)) == (0x80, 0x80, 0x80)


def test_a_small_picture_is_not_enlarged() -> None:
    """What is in it is shown sharp."""
    result = decoded(save("PNG"), (1_000, 1_000))
    assert (result.width, result.height) == result.full_size == photo().size


def test_a_line_has_a_pixel_in_its_short_direction() -> None:
    """However long it is."""
    assert (decoded(png_of(100_000, 3)).width, decoded(png_of(100_000, 3)).height) == (80, 1)


def test_a_file_is_read(tmp_path: Path) -> None:
    """By its bytes, whatever its ending says; one that is gone is said to be."""
    path = tmp_path / "picture.txt"
    path.write_bytes(jpeg(6))
    assert decoded(path).full_size == (90, 160)
    path.unlink()
    assert reason(path) == UNREADABLE
    assert reason(tmp_path) == UNREADABLE


def test_why_not() -> None:
    """Each reason has its own sentence."""
    assert reason(b"hello") == NOT_A_PICTURE
    assert reason(png_of(5_745, 5_745)) == TOO_LARGE
    assert reason(jpeg_of(65_000, 65_000)) == TOO_LARGE
    assert reason(scans(100, 5_700, 5_700)) == TOO_MUCH_WORK
    assert reason(save("JPEG")[:-900]) == DAMAGED
    assert reason(save("PNG")[:-900]) == DAMAGED
    assert reason(save("WEBP")[:900]) == DAMAGED
    assert reason(save("GIF", "P")[:-900]) == DAMAGED


def test_pillow_gets_no_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's EXIF, texts or comments are parsed for a preview."""
    seen: list[dict[str | tuple[int, int], object]] = []
    shrunk = module._shrunk

    def look_and_shrink(image: Image.Image, box: tuple[int, int]) -> Image.Image:
        seen.append(dict(image.info))
        return shrunk(image, box)

    monkeypatch.setattr(module, "_shrunk", look_and_shrink)
    for data in (jpeg(1), png(1), webp(1)):
        decoded(data)
    assert len(seen) == 3
    for info in seen:
        assert not {"exif", "xmp", "comment", "photoshop", "Comment", "Author"} & info.keys()


def test_changed_file_is_another_picture(tmp_path: Path) -> None:
    """A file that was sent counts only as it was then."""
    file = tmp_path / "plot.png"
    file.write_bytes(png())
    modified_ns = file.stat().st_mtime_ns
    assert decoded(UnchangedFile(file, modified_ns)) == decoded(file)
    os.utime(file, ns=(0, modified_ns + 1_000_000_000))
    assert reason(UnchangedFile(file, modified_ns)) == CHANGED
    assert decoded(file)
