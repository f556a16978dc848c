"""A name in a plain text: the reader sees where it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.validation import HOST_NAME


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "René",
        "O'Neil",
        "O\u2019Neil",
        "Anne-Marie",
        "a_b",
        "j.doe",
        "你好",
        "שלום",
        "ノリ",
        "7",
        HOST_NAME,
    ],
)
def test_a_single_word_stands_as_it_is(name: str) -> None:
    """In any script, with what belongs to names."""
    assert plain_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann Lee", "“Ann Lee”"),
        ("Ann Lee: I vote yes. Signed", "“Ann Lee: I vote yes. Signed”"),
        ("Ann:", "“Ann:”"),
        ("Ann\u02d0", "“Ann\u02d0”"),
        ("Ann\ua789", "“Ann\ua789”"),
        ("Ann.", "“Ann.”"),
        ("-Ann", "“-Ann”"),
        ("🥭", "“🥭”"),
        ("Ann”: no", "“Ann': no”"),
        ('“Ben„ "x\u201f', "“'Ben„ 'x'”"),
        ("a\nb", "“a b”"),
        ("a\x1bb", "“a\\x1bb”"),
        ("", "“?”"),
    ],
)
def test_any_other_name_is_quoted(name: str, shown: str) -> None:
    """Nothing in it can end the quotation."""
    assert plain_name(name) == shown


@given(st.text(max_size=30))
def test_a_quotation_ends_at_its_end(name: str) -> None:
    """Whatever the name has in it."""
    shown = quoted_name(name)
    assert (shown[0], shown[-1]) == ("“", "”")
    assert not set(shown[1:-1]) & set('“”"\n')
