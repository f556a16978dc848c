"""Icons for kinds of files, painted by `painter`: each takes a size in pixels, a colour and a background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from messango.gui.look.painter import Layer, Shape, disc, paint, rounded_box, triangle


def page(size: int, color: str, background: str) -> bytes:
    """Return a page with a turned corner."""
    return paint(size, size, _page(size, color, background))


def document(size: int, color: str, background: str) -> bytes:
    """Return a page with lines of text."""
    lines = [
        (background, rounded_box(size * 0.3, size * top, size * right, size * (top + 0.07), size * 0.03))
        for top, right in ((0.46, 0.7), (0.6, 0.7), (0.74, 0.54))
    ]
    return paint(size, size, [*_page(size, color, background), *lines])


def picture(size: int, color: str, background: str) -> bytes:
    """Return a frame with a sun above two hills."""
    inside = rounded_box(size * 0.12, size * 0.2, size * 0.88, size * 0.8, size * 0.04)
    hills = [
        triangle([(size * x1, size * 0.8), (size * x2, size * y), (size * x3, size * 0.8)])
        for x1, x2, y, x3 in ((0.12, 0.36, 0.42, 0.6), (0.44, 0.66, 0.54, 0.88))
    ]
    sun = disc(size * 0.68, size * 0.36, size * 0.08)
    layers: list[Layer] = [(color, _frame(size)), (background, inside), (color, sun)]
    return paint(size, size, [*layers, *((color, hill) for hill in hills)])


def video(size: int, color: str, background: str) -> bytes:
    """Return a screen with the sign for playing."""
    sign = triangle([(size * 0.4, size * 0.34), (size * 0.68, size * 0.5), (size * 0.4, size * 0.66)])
    return paint(size, size, [(color, _frame(size)), (background, sign)])


def sound(size: int, color: str, _background: str) -> bytes:
    """Return two notes with a beam."""
    parts: Sequence[Shape] = (
        disc(size * 0.28, size * 0.76, size * 0.14),
        disc(size * 0.7, size * 0.68, size * 0.14),
        rounded_box(size * 0.34, size * 0.2, size * 0.42, size * 0.76, 0),
        rounded_box(size * 0.76, size * 0.14, size * 0.84, size * 0.68, 0),
        rounded_box(size * 0.34, size * 0.14, size * 0.84, size * 0.3, size * 0.02),
    )
    return paint(size, size, [(color, part) for part in parts])


def archive(size: int, color: str, background: str) -> bytes:
    """Return a box with a lid."""
    body = rounded_box(size * 0.12, size * 0.34, size * 0.88, size * 0.88, size * 0.06)
    lid = rounded_box(size * 0.06, size * 0.14, size * 0.94, size * 0.32, size * 0.05)
    label = rounded_box(size * 0.36, size * 0.46, size * 0.64, size * 0.56, size * 0.04)
    return paint(size, size, [(color, body), (color, lid), (background, label)])


def _page(size: int, color: str, background: str) -> list[Layer]:
    sheet = rounded_box(size * 0.16, size * 0.06, size * 0.84, size * 0.94, size * 0.08)
    fold = triangle([(size * 0.58, size * 0.04), (size * 0.86, size * 0.04), (size * 0.86, size * 0.32)])
    corner = triangle([(size * 0.58, size * 0.08), (size * 0.82, size * 0.32), (size * 0.58, size * 0.32)])
    return [(color, sheet), (background, fold), (color, corner)]


def _frame(size: int) -> Shape:
    return rounded_box(size * 0.05, size * 0.13, size * 0.95, size * 0.87, size * 0.09)


#: The painter of each kind's icon, by the kind's value.
FILE_ICONS: Final[dict[str, Callable[[int, str, str], bytes]]] = {
    "file": page,
    "document": document,
    "picture": picture,
    "video": video,
    "sound": sound,
    "archive": archive,
}
