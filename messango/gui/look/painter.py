"""Small antialiased pictures, as PNG bytes: Tk 8.6 draws jagged corners and dots.

A shape is a signed distance function: how far a point is outside it (negative inside), in pixels. Its
edge is blended over one pixel. Layers are painted on top of each other.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from messango.gui.look.theme import rgb

Shape: TypeAlias = Callable[[float, float], float]
Layer: TypeAlias = tuple[str, Shape]


def rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> Shape:
    """Return a rectangle with round corners."""
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    half_x, half_y = (right - left) / 2 - radius, (bottom - top) / 2 - radius

    def distance(x: float, y: float) -> float:
        out_x, out_y = abs(x - middle_x) - half_x, abs(y - middle_y) - half_y
        inside = min(max(out_x, out_y), 0.0)
        return math.hypot(max(out_x, 0.0), max(out_y, 0.0)) + inside - radius

    return distance


def disc(middle_x: float, middle_y: float, radius: float) -> Shape:
    """Return a filled circle."""
    return lambda x, y: math.hypot(x - middle_x, y - middle_y) - radius


def padlock_shackle(middle_x: float, bottom: float, radius: float, width: float) -> Shape:
    """Return the upper half of a ring with short legs down to `bottom`."""
    top = bottom - radius

    def distance(x: float, y: float) -> float:
        ring = math.hypot(x - middle_x, min(y - top, 0.0)) - radius
        return max(abs(ring) - width / 2, y - bottom)

    return distance


def triangle(corners: Sequence[tuple[float, float]]) -> Shape:
    """Return a triangle; the corners go clockwise on the screen."""

    def distance(x: float, y: float) -> float:
        return max(
            ((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / math.hypot(x2 - x1, y2 - y1)
            for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True)
        )

    return distance


def paint(width: int, height: int, layers: Sequence[Layer]) -> bytes:
    """Return a PNG of the layers, the last on top, on a transparent background."""
    return _png(width, [b"".join(row) for row in _pixels(width, height, layers)])


def _pixels(width: int, height: int, layers: Sequence[Layer]) -> list[list[bytes]]:
    top_down = [(rgb(color), shape) for color, shape in reversed(layers)]
    return [[_pixel(x + 0.5, y + 0.5, top_down) for x in range(width)] for y in range(height)]


def _pixel(x: float, y: float, top_down: Sequence[tuple[tuple[int, int, int], Shape]]) -> bytes:
    red = green = blue = alpha = 0.0
    for (r, g, b), shape in top_down:
        shown = min(max(0.5 - shape(x, y), 0.0), 1.0) * (1 - alpha)
        red, green, blue, alpha = red + r * shown, green + g * shown, blue + b * shown, alpha + shown
        if alpha >= 1:
            break  # the layers below are covered
    if not alpha:
        return bytes(4)
    return bytes((round(red / alpha), round(green / alpha), round(blue / alpha), round(alpha * 255)))


def _png(width: int, rows: Sequence[bytes]) -> bytes:
    # Eight bits each of red, green, blue and alpha; each row begins with its filter type: 0, none.
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners; without a `background`, the corners are transparent."""

    fill: str
    border: str | None = None
    radius: float = 8
    border_width: float = 1
    background: str | None = None

    def png(self, width: int, height: int) -> bytes:
        """Return a PNG of this size in pixels, at least as large as the corners.

        ttk fills an area with copies of a picture's middle, so a picture of a few pixels would be copied
        thousands of times. Only one corner is painted; the rest repeats it, which is fast.
        """
        corner = math.ceil(self.radius) + 1
        width, height = max(width, 2 * corner), max(height, 2 * corner)
        quarter = _pixels(corner + 1, corner + 1, self._layers(2 * corner + 1))
        rows = [_mirrored(row, width - 2 * corner) for row in quarter]
        middle = [rows[-1]] * (height - 2 * corner)
        return _png(width, [*rows[:-1], *middle, *rows[-2::-1]])

    def _layers(self, size: int) -> list[Layer]:
        edge = self.border_width if self.border else 0
        inner = rounded_box(edge, edge, size - edge, size - edge, max(self.radius - edge, 0))
        layers: list[Layer] = [(self.fill, inner)]
        if self.border:
            layers.insert(0, (self.border, rounded_box(0, 0, size, size, self.radius)))
        if self.background:
            layers.insert(0, (self.background, rounded_box(-2, -2, size + 2, size + 2, 0)))
        return layers


def _mirrored(row: list[bytes], middle: int) -> bytes:
    """Return `row` without its last pixel, that pixel `middle` times, and the first part mirrored."""
    left = b"".join(row[:-1])
    return left + row[-1] * middle + b"".join(row[-2::-1])


def seat_dots(taken: int, seats: int, size: int, taken_color: str, free_color: str) -> bytes:
    """Return a row of `seats` dots, the first `taken` of them in `taken_color`, the others in
    `free_color`.
    """
    step = round(size * 1.45)
    layers = [
        (taken_color if seat < taken else free_color, disc(seat * step + size / 2, size / 2, size / 2 - 0.25))
        for seat in range(seats)
    ]
    return paint(step * (seats - 1) + size, size, layers)


def padlock(size: int, color: str) -> bytes:
    """Return a padlock."""
    body = rounded_box(size * 0.16, size * 0.45, size * 0.84, size * 0.96, size * 0.1)
    shackle = padlock_shackle(size * 0.5, size * 0.5, size * 0.22, max(size * 0.12, 1.4))
    return paint(size, size, [(color, shackle), (color, body)])


def app_icon(size: int, fill: str, dot_color: str) -> bytes:
    """Return Messango's icon: a speech bubble with three dots."""
    return paint(size, size, app_icon_layers(size, fill, dot_color))


def app_icon_layers(size: int, fill: str, dot_color: str) -> list[Layer]:
    """Return Messango's icon as layers, for adding a badge."""
    body = rounded_box(size * 0.06, size * 0.1, size * 0.94, size * 0.76, size * 0.24)
    tail = triangle([(size * 0.22, size * 0.66), (size * 0.52, size * 0.7), (size * 0.24, size * 0.96)])
    dots = [(dot_color, disc(size * across, size * 0.43, size * 0.075)) for across in (0.3, 0.5, 0.7)]
    return [(fill, body), (fill, tail), *dots]
