"""Paints what a terminal shows, as a grey picture, and reads the QR codes in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

#: A cell of a terminal in pixels: twice as high as it is wide.
_CELL = (8, 16)
_MARGIN = 2
_SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")

BLACK, WHITE = 0, 255
DARK, LIGHT = 30, 240


@dataclass(frozen=True)
class _Pen:
    """The colours of the next cell as grey values; None is the terminal's own."""

    ink: int | None = None
    ground: int | None = None


@dataclass(frozen=True)
class Ground:
    """A terminal's own two colours."""

    ink: int
    ground: int


ON_DARK, ON_LIGHT = Ground(LIGHT, DARK), Ground(DARK, LIGHT)


def paint(lines: list[str], ground: Ground, columns: int) -> bytes:
    """Return a picture (PGM) of lines with escape sequences, on a terminal of so many columns.

    Knows resets, the 256-colour sequences of black and white, and blocks; any other character is painted as a
    whole block. As in a terminal, colours last until they are changed.
    """
    width = (columns + 2 * _MARGIN) * _CELL[0]
    rows = [_row(cells, ground, columns) for cells in [[], *_cells(lines), []]]
    pixels = b"".join(half * (_CELL[1] // 2) for row in rows for half in row)
    return b"P5 %d %d 255\n" % (width, len(pixels) // width) + pixels


def _row(cells: list[tuple[str, _Pen]], own: Ground, columns: int) -> tuple[bytes, bytes]:
    """Return one row of pixels of the upper and of the lower half of a line."""
    assert len(cells) <= columns, "the terminal would break this line"
    blank = (" ", _Pen())
    upper, lower = bytearray(), bytearray()
    for character, pen in [blank] * _MARGIN + cells + [blank] * (columns - len(cells) + _MARGIN):
        ground = own.ground if pen.ground is None else pen.ground
        ink = own.ink if pen.ink is None else pen.ink
        upper += bytes([ground if character in " ▄" else ink] * _CELL[0])
        lower += bytes([ground if character in " ▀" else ink] * _CELL[0])
    return bytes(upper), bytes(lower)


def _cells(lines: list[str]) -> Iterator[list[tuple[str, _Pen]]]:
    """Yield the characters of each line, each with its colours."""
    pen = _Pen()
    for line in lines:
        cells: list[tuple[str, _Pen]] = []
        text, *others = _SEQUENCE.split(line)
        cells += [(character, pen) for character in text]
        for parameters, following in zip(others[::2], others[1::2], strict=True):
            pen = _changed(pen, parameters)
            cells += [(character, pen) for character in following]
        assert "\x1b" not in "".join(character for character, _ in cells)
        yield cells


def _changed(pen: _Pen, parameters: str) -> _Pen:
    codes = [int(code or 0) for code in parameters.split(";")]
    while codes:
        code = codes.pop(0)
        if code == 0:
            pen = _Pen()
        elif code in (38, 48):
            kind, color = codes.pop(0), codes.pop(0)
            assert kind == 5
            grey = {16: BLACK, 231: WHITE}[color]
            pen = replace(pen, ink=grey) if code == 38 else replace(pen, ground=grey)
        elif code in (39, 49):
            pen = replace(pen, ink=None) if code == 39 else replace(pen, ground=None)
        else:
            assert code in (1, 22), f"unknown: {code}"
    return pen


def read_codes(picture: bytes, folder: Path) -> list[str]:
    """Return the texts of the QR codes in a picture: PGM, PNG."""
    file = folder / "picture"
    file.write_bytes(picture)
    # Status 4: there is no code.
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 4), done.stderr
    return done.stdout.splitlines()
