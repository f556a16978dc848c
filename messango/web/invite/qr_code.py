"""The QR code of a link: for a terminal, as rows of squares for a canvas, and as a picture to print.

segno is imported when the first code is made: a room without guests from the browser needs none.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import segno

#: A code as rows of squares; true is dark.
Rows: TypeAlias = tuple[tuple[bool, ...], ...]

#: How much of a code may be lost: at least 7 % (low) or 15 % (medium). More if the code stays as large.
ErrorCorrection: TypeAlias = Literal["L", "M"]

#: So many light squares all round belong to a code (ISO/IEC 18004, 5.3.8).
QUIET_ZONE: Final = 4

#: Digits, capitals and a few signs take 5.5 bits each instead of 8 if they are encoded by themselves. An IPv4
#: address is such a piece, and with it a code for any of them is 37 squares wide instead of up to 41.
_PIECES: Final = re.compile(r"(?<=//)[0-9.:]+/")

#: Black and white of the 256 colours, which no theme changes: 0 to 15 are the theme's own, and a code in the
#: terminal's usual colours can't be read on one of a light and a dark ground.
_BLACK: Final = 16
_WHITE: Final = 231
#: The only character in a drawn code besides the space.
LOWER_HALF: Final = "▄"
_RESET: Final = "\x1b[0m"

#: Pixels for each square of a picture: 37 of them are 10 cm at 150 dots per inch.
_PNG_SCALE: Final = 16


def qr_rows(text: str, *, error_correction: ErrorCorrection = "L") -> Rows:
    """Return the code of a text with its quiet zone: as many rows as there are squares in each."""
    code = _make(text, error_correction)
    return tuple(tuple(map(bool, row)) for row in code.matrix_iter(border=QUIET_ZONE))


def terminal_lines(rows: Rows) -> list[str]:
    """Return a code as lines for a terminal with 256 colours, one column for each square.

    A line shows two rows: the upper one as the background, the lower one as half a block. Each line ends with
    a reset, so that nothing else is painted.
    """
    light = (False,) * len(rows[0])
    pairs = itertools.zip_longest(rows[::2], rows[1::2], fillvalue=light)
    return [_terminal_line(upper, lower) for upper, lower in pairs]


def qr_png(text: str) -> bytes:
    """Return the code as a black and white PNG, large enough to print."""
    target = io.BytesIO()
    _make(text, "M").save(target, kind="png", scale=_PNG_SCALE, border=QUIET_ZONE)
    return target.getvalue()


def _make(text: str, error_correction: ErrorCorrection) -> segno.QRCode:
    import segno

    pieces = list(filter(None, re.split(f"({_PIECES.pattern})", text)))
    # A list is encoded piece by piece, each in the way that is shortest for it. The annotation only knows
    # whole texts.
    return segno.make_qr(pieces, error=error_correction)  # type: ignore[arg-type]


def _terminal_line(upper: Sequence[bool], lower: Sequence[bool]) -> str:
    colors = [[_BLACK if dark else _WHITE for dark in row] for row in (upper, lower)]
    runs = itertools.groupby(zip(*colors, strict=True))
    return "".join(_run(ground, ink, len(list(run))) for (ground, ink), run in runs) + _RESET


def _run(ground: int, ink: int, length: int) -> str:
    """Return columns of one kind. Where both halves are the same, a space leaves no seam between them."""
    if ground == ink:
        return f"\x1b[48;5;{ground}m{' ' * length}"
    return f"\x1b[38;5;{ink};48;5;{ground}m{LOWER_HALF * length}"
