"""Names that are cut in their middle."""

from __future__ import annotations

import pytest

from messango.protocol.files.middle_ellipsis import shortened_name


def cut(name: str, width: int) -> str:
    """Return a name where every character has the same width."""
    return shortened_name(name, lambda text: len(text) <= width)


@pytest.mark.parametrize(
    ("name", "width", "shown"),
    [
        ("report.pdf", 10, "report.pdf"),
        ("Report of the whole department 7.pdf", 25, "Report of th…rtment 7.pdf"),
        ("Report of the whole department 7.pdf", 12, "Repor… 7.pdf"),
        ("a" * 100, 3, "aa…"),
        ("a" * 100, 0, "…"),
    ],
)
def test_ending_stays(name: str, width: int, shown: str) -> None:
    """As far as there is space; a name that fits stays as it is."""
    assert cut(name, width) == shown
    assert len(cut(name, width)) <= max(width, 1)
