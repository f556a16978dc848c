"""Icons for buttons, painted by `painter`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from messango.gui.look.painter import Layer, Shape, disc, paint, rounded_box


def sun(size: int, color: str, _background: str) -> bytes:
    """Return a disc with eight rays."""
    middle = size / 2
    rays = [_point_on_circle(size, turn / 8, 0.41) for turn in range(8)]
    layers: list[Layer] = [(color, disc(x, y, size * 0.075)) for x, y in rays]
    return paint(size, size, [*layers, (color, disc(middle, middle, size * 0.21))])


def moon(size: int, color: str, background: str) -> bytes:
    """Return a crescent."""
    circle = disc(size * 0.5, size * 0.5, size * 0.4)
    return paint(size, size, [(color, circle), (background, disc(size * 0.68, size * 0.38, size * 0.34))])


def info(size: int, color: str, background: str) -> bytes:
    """Return a disc with the letter i."""
    body = rounded_box(size * 0.44, size * 0.44, size * 0.56, size * 0.74, size * 0.05)
    circle = disc(size * 0.5, size * 0.5, size * 0.42)
    return paint(
        size,
        size,
        [(color, circle), (background, disc(size * 0.5, size * 0.31, size * 0.08)), (background, body)],
    )


def gear(size: int, color: str, background: str) -> bytes:
    """Return a wheel with eight teeth."""
    middle = size / 2
    teeth = [_point_on_circle(size, turn / 8, 0.36) for turn in range(8)]
    layers: list[Layer] = [(color, disc(x, y, size * 0.11)) for x, y in teeth]
    wheel = (color, disc(middle, middle, size * 0.34))
    return paint(size, size, [*layers, wheel, (background, disc(middle, middle, size * 0.15))])


def search(size: int, color: str, background: str) -> bytes:
    """Return a magnifying glass."""
    middle = size * 0.42
    lens = [(color, disc(middle, middle, size * 0.3)), (background, disc(middle, middle, size * 0.2))]
    return paint(size, size, [(color, _stroke(size, (0.64, 0.64), (0.84, 0.84))), *lens])


def save(size: int, color: str, _background: str) -> bytes:
    """Return an arrow pointing down at a line."""
    ends = (((0.5, 0.16), (0.5, 0.62)), ((0.3, 0.44), (0.5, 0.64)), ((0.7, 0.44), (0.5, 0.64)))
    line = _stroke(size, (0.2, 0.86), (0.8, 0.86))
    return paint(size, size, [*((color, _stroke(size, *pair)) for pair in ends), (color, line)])


def key(size: int, color: str, _background: str) -> bytes:
    """Return a key: a ring on the left, and a shaft with two teeth."""
    bow = disc(size * 0.27, size * 0.5, size * 0.27)
    hole = disc(size * 0.27, size * 0.5, size * 0.13)
    shaft = rounded_box(size * 0.5, size * 0.43, size, size * 0.57, size * 0.05)
    teeth = [
        rounded_box(size * left, size * 0.5, size * (left + 0.12), size * bottom, size * 0.03)
        for left, bottom in ((0.68, 0.76), (0.88, 0.8))
    ]
    return paint(size, size, [(color, _without(bow, hole)), *((color, part) for part in (shaft, *teeth))])


def _without(shape: Shape, hole: Shape) -> Shape:
    return lambda x, y: max(shape(x, y), -hole(x, y))


def more(size: int, color: str, _background: str) -> bytes:
    """Return three dots."""
    dots = [(color, disc(size * across, size * 0.5, size * 0.09)) for across in (0.2, 0.5, 0.8)]
    return paint(size, size, dots)


def members(size: int, color: str, background: str) -> bytes:
    """Return two people, one behind the other."""
    people: list[Layer] = []
    for middle, grown in ((0.66, 0.0), (0.38, 0.06)):
        for edge, ink in ((0.07, background), (0.0, color)):
            head = disc(size * middle, size * (0.32 - grown / 2), size * (0.13 + grown / 2 + edge))
            shoulders = _shoulders(size, middle, 0.22 + grown + edge)
            people += [(ink, head), (ink, shoulders)]
    return paint(size, size, people)


def help_sign(size: int, color: str, background: str) -> bytes:
    """Return a disc with a question mark."""
    middle, stroke = size / 2, size * 0.05
    hook = _arc(size * 0.5, size * 0.4, size * 0.14, stroke)
    stem = _stroke(size, (0.5, 0.54), (0.5, 0.58))
    dot = disc(middle, size * 0.73, size * 0.065)
    circle = disc(middle, middle, size * 0.42)
    return paint(size, size, [(color, circle), *((background, part) for part in (hook, stem, dot))])


def _shoulders(size: int, middle: float, radius: float) -> Shape:
    """Return the upper half of a disc that stands on the lower edge of the picture."""
    bottom = size * 0.86
    circle = disc(size * middle, bottom, size * radius)
    return lambda x, y: max(circle(x, y), y - bottom)


def _arc(middle_x: float, middle_y: float, radius: float, half_width: float) -> Shape:
    """Return three quarters of a ring: all but the part to the left and below."""

    def distance(x: float, y: float) -> float:
        right, down = x - middle_x, y - middle_y
        ring = abs(math.hypot(right, down) - radius) - half_width
        if right >= 0 or down <= 0:
            return ring
        ends = (math.hypot(right + radius, down), math.hypot(right, down - radius))
        return min(ends) - half_width

    return distance


def smile(size: int, color: str, _background: str) -> bytes:
    """Return a smiling face: a ring, two eyes and a mouth."""
    middle, line = size / 2, size * 0.045

    def ring(x: float, y: float) -> float:
        return abs(math.hypot(x - middle, y - middle) - size * 0.4) - line

    def mouth(x: float, y: float) -> float:
        arc = abs(math.hypot(x - middle, y - size * 0.5) - size * 0.21) - line
        return max(arc, size * 0.58 - y)

    eyes = [disc(size * place, size * 0.4, size * 0.06) for place in (0.36, 0.64)]
    return paint(size, size, [(color, shape) for shape in (ring, mouth, *eyes)])


def paper_clip(size: int, color: str, _background: str) -> bytes:
    """Return a paper-clip: one wire, bent three times."""
    line = size * 0.042
    turns = ((0.5, 0.34, 0.2, True), (0.44, 0.7, 0.14, False), (0.5, 0.4, 0.08, True))
    arcs = [_half_ring(size, x, y, radius, line, is_upper=upper) for x, y, radius, upper in turns]
    wires = (
        ((0.7, 0.34), (0.7, 0.62)),
        ((0.3, 0.34), (0.3, 0.7)),
        ((0.58, 0.4), (0.58, 0.7)),
        ((0.42, 0.4), (0.42, 0.62)),
    )
    straight = [_stroke(size, *wire, half_width=0.042) for wire in wires]
    turned = (_turned(shape, size) for shape in (*arcs, *straight))
    return paint(size, size, [(color, shape) for shape in turned])


def _turned(shape: Shape, size: int) -> Shape:
    """Return a shape turned by 45 degrees around the middle of the picture."""
    middle, share = size / 2, math.sqrt(0.5)

    def distance(x: float, y: float) -> float:
        right, down = x - middle, y - middle
        return shape(middle + share * (right + down), middle + share * (down - right))

    return distance


def _half_ring(size: int, x: float, y: float, radius: float, half_width: float, *, is_upper: bool) -> Shape:
    """Return the upper or lower half of a ring; `x`, `y` and `radius` are fractions of the picture."""
    middle_x, middle_y, length = x * size, y * size, radius * size

    def distance(across: float, down: float) -> float:
        ring = abs(math.hypot(across - middle_x, down - middle_y) - length) - half_width
        return max(ring, down - middle_y if is_upper else middle_y - down)

    return distance


def _stroke(
    size: int, start: tuple[float, float], end: tuple[float, float], *, half_width: float = 0.05
) -> Shape:
    """Return a line with round ends, a tenth of the picture wide; `start` and `end` are fractions of it."""
    (x1, y1), (x2, y2) = ((x * size, y * size) for x, y in (start, end))
    along_x, along_y = x2 - x1, y2 - y1

    def distance(x: float, y: float) -> float:
        share = ((x - x1) * along_x + (y - y1) * along_y) / (along_x**2 + along_y**2)
        share = min(max(share, 0.0), 1.0)
        return math.hypot(x - x1 - share * along_x, y - y1 - share * along_y) - size * half_width

    return distance


def _point_on_circle(size: int, turn: float, radius: float) -> tuple[float, float]:
    angle = turn * 2 * math.pi
    return size * (0.5 + radius * math.cos(angle)), size * (0.5 + radius * math.sin(angle))


#: The painter of each icon by name; it takes a size in pixels, a colour and a background.
ICONS: Final[dict[str, Callable[[int, str, str], bytes]]] = {
    "sun": sun,
    "moon": moon,
    "gear": gear,
    "info": info,
    "search": search,
    "save": save,
    "more": more,
    "members": members,
    "help": help_sign,
    "smile": smile,
    "clip": paper_clip,
}
