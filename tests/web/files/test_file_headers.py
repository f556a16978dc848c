"""What a browser is told about a file whose name a stranger has chosen."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.files.file_name import safe_file_name
from messango.web.files.file_headers import content_disposition, content_type, file_headers

_VALUE = re.compile(
    r"attachment; filename=\"[ !#-$&-\[\]-~]+\"; "
    r"filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)"
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("two words.txt", "attachment; filename=\"two words.txt\"; filename*=UTF-8''two%20words.txt"),
        ("Grüße.txt", "attachment; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"),
        ("50%25.txt", "attachment; filename=\"50_25.txt\"; filename*=UTF-8''50%2525.txt"),
        ("it's (1).txt", "attachment; filename=\"it's (1).txt\"; filename*=UTF-8''it%27s%20%281%29.txt"),
    ],
)
def test_names_as_browsers_read_them(name: str, value: str) -> None:
    assert content_disposition(name).decode() == value


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="b.exe',
        "a\r\nSet-Cookie: x=y",
        "a\nb",
        "photo\u202egpj.exe",
        "..\\..\\autoexec.bat",
        "../../etc/passwd",
        "a\x00b",
        "\ud800",
        "",
        '"',
        "日本語" * 200 + ".txt",
    ],
    ids=range(11),
)
def test_names_that_attack(name: str) -> None:
    """They end up as one safe name in one header."""
    found = _VALUE.fullmatch(content_disposition(name).decode())
    assert found
    assert unquote(found[1]) == safe_file_name(name)
    assert not re.search("[\r\n\u202e\x00/\\\\]", unquote(found[1]))


@given(st.text(max_size=300))
def test_any_name_is_one_header(name: str) -> None:
    found = _VALUE.fullmatch(content_disposition(name).decode())
    assert found
    assert unquote(found[1]) == safe_file_name(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.JPG", "image/jpeg"),
        ("a.jpeg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.gif", "image/gif"),
        ("a.webp", "image/webp"),
        ("a.svg", "application/octet-stream"),
        ("a.html", "application/octet-stream"),
        ("a.png.html", "application/octet-stream"),
        ("png", "application/octet-stream"),
        ("a.pdf", "application/octet-stream"),
    ],
)
def test_only_pictures_have_a_type(name: str, kind: str) -> None:
    assert content_type(name).decode() == kind


def test_a_file_is_saved_and_never_run() -> None:
    headers = dict(file_headers("a.svg"))
    assert headers[b"Content-Disposition"].startswith(b"attachment;")
    assert headers[b"Content-Security-Policy"].endswith(b"sandbox")
    assert headers[b"Cache-Control"] == b"no-store"
