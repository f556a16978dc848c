"""Every colour, size and font of the window. No other module of `gui` contains one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours, each `#rrggbb`. `name_colors` distinguish the members."""

    name: str
    background: str  # the window
    surface: str  # cards, fields, the transcript
    recessed: str  # hovered rows, quiet buttons
    border: str  # borders and rules, never text
    text: str
    muted: str
    accent: str  # highlighted text and marks
    focus: str  # the focus ring
    primary: str  # the most important button of a page
    primary_hover: str
    primary_pressed: str
    on_primary: str
    selection: str  # the selected row, selected text
    own_message: str  # background of own messages
    mention: str  # background of messages that mention you
    disabled: str  # free seats, disabled controls
    danger: str
    danger_background: str
    warning: str
    warning_background: str
    private: str  # what only two and the host can read
    private_background: str
    name_colors: tuple[str, ...]


# The name colours have the hues of Okabe and Ito's palette, which people with any kind of colour blindness
# can distinguish, made darker or lighter until they are readable as text.
LIGHT: Final = Palette(
    name="light",
    background="#faf7f2",
    surface="#ffffff",
    recessed="#f2ede5",
    border="#e3dbcf",
    text="#24201b",
    muted="#6a6156",
    accent="#974600",
    focus="#c9760a",
    primary="#ffb02e",
    primary_hover="#ffc052",
    primary_pressed="#f09f17",
    on_primary="#2b1a00",
    selection="#ffecc7",
    own_message="#fff7e8",
    mention="#fff1d0",
    disabled="#d8cfc2",
    danger="#a8231b",
    danger_background="#fdecea",
    warning="#744700",
    warning_background="#fff1d0",
    private="#5d3aa6",
    private_background="#f2edfc",
    name_colors=("#005f9e", "#ad4300", "#00694b", "#93397f", "#6d5600", "#3d4fb0", "#a3264f", "#3f5f6b"),
)

DARK: Final = Palette(
    name="dark",
    background="#1a1816",
    surface="#24211e",
    recessed="#2e2a26",
    border="#3b3631",
    text="#f0ebe4",
    muted="#aba297",
    accent="#ffbd59",
    focus="#ffb02e",
    primary="#ffb02e",
    primary_hover="#ffc052",
    primary_pressed="#e89a17",
    on_primary="#2b1a00",
    selection="#46371d",
    own_message="#2f281c",
    mention="#3a2c12",
    disabled="#4c463f",
    danger="#ff9d92",
    danger_background="#3d201d",
    warning="#ffcf7d",
    warning_background="#3a2c12",
    private="#cbb6ff",
    private_background="#2c2541",
    name_colors=("#6db9f0", "#f59a5c", "#4fcf9f", "#e39ad0", "#e0c34c", "#a9b4ff", "#ff94ab", "#9dc2cf"),
)

#: A QR code is dark on light in both: not all cameras read one that is light on dark.
CODE_INK: Final = "#000000"
CODE_GROUND: Final = "#ffffff"

PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK)}


@dataclass(frozen=True, slots=True)
class Font:
    """A font; the size is in points, so it follows the screen's resolution."""

    points: int
    bold: bool = False
    fixed: bool = False
    max_points: int = 1_000  # however large the text: a title twice as large would be all that one sees
    italic: bool = False
    emoji: bool = False  # in colour, where the system has such a font


#: Prefix of our fonts' names in Tk, against clashes.
FONT_PREFIX: Final = "Messango"

FONTS: Final = {
    "Space": Font(4),
    "Small": Font(9),
    "SmallStrong": Font(9, bold=True),
    "Body": Font(11),
    "Strong": Font(11, bold=True),
    "Italic": Font(11, italic=True),
    "StrongItalic": Font(11, bold=True, italic=True),
    "Heading": Font(13, bold=True),
    "Title": Font(20, bold=True, max_points=27),
    "Code": Font(10, fixed=True),
    "Emoji": Font(11, emoji=True),
    "LargeEmoji": Font(16, emoji=True),
}

