"""Pictures that are painted once in each process of the tests: every window would paint the same again.

A window paints some thirty pictures, pixel by pixel, which takes a fifth of the time until it is open.
"""

from __future__ import annotations

import functools

from messango.gui.look import icons, painter


def paint_once() -> None:
    """Keep each picture that was painted; what paints them depends on nothing but its arguments."""
    for owner, name in ((painter.Box, "png"), (painter, "app_icon")):
        setattr(owner, name, functools.cache(getattr(owner, name)))
    for icon, paint in icons.ICONS.items():
        icons.ICONS[icon] = functools.cache(paint)
