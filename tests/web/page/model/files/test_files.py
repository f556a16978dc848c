"""The page says of files what the window says."""

from __future__ import annotations

import datetime

import pytest

from messango.client.files.uploads.outgoing_file import size_problem
from messango.client.files.uploads.text_file import long_text_name
from messango.gui.model.files.file_card import picture_size
from messango.protocol.files.file_line import caption_of, file_line, format_size, text_with_file
from messango.protocol.frames import FileInfo
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

FILES = "model/files/files.js"

SIZES = [0, 1, 2, 999, 1_000, 9_949, 9_950, 999_499, 999_500, 2_100_000, 123_456_789, 5 * 10**9, 2 * 10**15]


def test_sizes(modules: Modules) -> None:
    script = "const {formatSize} = await load(path); return sizes.map(formatSize);"
    assert modules.run(script, path=FILES, sizes=SIZES) == [format_size(size) for size in SIZES]


@pytest.mark.parametrize("caption", ["", "Look", "Two\nlines", "[file] a.txt (5 bytes)"])
def test_captions(modules: Modules, caption: str) -> None:
    """The line for other programs is not shown; a text without it stays."""
    file = FileInfo("1", "a.txt", 5, "0" * 64)
    shown = {"name": file.name, "size": file.size}
    for text in (text_with_file(caption, file), caption, f"{file_line(file)} and more"):
        assert modules.call(FILES, "captionOf", text, shown) == caption_of(text, file)


@pytest.mark.parametrize("size", [(4000, 3000), (100, 50), (1, 1_000_000), (1_000_000, 1), (1, 1)])
def test_a_picture_is_never_a_thin_line(modules: Modules, size: tuple[int, int]) -> None:
    shown = modules.call(FILES, "pictureSize", {"width": size[0], "height": size[1]}, [320, 280])
    expected = picture_size(*size, (320, 280))
    assert all(abs(side - other) <= 1 for side, other in zip(shown, expected, strict=True))


def test_what_is_shown_as_a_picture(modules: Modules) -> None:
    """By its name and its size: an SVG is a program."""
    script = (
        "const {isPicture} = await load(path); return names.map(name => isPicture({name, width, height: 1}));"
    )
    names = ["a.JPG", "a.jpeg", "a.png", "a.gif", "a.webp", "a.svg", "a.html", "png", ".png"]
    shown = modules.run(script, path=FILES, names=names, width=1)
    assert shown == [True] * 5 + [False] * 4
    assert not any(modules.run(script, path=FILES, names=names, width=0))


def test_what_is_too_large(modules: Modules) -> None:
    assert modules.call(FILES, "sizeProblem", 5, 5) == ""
    assert modules.call(FILES, "sizeProblem", 6, 5) == size_problem(6, 5)
    assert modules.call(FILES, "sizeProblem", 6) == ""


def test_names_of_texts(modules: Modules) -> None:
    script = (
        "const {datedName} = await load(path); return datedName('text', new Date(2026, 10, 2, 4, 5), 'txt');"
    )
    assert modules.run(script, path=FILES) == long_text_name(datetime.datetime(2026, 11, 2, 4, 5))
