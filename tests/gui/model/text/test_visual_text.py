"""Texts as a display without directions and joined letters has to draw them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.text.visual_text import pieces, visual_text

WILD = st.text(st.sampled_from([*"aבגسلااムُّ\u05b8\u200c\u200d()٣1 🎉👩🏽\ufe0f"]), max_size=12)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Table 4", "Table 4"),
        ("שלום", "םולש"),
        ("חדר 4 (קטן)", "(ןטק) 4 רדח"),
        ("سلام", "ﻡﻼﺳ"),
        ("الله", "ﻪﻠﻟﺍ"),
        ("می\u200cخواهم", "ﻢﻫﺍﻮﺧﯽﻣ"),
        ("\u200dلا", "\ufefc"),
        ("ه\u200d سلام", "ﻡﻼﺳ ﻫ"),
        ("a ❤️ ב", "a ❤️ ב"),
        ("ב 👩🏽‍🚀", "👩🏽‍🚀 ב"),
        ("\u05e9\u05c1\u05b8\u05dc", "\u05dc\u05c1\u05b8\u05e9"),
        ("אב\tג", "ג    בא"),
        ("א C++\u200e!", "!C++ א"),
        ("\u200fC!", "!C"),
    ],
)
def test_drawn(text: str, drawn: str) -> None:
    """Letters are joined, brackets mirrored; marks are before their letter, emoji in one piece."""
    assert visual_text(text) == drawn


def test_a_sentence_of_ours_is_from_left_to_right() -> None:
    """Even if it begins with a name that is not."""
    assert visual_text("דנה left", 0) == "הנד left"
    assert visual_text("דנה left") == "left הנד"


@given(WILD)
def test_each_character_has_its_piece(text: str) -> None:
    """In order and without a gap."""
    found = pieces(text)
    assert all(piece.start < piece.stop for piece in found)
    assert all(before.stop == after.start for before, after in itertools.pairwise(found))
    assert text[slice(found[0].start, found[-1].stop) if found else slice(0)] == text


def test_the_libraries_are_loaded_for_such_text_only() -> None:
    """Most conversations never need them."""
    program = (
        "import sys; from messango.gui.model.text.visual_text import visual_text; visual_text('(é) 日本');"
        "print({'bidi', 'arabic_reshaper'} & sys.modules.keys(), visual_text('(א) سلا'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
        timeout=60,
    )
    assert done.stdout == "set() ﻼﺳ (א)\n"
