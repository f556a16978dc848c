"""The page's colors are the window's, and people can read what is written in them."""

from __future__ import annotations

import re
from typing import Final

import pytest

from messango.gui.look.theme import DARK, LIGHT, Palette, rgb
from messango.web.page_files import PAGE_FOLDER

CSS: Final = (PAGE_FOLDER / "css" / "base.css").read_text(encoding="utf-8")
VARIABLE: Final = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")

#: The names of the window's colors in the page, where they differ.
NAMES: Final = {
    "primary-pressed": "primary_pressed",
    "on-primary": "on_primary",
    "danger-ground": "danger_background",
    "warning-ground": "warning_background",
    "private-ground": "private_background",
    "own": "selection",
}

GROUNDS: Final = ("background", "surface", "recessed", "own", "mention", "private-ground")
PAIRS: Final = [
    *((ink, ground) for ink in ("text", "muted") for ground in GROUNDS),
    *((f"name-{hue}", ground) for hue in range(8) for ground in ("surface", "background")),
    *(("accent", ground) for ground in ("background", "surface", "recessed", "own")),
    ("text", "selection"),
    ("on-primary", "primary"),
    ("on-primary", "primary-pressed"),
    ("danger", "danger-ground"),
    ("danger", "background"),
    ("danger", "surface"),
    ("warning", "warning-ground"),
    ("private", "private-ground"),
]


def colors(palette: Palette) -> dict[str, str]:
    """Return the page's colors in the look of this palette."""
    light, _, dark = CSS.partition("@media (prefers-color-scheme: dark)")
    dark = dark.partition("\n}\n")[0]
    found = dict(VARIABLE.findall(light))
    return {
        name: _long(color)
        for name, color in (found | (dict(VARIABLE.findall(dark)) if palette is DARK else {})).items()
    }


def _long(color: str) -> str:
    return color if len(color) == 7 else "#" + "".join(digit * 2 for digit in color[1:])


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_they_are_the_colors_of_the_window(palette: Palette) -> None:
    """A person who knows one of the two recognizes the other."""
    for name, color in colors(palette).items():
        if hue := re.fullmatch(r"name-(\d)", name):
            assert color == palette.name_colors[int(hue[1])], name
        else:
            assert color == getattr(palette, NAMES.get(name, name)), name


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(palette: Palette, ink: str, ground: str) -> None:
    """By people with weak eyes, and in the sun: WCAG's level AA."""
    used = colors(palette)
    bright, dim = sorted((luminance(used[ink]), luminance(used[ground])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5
