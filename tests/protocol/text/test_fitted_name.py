"""A name from the system, made valid."""

from __future__ import annotations

import pytest

from messango.protocol.text.fitted_name import fitted_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ann", "ann"),
        (" Ann  Lee ", "Ann Lee"),
        ("x" * 40, "x" * 32),
        ("x" * 31 + " yz", "x" * 31),
        ("a\nb", "a b"),
        ("a\x1b[2Jb", "a[2Jb"),
        ("a\u202eb\u200e", "ab"),
        ("DOMAIN\\\\ann", "DOMAIN\\\\ann"),
        ("\udcff", ""),
        ("", ""),
        (" \u3164", ""),
    ],
)
def test_the_beginning_that_is_valid(text: str, name: str) -> None:
    """Without control characters; nothing if nothing is left."""
    assert fitted_name(text) == name
