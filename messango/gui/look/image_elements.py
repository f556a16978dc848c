"""Makes ttk elements from pictures: flat boxes with round corners, one picture for each state."""

from __future__ import annotations

from tkinter import ttk
from typing import Any

from messango.gui.look import theme
from messango.gui.look.painter import Box
from messango.gui.look.pictures import Pictures


class ImageElements:
    """Creates elements in the ttk theme in use, and lays styles out from them."""

    def __init__(self, style: ttk.Style, pictures: Pictures) -> None:
        self._style, self._pictures = style, pictures

    def create(
        self,
        name: str,
        size: tuple[int, int],
        normal: Box,
        *states: tuple[str, Box],
        min_width: int = theme.RADIUS,
    ) -> None:
        """Create an element that shows `normal`, or the first of `states` that the widget is in.

        `size` is that of the pictures, `min_width` that of the element, in pixels at 96 dpi.
        """
        border = self._pictures.scaled(normal.radius)
        # By default an element is never smaller than its picture, and its border is padding.
        self._style.element_create(
            name,
            "image",
            self._pictures.box(normal, size),
            *[(state, self._pictures.box(box, size)) for state, box in states],
            border=border,
            padding=0,
            width=self._pictures.scaled(min_width),
            height=border,
            sticky="nsew",
        )

    def layout(self, style: str, *elements: str) -> None:
        """Lay a style out as elements inside each other, each filling the one before."""
        inside: list[Any] = []
        for element in reversed(elements):
            options: dict[str, Any] = {"sticky": "nsew"}
            if inside:
                options["children"] = inside
            inside = [(element, options)]
        self._style.layout(style, inside)
