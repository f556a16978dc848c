"""Draws emoji by Pillow and the system's colour font: a sequence of any length is one picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from messango.protocol.text.emoji_signs import plain_sign

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

#: Colour fonts, each with the one size of its pictures; those of outlines are drawn in any size. Pillow finds
#: them in the folders of the system.
_FONTS: Final = (
    ("NotoColorEmoji.ttf", 109),
    ("NotoColorEmoji-Regular.ttf", 109),
    ("Twemoji.ttf", 109),
    ("Apple Color Emoji.ttc", 160),
    ("seguiemj.ttf", 109),
)

#: Every colour font has this one.
_COMMON: Final = "\U0001f600"

#: A sequence that is wider than one emoji by more than this is one that the font does not know.
_MAX_WIDTH: Final = 1.3

_SELECTOR: Final = "\ufe0f"
_BOX_COLOR: Final = (128, 128, 128, 255)
_BOX_RADIUS: Final = 0.16
_LETTERS_HEIGHT: Final = 0.5


class EmojiFont:
    """A colour font. Any thread, one at a time: drawing takes 1 to 2 ms for each emoji."""

    def __init__(self, font: FreeTypeFont, *, joins: bool) -> None:
        """`joins` tells whether Pillow can join the parts of a sequence: it does with Raqm."""
        self._font, self._joins = font, joins
        self._em = font.getlength(_COMMON)

    @classmethod
    def load(cls) -> EmojiFont | None:
        """Return the first colour font that this system has and Pillow can draw; None without either."""
        try:
            from PIL import ImageFont, features
        except ImportError:
            return None
        joins = features.check_feature("raqm") is True
        for name, size in _FONTS:
            try:
                font = cls(ImageFont.truetype(name, size), joins=joins)
            except (OSError, ValueError):
                continue
            if font.has(_COMMON):
                return font
        return None

    def has(self, emoji: str) -> bool:
        """Return whether the font has one picture for an emoji."""
        return self._drawn(emoji) is not None

    def png(self, emoji: str, size: int) -> bytes:
        """Return an emoji as a square PNG of `size` pixels: its picture, else that of its plain sign."""
        from PIL import Image

        sign = plain_sign(emoji)
        drawn = self._drawn(emoji)
        if drawn is None and not sign.is_boxed:
            drawn = self._drawn(sign.text)
        if drawn is None:
            drawn = _box(sign.text if sign.is_boxed else "")
        picture = drawn.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
        data = io.BytesIO()
        picture.save(data, "PNG", compress_level=1)
        return data.getvalue()

    def _drawn(self, emoji: str) -> Image | None:
        """Return an emoji in the font's own size, cut to a square; None if the font has no picture of it."""
        from PIL import Image, ImageDraw

        text = emoji if self._joins else emoji.replace(_SELECTOR, "")
        if self._em <= 0 or self._font.getlength(text) > self._em * _MAX_WIDTH:
            return None
        left, top, right, bottom = self._font.getbbox(text)
        width, height = round(right - left), round(bottom - top)
        if width <= 0 or height <= 0:
            return None
        side = max(width, height)
        picture = Image.new("RGBA", (side, side))
        place = ((side - width) / 2 - left, (side - height) / 2 - top)
        ImageDraw.Draw(picture).text(place, text, font=self._font, embedded_color=True)
        return picture if picture.getbbox() else None


def _box(letters: str) -> Image:
    """Return a small box with the letters of a country, or an empty one."""
    from PIL import Image, ImageDraw, ImageFont

    side = 128
    picture = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(picture)
    edge = side // 8
    draw.rounded_rectangle(
        (2, edge, side - 3, side - edge), radius=side * _BOX_RADIUS, outline=_BOX_COLOR, width=side // 14
    )
    font = ImageFont.load_default(side * _LETTERS_HEIGHT * min(1, 2 / max(len(letters), 1)))
    draw.text((side / 2, side / 2), letters, font=font, fill=_BOX_COLOR, anchor="mm")
    return picture
