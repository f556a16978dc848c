"""What kind of file a name says it is."""

from __future__ import annotations

import pytest

from messango.gui.model.files.file_kind import FileKind, ending_of, is_shown_picture, kind_of, may_open


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("holiday.JPG", FileKind.PICTURE),
        ("talk.mp3", FileKind.SOUND),
        ("film.mkv", FileKind.VIDEO),
        ("data.tar.gz", FileKind.ARCHIVE),
        ("report.pdf", FileKind.DOCUMENT),
        ("README", FileKind.OTHER),
        (".png", FileKind.OTHER),
        ("setup.exe", FileKind.OTHER),
    ],
)
def test_the_ending_says_the_kind(name: str, kind: FileKind) -> None:
    """Capitals do not matter; a name that is only an ending has none."""
    assert kind_of(name) is kind


def test_only_what_is_looked_at_is_opened() -> None:
    """No program, script, shortcut, archive or unknown file is, nor what a browser would run."""
    for name in ("report.pdf", "a.txt", "holiday.jpeg", "talk.mp3", "x.json", "sheet.xlsx"):
        assert may_open(name), name
    for name in [
        "a.exe",
        "a.bat",
        "a.sh",
        "a.py",
        "a.lnk",
        "a.desktop",
        "a.html",
        "a.svg",
        "a.jar",
        "a.zip",
        "a.iso",
        "a.scr",
        "a.app",
        "a",
    ]:
        assert not may_open(name), name
    assert not may_open("report.pdf.exe")


def test_pictures_that_can_be_shown() -> None:
    """Others are files like all."""
    assert is_shown_picture("a.webp")
    assert not is_shown_picture("a.heic")
    assert not is_shown_picture("png")
    assert ending_of("a.b.C") == "c"
