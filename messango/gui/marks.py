"""Small pictures on buttons, painted as `shapes` are."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from messango.gui.shapes import Layer, disc, paint, rounded_box


def sun(size: int, ink: str, _ground: str) -> bytes:
    """Return a disc with eight rays."""
    middle = size / 2
    rays = [_around(size, turn / 8, 0.41) for turn in range(8)]
    layers: list[Layer] = [(ink, disc(x, y, size * 0.075)) for x, y in rays]
    return paint(size, size, [*layers, (ink, disc(middle, middle, size * 0.21))])


def moon(size: int, ink: str, ground: str) -> bytes:
    """Return a crescent."""
    whole = disc(size * 0.5, size * 0.5, size * 0.4)
    return paint(size, size, [(ink, whole), (ground, disc(size * 0.68, size * 0.38, size * 0.34))])


def info(size: int, ink: str, ground: str) -> bytes:
    """Return a disc with an i in it."""
    body = rounded_box(size * 0.44, size * 0.44, size * 0.56, size * 0.74, size * 0.05)
    whole = disc(size * 0.5, size * 0.5, size * 0.42)
    return paint(
        size, size, [(ink, whole), (ground, disc(size * 0.5, size * 0.31, size * 0.08)), (ground, body)]
    )


def gear(size: int, ink: str, ground: str) -> bytes:
    """Return a wheel with eight teeth."""
    middle = size / 2
    teeth = [_around(size, turn / 8, 0.36) for turn in range(8)]
    layers: list[Layer] = [(ink, disc(x, y, size * 0.11)) for x, y in teeth]
    wheel = (ink, disc(middle, middle, size * 0.34))
    return paint(size, size, [*layers, wheel, (ground, disc(middle, middle, size * 0.15))])


def _around(size: int, turn: float, radius: float) -> tuple[float, float]:
    angle = turn * 2 * math.pi
    return size * (0.5 + radius * math.cos(angle)), size * (0.5 + radius * math.sin(angle))


#: By their names: how each is painted in a size, an ink and on a ground.
MARKS: Final[dict[str, Callable[[int, str, str], bytes]]] = {
    "sun": sun,
    "moon": moon,
    "gear": gear,
    "info": info,
}
