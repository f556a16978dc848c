"""What a paste brings, by the types that the clipboard offers."""

from __future__ import annotations

import pytest

from messango.gui.model.sending.pasted import PasteKind, paste_kind, selection_text


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("TARGETS TIMESTAMP UTF8_STRING STRING", PasteKind.TEXT),
        ("TARGETS image/png image/bmp text/html", PasteKind.PICTURE),
        ("TARGETS text/html text/plain;charset=utf-8 image/png", PasteKind.TEXT),
        ("x-special/gnome-copied-files text/plain UTF8_STRING", PasteKind.FILES),
        ("text/uri-list image/png", PasteKind.FILES),
        ("TARGETS application/x-something", PasteKind.TEXT),
        ("", PasteKind.TEXT),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_best_of_the_offered_types_is_pasted(types: str, kind: PasteKind) -> None:
    """Files before their names, a text before its picture."""
    assert paste_kind(types.split()) is kind


def test_bytes_that_tk_writes_as_numbers_are_text() -> None:
    """It does so for types that it does not know."""
    assert selection_text("0x66 0xc3 0xa9 ") == "fé"
    assert selection_text("file:///tmp/a") == "file:///tmp/a"
    assert selection_text("") == ""
    assert selection_text("0xff") == "\ufffd"
