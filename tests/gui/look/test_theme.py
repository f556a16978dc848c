"""Colours, sizes and fonts."""

from __future__ import annotations

import re

import pytest

from messango.gui.look import theme
from messango.gui.look.theme import Palette

PALETTES = pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())


@PALETTES
@pytest.mark.parametrize("pair", theme.TEXT_CONTRAST_PAIRS, ids="-on-".join)
def test_text_has_enough_contrast(palette: Palette, pair: tuple[str, str]) -> None:
    """WCAG's 4.5 on each background on which it is used."""
    ink, background = (getattr(palette, name) for name in pair)
    assert theme.contrast(ink, background) >= theme.MIN_CONTRAST


@PALETTES
@pytest.mark.parametrize("background", theme.NAME_BACKGROUNDS)
def test_names_have_enough_contrast(palette: Palette, background: str) -> None:
    """The same; behind an initial, text and background colour are swapped."""
    faint = [name for name in palette.name_colors if theme.contrast(name, getattr(palette, background)) < 4.5]
    assert faint == []


@PALETTES
def test_focus_ring_has_enough_contrast(palette: Palette) -> None:
    """WCAG's 3 for what is not text; a taken seat has the same colour."""
    for background in (palette.background, palette.surface):
        assert theme.contrast(palette.focus, background) >= 3


@PALETTES
def test_colors_are_well_formed(palette: Palette) -> None:
    """Every colour is `#rrggbb`, and no two names share one."""
    colors = [
        getattr(palette, field)
        for field in Palette.__dataclass_fields__
        if field not in ("name", "name_colors")
    ]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in (*colors, *palette.name_colors))
    assert len(set(palette.name_colors)) == len(palette.name_colors)


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21, a colour on itself 1, and the order does not matter."""
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert theme.contrast("#123456", "#123456") == 1


def test_only_the_theme_contains_colors() -> None:
    """No other module of look/ does."""
    from pathlib import Path

    sources = Path(theme.__file__).parent.glob("*.py")
    color = re.compile(r"""["']#[0-9a-fA-F]{3,6}["']""")
    assert [
        path.name for path in sources if path.name != "theme.py" and color.search(path.read_text("utf-8"))
    ] == []
