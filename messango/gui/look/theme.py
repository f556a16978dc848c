"""Every colour, size and font of the window. Nothing else in `gui` names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours; each `#rrggbb`. `names` are what members are told apart by."""

    name: str
    ground: str  # the window
    surface: str  # cards, fields, the transcript
    sunk: str  # what lies a little lower: hovered rows, quiet buttons
    line: str  # borders and rules, no text
    text: str
    muted: str
    accent: str  # text and marks that stand out
    focus: str  # the ring round what has the keyboard
    fill: str  # the one button that matters most on a page
    fill_hover: str
    fill_pressed: str
    on_fill: str
    chosen: str  # the selected row, selected text
    own: str  # behind one's own messages
    off: str  # seats that are free, controls that can't be used
    danger: str
    danger_ground: str
    caution: str
    caution_ground: str
    names: tuple[str, ...]


# The colours of names keep the hues of Okabe and Ito's palette, which people with each kind of colour
# blindness tell apart, made darker or lighter until they can be read as text.
LIGHT: Final = Palette(
    name="light",
    ground="#faf7f2",
    surface="#ffffff",
    sunk="#f2ede5",
    line="#e3dbcf",
    text="#24201b",
    muted="#6a6156",
    accent="#974600",
    focus="#c9760a",
    fill="#ffb02e",
    fill_hover="#ffc052",
    fill_pressed="#f09f17",
    on_fill="#2b1a00",
    chosen="#ffecc7",
    own="#fff7e8",
    off="#d8cfc2",
    danger="#a8231b",
    danger_ground="#fdecea",
    caution="#744700",
    caution_ground="#fff1d0",
    names=("#005f9e", "#ad4300", "#00694b", "#93397f", "#6d5600", "#3d4fb0", "#a3264f", "#3f5f6b"),
)

DARK: Final = Palette(
    name="dark",
    ground="#1a1816",
    surface="#24211e",
    sunk="#2e2a26",
    line="#3b3631",
    text="#f0ebe4",
    muted="#aba297",
    accent="#ffbd59",
    focus="#ffb02e",
    fill="#ffb02e",
    fill_hover="#ffc052",
    fill_pressed="#e89a17",
    on_fill="#2b1a00",
    chosen="#46371d",
    own="#2f281c",
    off="#4c463f",
    danger="#ff9d92",
    danger_ground="#3d201d",
    caution="#ffcf7d",
    caution_ground="#3a2c12",
    names=("#6db9f0", "#f59a5c", "#4fcf9f", "#e39ad0", "#e0c34c", "#a9b4ff", "#ff94ab", "#9dc2cf"),
)

PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK)}

#: Text on its ground, by the names of `Palette`'s colours: a test computes the contrast of each pair.
TEXT_ON: Final = (
    *(
        (ink, ground)
        for ink in ("text", "muted")
        for ground in ("ground", "surface", "sunk", "chosen", "own")
    ),
    *(("accent", ground) for ground in ("ground", "surface", "sunk", "chosen", "own")),
    *(("on_fill", ground) for ground in ("fill", "fill_hover", "fill_pressed")),
    *(("danger", ground) for ground in ("ground", "surface", "sunk", "own", "danger_ground")),
    *(("text", ground) for ground in ("danger_ground", "caution_ground")),
    ("caution", "caution_ground"),
    ("text", "off"),
)

#: Grounds on which a member's name is written.
NAMES_ON: Final = ("ground", "surface", "own")

LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, level AA, text of any size


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the type scale; the size is in points, so it follows the screen's resolution."""

    points: int
    bold: bool = False
    fixed: bool = False


#: Tk's names for our fonts begin with this, so that they meet no other's.
FONT_PREFIX: Final = "Messango"

FONTS: Final = {
    "Space": Font(4),
    "Small": Font(9),
    "Body": Font(11),
    "Strong": Font(11, bold=True),
    "Heading": Font(13, bold=True),
    "Title": Font(20, bold=True),
    "Code": Font(10, fixed=True),
}

SPACE: Final = f"{FONT_PREFIX}Space"
SMALL: Final = f"{FONT_PREFIX}Small"
BODY: Final = f"{FONT_PREFIX}Body"
STRONG: Final = f"{FONT_PREFIX}Strong"
HEADING: Final = f"{FONT_PREFIX}Heading"
TITLE: Final = f"{FONT_PREFIX}Title"
CODE: Final = f"{FONT_PREFIX}Code"

#: The sizes of type that can be chosen, in hundredths of those above.
PERCENTS: Final = (75, 85, 100, 115, 130, 150, 175, 200)
NORMAL_PERCENT: Final = 100

#: The first that is installed; without any of them, what the system uses for its own windows.
FAMILIES: Final = (
    "Segoe UI Variable Text",
    "Segoe UI",
    "Inter",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Open Sans",
    "DejaVu Sans",
)

#: The same for code, where every character is as wide as any other.
FIXED_FAMILIES: Final = (
    "Cascadia Mono",
    "SF Mono",
    "JetBrains Mono",
    "Ubuntu Mono",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
)

# Lengths in pixels at 96 dots an inch; `Look.px` scales them to the screen.
TINY: Final = 4
SMALL_GAP: Final = 8
INSET: Final = 10  # above and below the words in a button or a field
GAP: Final = 12
WIDE_GAP: Final = 20
MARGIN: Final = 32
RADIUS: Final = 8
CARD_RADIUS: Final = 12
DOT: Final = 9
LOCK: Final = 14
MARK: Final = 20
AVATAR: Final = 28
READING_WIDTH: Final = 760  # a list or a line of text wider than this is tiring to follow
MEMBERS_WIDTH: Final = 208
NARROW: Final = 620  # a narrower window belongs to the conversation alone
NAME_CHARACTERS: Final = 22  # how wide the field for a name is
HEADER_WIDTH: Final = 400  # below this the head of the list does without the sign
STEP_CHARACTERS: Final = 6  # how wide a number is between its two buttons
WINDOW_SIZE: Final = (960, 720)
LEAST_SIZE: Final = (360, 480)
GRIP: Final = 64  # so much of a window must be in sight to take hold of it


def percent_beside(percent: int, steps: int) -> int:
    """Return the size of type so many steps larger than `percent`, or smaller, as far as there is one."""
    nearest = min(PERCENTS, key=lambda known: abs(known - percent))
    place = PERCENTS.index(nearest) + steps
    return PERCENTS[min(max(place, 0), len(PERCENTS) - 1)]


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def channels(color: str) -> tuple[int, int, int]:
    """Return the red, green and blue of `#rrggbb`, each 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
