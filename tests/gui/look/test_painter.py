"""Antialiased pictures."""

from __future__ import annotations

import struct
import zlib

import pytest

from messango.gui.look import painter
from messango.gui.look.painter import Box


def pixels(png: bytes) -> list[list[tuple[int, int, int, int]]]:
    """Decode a PNG of the painter."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    (length,) = struct.unpack(">I", png[33:37])
    raw = zlib.decompress(png[41 : 41 + length])
    stride = 1 + 4 * width
    assert len(raw) == stride * height
    rows = [raw[start + 1 : start + stride] for start in range(0, len(raw), stride)]
    return [[(row[x], row[x + 1], row[x + 2], row[x + 3]) for x in range(0, 4 * width, 4)] for row in rows]


def test_disc_is_round_and_antialiased() -> None:
    """The middle is opaque, the corners transparent, and the edge in between."""
    seen = pixels(painter.paint(12, 12, [("#ff0000", painter.disc(6, 6, 5.5))]))
    assert seen[6][6] == (255, 0, 0, 255)
    assert seen[0][0][3] == 0
    assert any(0 < pixel[3] < 255 for row in seen for pixel in row)


@pytest.mark.parametrize("size", [(40, 30), (7, 7), (18, 120)])
def test_box_has_its_size_and_is_symmetric(size: tuple[int, int]) -> None:
    """It is never smaller than its corners."""
    seen = pixels(Box("#336699", "#000000", radius=6).png(*size))
    assert (len(seen[0]), len(seen)) == (max(size[0], 14), max(size[1], 14))
    assert seen == seen[::-1]
    assert seen == [row[::-1] for row in seen]
    assert seen[len(seen) // 2][len(seen[0]) // 2] == (0x33, 0x66, 0x99, 255)


def test_background_fills_the_corners() -> None:
    """Then no pixel is transparent, and Tk draws the picture faster."""
    seen = pixels(Box("#ffffff", "#000000", background="#102030").png(30, 30))
    assert {pixel[3] for row in seen for pixel in row} == {255}
    assert seen[0][0][:3] == (0x10, 0x20, 0x30)


def test_dots_show_taken_seats() -> None:
    """The first dots are the taken seats."""
    seen = pixels(painter.seat_dots(2, 3, 10, "#aa0000", "#00bb00"))
    middle = seen[5]
    assert [middle[x][:3] for x in (5, 19, 33)] == [(0xAA, 0, 0), (0xAA, 0, 0), (0, 0xBB, 0)]


@pytest.mark.parametrize("png", [painter.padlock(16, "#000000"), painter.app_icon(32, "#ffb02e", "#2b1a00")])
def test_icons_are_neither_empty_nor_square(png: bytes) -> None:
    """Some pixels are opaque, some transparent."""
    alphas = [pixel[3] for row in pixels(png) for pixel in row]
    assert 0 in alphas
    assert 255 in alphas