SPACE: Final = f"{FONT_PREFIX}Space"
SMALL: Final = f"{FONT_PREFIX}Small"
SMALL_STRONG: Final = f"{FONT_PREFIX}SmallStrong"
BODY: Final = f"{FONT_PREFIX}Body"
STRONG: Final = f"{FONT_PREFIX}Strong"
ITALIC: Final = f"{FONT_PREFIX}Italic"
STRONG_ITALIC: Final = f"{FONT_PREFIX}StrongItalic"
HEADING: Final = f"{FONT_PREFIX}Heading"
TITLE: Final = f"{FONT_PREFIX}Title"
CODE: Final = f"{FONT_PREFIX}Code"
EMOJI: Final = f"{FONT_PREFIX}Emoji"
LARGE_EMOJI: Final = f"{FONT_PREFIX}LargeEmoji"

#: The text sizes to choose from, in percent of the sizes above.
ZOOM_PERCENTS: Final = (75, 85, 100, 115, 130, 150, 175, 200)
NORMAL_PERCENT: Final = 100

#: The first installed family is used; if none is, the system's default font.
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

#: The same for code, in a fixed-width font.
FIXED_FAMILIES: Final = (
    "Cascadia Mono",
    "SF Mono",
    "JetBrains Mono",
    "Ubuntu Mono",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
)

#: Emoji in colour; where none is installed, those of the other fonts are used.
EMOJI_FAMILIES: Final = ("Segoe UI Emoji", "Apple Color Emoji", "Noto Color Emoji", "Twemoji")

#: A neutral hand, and Unicode's five skin tones.
SKIN_TONES: Final = ("#ffcc4d", "#f7dece", "#f3d2a2", "#d5ab88", "#af7e57", "#7c533e")

# Lengths in pixels at 96 dpi; `Look.scaled` scales them to the screen.
TINY: Final = 4
SMALL_GAP: Final = 8
INSET: Final = 10  # above and below the text of a button or a field
GAP: Final = 12
WIDE_GAP: Final = 20
MARGIN: Final = 32
RADIUS: Final = 8
CARD_RADIUS: Final = 12
LIST_INDENT: Final = 13  # of the further rows of a list's items and of a quote
CHIP_INSET: Final = 7  # left and right in a reaction
DOT: Final = 9
LOCK: Final = 14
ICON: Final = 20
AVATAR: Final = 28
FILE_ICON: Final = 26  # on the card of a file
FILE_TILE: Final = 44  # behind it
CARD_WIDTH: Final = 320  # that of the largest picture, so that they are in line
PICTURE_SIZE: Final = (320, 240)  # the largest picture in a conversation
MIN_PICTURE: Final = 48  # what is smaller has a frame of this size
FILE_PREVIEW: Final = (280, 160)  # the only picture before it is sent
EMOJI_CELL: Final = 36  # one emoji of the picker, which is about two thirds of it
EMOJI_ROWS: Final = 6  # of the picker, where the window is high enough
SKIN_TONE: Final = 14
# The next three grow with the text, too.
READING_WIDTH: Final = 640  # about 85 characters: wider lists and lines are tiring to read
MEMBERS_WIDTH: Final = 208
POPUP_WIDTH: Final = 300  # the list of names above the message field
NARROW_WIDTH: Final = 620  # a narrower window shows no members beside the conversation
TOOLTIP_WIDTH: Final = 280
NAME_CHARACTERS: Final = 22  # width of the field for a name
HEADER_WIDTH: Final = 400  # a narrower list has no icon beside its title
SPIN_BOX_CHARACTERS: Final = 6  # width of the number between the two buttons
WINDOW_SIZE: Final = (960, 720)
MIN_SIZE: Final = (360, 480)
MIN_VISIBLE: Final = 64  # this much of a window must be on the screen, so that it can be dragged


def zoom_step(percent: int, delta: int) -> int:
    """Return the text size `delta` steps from the one nearest to `percent`, within the list of sizes."""
    nearest = min(ZOOM_PERCENTS, key=lambda known: abs(known - percent))
    index = ZOOM_PERCENTS.index(nearest) + delta
    return ZOOM_PERCENTS[min(max(index, 0), len(ZOOM_PERCENTS) - 1)]


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of `#rrggbb`, each 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
