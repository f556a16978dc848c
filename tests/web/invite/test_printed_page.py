"""The page to print: the room's name, a code that can be read, and the link."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from messango.web.invite.guest_link import guest_link
from messango.web.invite.printed_page import printed_page
from tests.support.ansi_picture import read_codes

LINK = guest_link("192.168.178.200:8000", "kJ3x_9-Qh0aZbYcXdWeVfU")
_SVG = "{http://www.w3.org/2000/svg}"


def parsed(name: str, link: str = LINK) -> ET.Element:
    """Return the page's root."""
    return ET.fromstring(printed_page(link, name))  # noqa: S314 (our own page)


def texts(page: ET.Element) -> list[str]:
    """Return the lines of text from top to bottom."""
    return [line.text or "" for line in page.iter(f"{_SVG}text")]


def test_what_it_says() -> None:
    """The name, what to do, the link, and what the phone will warn of."""
    name, scan, link, warning, compare = texts(parsed("Table 4"))
    assert (name, link) == ("Table 4", LINK)
    assert "Scan" in scan
    assert "warn" in warning
    assert compare.endswith(" https://192.168.178.200:8000")


def path_squares(page: ET.Element) -> set[tuple[int, int]]:
    """Return the dark squares of the drawn code."""
    path = page.find(f"{_SVG}path")
    assert path is not None
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path.attrib["d"])}


@pytest.mark.zbar
def test_its_code_is_read(tmp_path: Path) -> None:
    """By the same reader as the others."""
    squares = path_squares(parsed("Table 4"))
    size, scale = max(map(max, squares)) + 5, 6
    assert size == 41  # With more to lose than on a screen, where it is 37.
    pixels = b"".join(
        bytes(0 if (x, y) in squares else 255 for x in range(size) for _ in range(scale)) * scale
        for y in range(size)
    )
    picture = b"P5 %d %d 255\n" % (size * scale, size * scale) + pixels
    assert read_codes(picture, tmp_path) == [LINK]


@pytest.mark.parametrize(
    "name", ["a</text><script>&\"'", "x\x1b[2J\x00", "‮abc", "桌子" * 16, "W" * 32, "\ud800", "\uffff"]
)
def test_any_name(name: str) -> None:
    """A name is text, also one that looks like markup, and characters that XML can't hold are escaped."""
    page = parsed(name)
    kinds = {child.tag.removeprefix(_SVG) for child in page.iter()}
    assert kinds == {"svg", "title", "rect", "text", "path"}
    assert len(texts(page)) == 5


@pytest.mark.parametrize("name", ["W" * 32, "桌子" * 16, LINK])
def test_a_long_line_is_smaller(name: str) -> None:
    """So that it stays on the paper."""
    sizes = [float(line.attrib["font-size"]) for line in parsed(name).iter(f"{_SVG}text")]
    wide = 1.0 if "桌" in name else 0.62
    assert len(name) * wide * sizes[0] <= 1250
    assert sizes[0] < 120
