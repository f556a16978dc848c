"""The file of a linked room: what is written is read again, and everything else is refused in words."""

from __future__ import annotations

import contextlib
import json
import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import LinkUnusable
from messango.link.link_file import (
    MAX_FILE_BYTES,
    LinkFile,
    encode_link_file,
    exposure_warning,
    read_link_file,
    write_link_file,
)

LINK = "0123456789abcdef" * 2
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nsecretkey\n-----END PRIVATE KEY-----\n"
PLAIN = LinkFile(LINK, "Hall", ("192.168.1.20:4222",))
FULL = LinkFile(
    LINK,
    "Hall 東",
    ("192.168.1.20:4222", "[fd00::1]:4222", "nats.example.org:4222"),
    ca=CERTIFICATE,
    certificate=CERTIFICATE,
    key=KEY,
    tls_name="engine.messango.internal",
    user="ann",
    password="topsecret",  # noqa: S106 (made up)
    replicas=3,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


def written(folder: Path, **changes: Any) -> Path:
    """Write a file whose fields are FULL's, but for these changes; None removes a field."""
    fields = json.loads(encode_link_file(FULL))
    fields |= {name.replace("_link", "-link"): value for name, value in changes.items()}
    path = folder / "hall.link"
    path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    return path


def refusal(path: Path) -> str:
    """Return the sentences with which this file is refused."""
    with pytest.raises(LinkUnusable) as caught:
        read_link_file(path)
    for sentence in (str(caught.value), caught.value.hint):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
    return f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("link_file", [PLAIN, FULL], ids=["plain", "full"])
def test_written_and_read(tmp_path: Path, link_file: LinkFile) -> None:
    """Nothing is lost; what is empty is not in the file."""
    path = tmp_path / "hall.link"
    assert write_link_file(path, link_file) is None
    assert read_link_file(path) == link_file
    assert ("password" in json.loads(path.read_text("utf-8"))) == bool(link_file.password)


@posix
def test_only_for_its_owner(tmp_path: Path) -> None:
    """It is a key: 0600, and one that others can read is warned about."""
    path = tmp_path / "hall.link"
    write_link_file(path, FULL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert exposure_warning(path) == ""
    path.chmod(0o640)
    assert f"chmod 600 '{path}'" in exposure_warning(path)
    assert exposure_warning(tmp_path / "missing") == ""


def test_a_file_of_the_same_link_stays(tmp_path: Path) -> None:
    """Its host may have given it other addresses."""
    path = tmp_path / "hall.link"
    changed = LinkFile(LINK, "Hall", ("nats.example.org:4222",))
    write_link_file(path, changed)
    assert write_link_file(path, PLAIN) == changed
    assert read_link_file(path) == changed


@pytest.mark.parametrize("other", [encode_link_file(LinkFile("f" * 32, "Hall", PLAIN.servers)), b"my notes"])
def test_nothing_else_is_overwritten(tmp_path: Path, other: bytes) -> None:
    """Neither the file of another linked room nor anything else."""
    path = tmp_path / "hall.link"
    path.write_bytes(other)
    with pytest.raises(LinkUnusable, match="was not written"):
        write_link_file(path, PLAIN)
    assert path.read_bytes() == other


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": "A" * 32}, "“link”"),
        ({"link": None}, "“link”"),
        ({"name": ""}, "“name”"),
        ({"name": 7}, "“name”"),
        ({"name": "x" * 200}, "“name”"),
        ({"servers": []}, "“servers”"),
        ({"servers": "10.0.0.1:4222"}, "“servers”"),
        ({"servers": ["10.0.0.1:4222"] * 33}, "“servers”"),
        ({"servers": ["10.0.0.1:4222", "10.0.0.1"]}, "address 2"),
        ({"servers": ["fd00::1"]}, "address 1"),
        ({"servers": ["10.0.0.1:0"]}, "address 1"),
        ({"servers": ["10.0.0.1:99999"]}, "address 1"),
        ({"servers": ["nats://10.0.0.1:4222"]}, "address 1"),
        ({"servers": ["a\x1b[1m:1"]}, "address 1"),
        ({"ca": "a/path.pem"}, "“ca”"),
        ({"ca": CERTIFICATE + "x" * 40_000}, "“ca”"),
        ({"ca": None}, "“ca”"),
        ({"key": CERTIFICATE}, "“key”"),
        ({"key": None}, "belong together"),
        ({"certificate": None}, "belong together"),
        ({"user": None}, "no “user”"),
        ({"user": "a\nb"}, "“user”"),
        ({"password": 5}, "“password”"),
        ({"tls_name": "a b"}, "“tls_name”"),
        ({"replicas": 2}, "“replicas”"),
        ({"replicas": True}, "“replicas”"),
        ({"replicas": "3"}, "“replicas”"),
        ({"messango_link": 2}, "another version"),
        ({"messango_link": None}, "is not that of a linked room"),
    ],
)
def test_each_field_is_checked(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    """The sentence names the field, and never shows what is in it."""
    said = refusal(written(tmp_path, **changes))
    assert words in said
    assert "secret" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b"\xff\xfe", b"7", b"[" * 50_000, b'{"messango-link": 1, "link": ']
)
def test_what_is_not_such_a_file(tmp_path: Path, data: bytes) -> None:
    """Text, another JSON, nothing."""
    path = tmp_path / "hall.link"
    path.write_bytes(data)
    assert "is not that of a linked room" in refusal(path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """Is not read to its end, even if it were valid."""
    path = tmp_path / "hall.link"
    path.write_bytes(encode_link_file(FULL) + b" " * MAX_FILE_BYTES)
    assert "is not that of a linked room" in refusal(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Nor is a folder one."""
    assert "There is no file" in refusal(tmp_path / "hall.link")
    assert "can't be read (Is a directory). Name the file itself" in refusal(tmp_path)


def test_unknown_fields_are_ignored(tmp_path: Path) -> None:
    """A later version may add some."""
    assert read_link_file(written(tmp_path, color="red")) == FULL


def test_windows_editors(tmp_path: Path) -> None:
    """Put a mark before the text."""
    path = tmp_path / "hall.link"
    path.write_bytes(b"\xef\xbb\xbf" + encode_link_file(PLAIN))
    assert read_link_file(path) == PLAIN


def test_nothing_secret_is_shown() -> None:
    """In a traceback or a log."""
    assert "secret" not in repr(FULL)


FIELDS = sorted(json.loads(encode_link_file(FULL)))


@given(document=st.recursive(st.none() | st.integers() | st.text(), st.lists), field=st.sampled_from(FIELDS))
def test_no_value_is_a_fault(tmp_path_factory: pytest.TempPathFactory, document: Any, field: str) -> None:
    """Anything that stands in a field is taken or refused."""
    path = tmp_path_factory.getbasetemp() / "any.link"
    path.write_text(json.dumps(json.loads(encode_link_file(FULL)) | {field: document}))
    with contextlib.suppress(LinkUnusable):
        read_link_file(path)
