"""Colours, sizes and fonts."""

from __future__ import annotations

import re
from typing import Final

import pytest

from messango.gui.look import theme
from messango.gui.look.theme import Palette, rgb

#: Text and background colours that are used together, by field of `Palette`.
TEXT_CONTRAST_PAIRS: Final = (
    *(
        (ink, background)
        for ink in ("text", "muted")
        for background in ("background", "surface", "recessed", "selection", "own_message")
    ),
    *(
        ("accent", background)
        for background in ("background", "surface", "recessed", "selection", "own_message")
    ),
    *(("on_primary", background) for background in ("primary", "primary_hover", "primary_pressed")),
    *(
        ("danger", background)
        for background in ("background", "surface", "recessed", "own_message", "danger_background")
    ),
    *(("text", background) for background in ("danger_background", "warning_background")),
    ("warning", "warning_background"),
    ("accent", "recessed"),
    *((ink, "private_background") for ink in ("private", "text", "muted", "danger")),
    ("text", "disabled"),
)

#: Backgrounds of a member's name.
NAME_BACKGROUNDS: Final = ("background", "surface", "own_message")

MIN_CONTRAST: Final = 4.5  # WCAG 2.2, level AA, text of any size


PALETTES = pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())


@PALETTES
@pytest.mark.parametrize("pair", TEXT_CONTRAST_PAIRS, ids="-on-".join)
def test_text_has_enough_contrast(palette: Palette, pair: tuple[str, str]) -> None:
    """WCAG's 4.5 on each background on which it is used."""
    ink, background = (getattr(palette, name) for name in pair)
    assert contrast(ink, background) >= MIN_CONTRAST


@PALETTES
@pytest.mark.parametrize("background", NAME_BACKGROUNDS)
def test_names_have_enough_contrast(palette: Palette, background: str) -> None:
    """The same; behind an initial, text and background colour are swapped."""
    faint = [
        name for name in palette.name_colors if contrast(name, getattr(palette, background)) < MIN_CONTRAST
    ]
    assert faint == []


@PALETTES
def test_focus_ring_has_enough_contrast(palette: Palette) -> None:
    """WCAG's 3 for what is not text; a taken seat has the same colour."""
    for background in (palette.background, palette.surface):
        assert contrast(palette.focus, background) >= 3


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
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_only_the_theme_contains_colors() -> None:
    """No other module of look/ does."""
    from pathlib import Path

    sources = Path(theme.__file__).parent.glob("*.py")
    color = re.compile(r"""["']#[0-9a-fA-F]{3,6}["']""")
    assert [
        path.name for path in sources if path.name != "theme.py" and color.search(path.read_text("utf-8"))
    ] == []


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours by WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
