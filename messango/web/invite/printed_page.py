"""A page to print and put on the table, as an SVG: the room's name, the QR code, and the link below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from messango.protocol.text.escaping import safe_line
from messango.web.invite.guest_link import shown_address
from messango.web.invite.qr_code import Rows, qr_rows

#: A5 in tenths of a millimeter: half a sheet, which a browser or a viewer fits to the paper.
_WIDTH: Final = 1480
_HEIGHT: Final = 2100
_MARGIN: Final = 120
_CODE_TOP: Final = 440
_CODE_SIZE: Final = _WIDTH - 2 * _MARGIN

#: The width of a letter in its size: of an average one in a name, and of each in a fixed font. Scripts
#: of East Asia take a whole one.
_LETTER: Final = 0.62
_WIDE_LETTER: Final = 1.0

#: What XML can't hold, besides the control characters that are escaped for every display.
_NOT_IN_XML: Final = re.compile("[\ufffe\uffff]")

_NAME_SIZE: Final = 120
_TEXT_SIZE: Final = 52


def printed_page(link: str, room_name: str) -> bytes:
    """Return the page for one room; the code survives a fold or a stain better than the one on a screen."""
    name = _NOT_IN_XML.sub("\ufffd", safe_line(room_name))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH / 10:g}mm" height="{_HEIGHT / 10:g}mm" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}">',
            f"<title>{escape(name)}</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            _centered(name, 260, _NAME_SIZE, "sans-serif", weight="bold"),
            _centered("Scan the code to join the room.", 380, _TEXT_SIZE, "sans-serif"),
            _code(qr_rows(link, error_correction="M")),
            *_below(link),
            "</svg>\n",
        ]
    ).encode("utf-8")


def _below(link: str) -> Iterator[str]:
    line = _CODE_TOP + _CODE_SIZE + 90
    yield _centered(link, line, _TEXT_SIZE, "monospace")
    for number, sentence in enumerate(
        (
            "Your phone will warn you that this connection is not private.",
            f"Go on only if the address is {shown_address(link)}",
        )
    ):
        yield _centered(sentence, line + 110 + 70 * number, _TEXT_SIZE, "sans-serif")


def _centered(text: str, baseline: int, size: int, family: str, *, weight: str = "normal") -> str:
    """Return one line of text, smaller than `size` if it would be too wide."""
    width = sum(_WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else _LETTER for letter in text)
    fitting = min(size, (_WIDTH - 2 * _MARGIN) / max(width, 1))
    return (
        f'<text x="{_WIDTH / 2:g}" y="{baseline}" text-anchor="middle" fill="#000" font-size="{fitting:.1f}" '
        f"font-weight={quoteattr(weight)} font-family={quoteattr(family)}>{escape(text)}</text>"
    )


def _code(rows: Rows) -> str:
    """Return the dark squares as one path, so that no seams show between them."""
    runs = "".join(
        f"M{column} {line}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, is_dark in enumerate(row)
        if is_dark
    )
    scale = _CODE_SIZE / len(rows)
    return (
        f'<path transform="translate({_MARGIN} {_CODE_TOP}) scale({scale:.4f})" fill="#000" '
        f'shape-rendering="crispEdges" d="{runs}"/>'
    )
