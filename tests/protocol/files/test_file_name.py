"""Names of files that come from strangers are names of files, and nothing else, on every system."""

from __future__ import annotations

import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.files.file_name import UNNAMED, file_ending, numbered_file_name, safe_file_name
from messango.protocol.text.visibility import drop_ineffective
from tests.protocol.files.hostile_names import PARTS, hostile_names
from tests.support.samples import sampled

SEED = 15

#: Written down once more, and otherwise than in the code, so that a slip there is not repeated here.
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
BIDI_AND_BREAKS = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
DEVICES = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"} | {
    f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"
}


def assert_safe(name: str) -> None:
    """A name that every system takes for the name of a file, and shows as what it is."""
    assert name
    assert not FORBIDDEN.search(name)
    assert not BIDI_AND_BREAKS.search(name)
    assert name == unicodedata.normalize("NFC", name)
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert name.partition(".")[0].rstrip().lower() not in DEVICES
    assert len(name.encode()) <= 255
    assert len(unicodedata.normalize("NFD", name).encode("utf-16-le")) <= 2 * 255


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("\\\\server\\share\\plan.doc", "plan.doc"),
        ("C:plan.doc", "plan.doc"),
        ("photo.jpg:evil.exe", "photo.jpg evil.exe"),
        ("Meeting 10:30.txt", "Meeting 10 30.txt"),
        ("Who?.txt", "Who.txt"),
        (".bashrc", "bashrc"),
        ("-rf", "_-rf"),
        ("~", "_~"),
        ("con", "_con"),
        ("CON .txt", "_CON.txt"),
        ("com¹.tar.gz", "_com¹.tar.gz"),
        ("Console.txt", "Console.txt"),
        ("desktop.ini", "_desktop.ini"),
        ("trailing. . ", "trailing"),
        ("photo.jpg                    .exe", "photo.jpg.exe"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u200bb\u00ad\ufeff.txt", "ab.txt"),
        ("e\u200b\u0301.txt", "é.txt"),
        ("👨‍👩‍👧 ❤️.png", "👨‍👩‍👧 ❤️.png"),
        ("\uf05c\ue000x", "x"),
        ("a\nb\tc", "a b c"),
        ("...", UNNAMED),
        ("", UNNAMED),
        ("C:", UNNAMED),
        ("dir/", UNNAMED),
    ],
)
def test_what_becomes_of_a_name(name: str, expected: str) -> None:
    """Only the last component is left, and of it what is seen."""
    assert safe_file_name(name) == expected


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.jpg", ".jpg"),
        ("a.tar.gz", ".tar.gz"),
        ("a.b.c", ".c"),
        ("a", ""),
        ("Mr. Smith went", ""),
        ("a." + "b" * 16, ""),
        (".tar.gz", ".gz"),
    ],
)
def test_the_ending_of_a_name(name: str, ending: str) -> None:
    """An archive's ending has two parts, and what is long or has a space is none."""
    assert file_ending(name) == ending


@pytest.mark.parametrize("ending", [".jpg", ".tar.gz", "." + "ΐ" * 15])
@pytest.mark.parametrize("letter", ["x", "ü", "\u0390", "각", "🎉", "👨‍👩‍👧"])
def test_a_long_name_keeps_its_ending(letter: str, ending: str) -> None:
    """It is cut where systems would refuse it: in bytes, in UTF-16, and with accents taken apart."""
    for name in (safe_file_name(letter * 400 + ending), numbered_file_name(letter * 80 + ending, 12_345)):
        assert_safe(name)
        assert name.endswith(ending)
        assert len(name.encode()) > 80


def test_a_number_comes_before_the_ending() -> None:
    """So the system still knows what to open the file with."""
    assert numbered_file_name("holiday.jpg", 2) == "holiday (2).jpg"
    assert numbered_file_name("site.tar.gz", 3) == "site (3).tar.gz"
    assert numbered_file_name("README", 2) == "README (2)"


@pytest.mark.program
@pytest.mark.parametrize("count", sampled([10_000, 200_000], 10_000))
def test_hostile_names_are_safe(count: int) -> None:
    """Whatever somebody calls a file; and of every tenth all that must be true."""
    for number, name in enumerate(hostile_names(count, SEED)):
        assert_safe(safe_file_name(name))
        if number % 10 == 0:
            check_name(name)


def test_no_letter_taken_apart_is_longer_than_twice_its_bytes() -> None:
    """So short names need not be measured."""
    for character in map(chr, [*range(0xD800), *range(0xE000, 0x110000)]):
        units = len(unicodedata.normalize("NFD", character).encode("utf-16-le")) // 2
        assert units <= 2 * len(character.encode())


def check_name(name: str) -> None:
    """Check what must be true of every name."""
    safe = safe_file_name(name)
    numbered = numbered_file_name(safe, 2)
    assert_safe(safe)
    assert_safe(numbered)
    assert safe == drop_ineffective(safe)
    assert safe_file_name(safe) == safe
    assert safe_file_name(numbered) == numbered
    assert numbered != safe
    assert file_ending(numbered) == file_ending(safe)


@given(st.text() | st.lists(st.sampled_from(PARTS)).map("".join))
def test_any_text_is_safe(name: str) -> None:
    """Texts that nobody thought of."""
    check_name(name)


def test_a_hostile_name_is_created_where_it_should_be(tmp_path: Path) -> None:
    """The system agrees: each name is one file in this folder, listed under this name."""
    names = {safe_file_name(name) for name in hostile_names(2_000, SEED + 2)}
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    assert [*tmp_path.iterdir()] == [folder]
    assert {path.name for path in folder.iterdir()} == names


def test_the_longest_name_is_cleaned_quickly() -> None:
    """A peer may send a name as long as a frame; it is cut before it is looked at."""
    endless = "\u1039" * 1_000_000 + ".jpg"
    for name in itertools.repeat(endless, 20):
        assert safe_file_name(name) == "jpg"
