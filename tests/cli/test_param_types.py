"""What the commands' options take."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import click
import pytest

from messango.cli.param_types import IpAddress, PasswordFile, Since


def test_a_number_is_a_message_s() -> None:
    """What was said after it is wanted."""
    assert Since().convert("42", None, None) == (42, 0.0)


@pytest.mark.parametrize(("typed", "seconds"), [("30m", 1_800), ("2h", 7_200), ("3d", 259_200)])
def test_a_time_ago(typed: str, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted back from now."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert Since().convert(typed, None, None) == (0, 1_000_000.0 - seconds)


@pytest.mark.parametrize("typed", ["2026-11-22", "2026-11-22T14:05", "2026-11-22 14:05:30"])
def test_a_date_is_of_the_person_s_own_day(typed: str) -> None:
    """Without a time zone, the machine's is meant."""
    seq, seconds = Since().convert(typed, None, None)
    assert seq == 0
    assert datetime.datetime.fromtimestamp(seconds) == datetime.datetime.fromisoformat(typed)


@pytest.mark.parametrize("typed", ["", "yesterday", "2x", "h", "2026-13-01", "-5", "０x"])
def test_what_is_no_time_is_told(typed: str) -> None:
    """With what could be given instead."""
    with pytest.raises(click.BadParameter, match="2026-11-22"):
        Since().convert(typed, None, None)


def test_addresses() -> None:
    """Both families, and nothing else."""
    assert IpAddress().convert("127.0.0.1", None, None) == "127.0.0.1"
    assert IpAddress().convert("fe80::1", None, None) == "fe80::1"
    with pytest.raises(click.BadParameter, match="messango doctor"):
        IpAddress().convert("nonsense", None, None)


def a_file(folder: Path, data: bytes, mode: int = 0o600) -> str:
    """Return the path of a file with this in it."""
    path = folder / "password"
    path.write_bytes(data)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    "data", [b"sesame", b"sesame\n", b"sesame\r\n", b"\xef\xbb\xbfsesame\n", b"\nsesame\n"]
)
def test_a_password_file_may_end_its_line(data: bytes, tmp_path: Path) -> None:
    """Editors and echo do, each system in its own way."""
    assert PasswordFile().convert(a_file(tmp_path, data), None, None).secret == b"sesame"


@pytest.mark.parametrize("data", [b"", b"\n", b"tea\ntime", b"\xff\xfet\x00", b"x" * 10_000, b"a\x00b"])
def test_a_file_that_holds_no_password_is_refused(data: bytes, tmp_path: Path) -> None:
    """By its name, and never by what is in it."""
    path = a_file(tmp_path, data)
    with pytest.raises(click.BadParameter) as refused:
        PasswordFile().convert(path, None, None)
    assert path in refused.value.message
    assert "tea" not in refused.value.message.replace(path, "")


def test_a_password_file_that_is_not_there(tmp_path: Path) -> None:
    """Neither is a folder one."""
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(click.BadParameter, match="can't be read"):
            PasswordFile().convert(str(path), None, None)


@pytest.mark.skipif(os.name != "posix", reason="This system has no such permissions.")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_password_that_others_can_read_is_pointed_out(
    mode: int, warned: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the cure; the password is taken all the same."""
    path = a_file(tmp_path, b"sesame", mode)
    assert PasswordFile().convert(path, None, None).secret == b"sesame"
    told = capsys.readouterr().err
    assert (f"chmod 600 {path}" in told) is warned
    assert "sesame" not in told
