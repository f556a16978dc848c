"""A text that is too long for a message."""

from __future__ import annotations

import pytest

from messango.gui.model.composer.composer_mode import PUBLIC, Editing, OnlyTo, Recipient
from messango.gui.model.sending.file_names import picture_name, text_name
from messango.gui.model.sending.long_text import is_too_long, text_for_file, too_long_text
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.gui.fakes import NOON, in_utc

LONG = "word " * MAX_TEXT_CHARACTERS


def test_a_long_text_can_be_a_file() -> None:
    """All of it."""
    assert is_too_long(LONG)
    assert not is_too_long("x" * MAX_TEXT_CHARACTERS)
    assert text_for_file(LONG) == LONG


@pytest.mark.parametrize("command", ["/msg Ben ", " /msg Ben ", "/reply ", "/unknown "])
def test_a_command_never_becomes_a_file(command: str) -> None:
    """It may be for one member only, and a file goes to everybody."""
    assert text_for_file(command + LONG) is None


def test_a_slash_that_was_escaped_is_one_slash() -> None:
    """As in a message."""
    assert text_for_file(f"//usr {LONG}") == f"/usr {LONG}"
    assert text_for_file(f"/usr/bin {LONG}") == f"/usr/bin {LONG}"


def test_the_advice_fits_to_where_the_text_goes() -> None:
    """To everybody, to one, or into an edited message."""
    ben = Recipient("m2", "Ben")
    assert "Enter shows it as a file" in too_long_text(PUBLIC, may_be_file=True)
    assert "in parts" in too_long_text(PUBLIC, may_be_file=False)
    assert "would go to everybody" in too_long_text(OnlyTo(ben), may_be_file=False)
    assert too_long_text(Editing(3, "a"), may_be_file=False) == "Shorten it."


def test_what_has_no_name_is_called_by_its_time() -> None:
    """Under a name that every system takes."""
    with in_utc():
        assert picture_name(NOON) == "Picture 2026-11-21 12.00.00.png"
        assert text_name(NOON) == "text 2026-11-21 12.00.txt"
    assert safe_file_name(picture_name(NOON)) == picture_name(NOON)
