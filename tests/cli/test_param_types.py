"""The types of the commands' options."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path
from typing import Any

import click
import pytest

from messango.cli.commands.help import TopicName
from messango.cli.param_types import (
    IpAddress,
    KnownRoomName,
    Name,
    Number,
    PasswordFile,
    RoomOrFile,
    Since,
)
from messango.cli.server_param_types import HistoryFile, ListenAddress
from messango.protocol.limits import MAX_SEQ


def test_numbers_have_the_type_of_their_bounds() -> None:
    """Whole numbers are int, others float."""
    assert Number(0, 9).convert("9", None, None) == 9
    assert Number(0.0, 9.0).convert("0.5", None, None) == 0.5


@pytest.mark.parametrize(
    ("number_type", "typed", "sentence"),
    [
        (Number(1, 9), "abc", "“abc” is not a whole number."),
        (Number(1, 9), "1.5", "“1.5” is not a whole number."),
        (Number(1, 9), "10", "10 is not between 1 and 9."),
        (Number(0.1, 9.0), "abc", "“abc” is not a number."),
        (Number(0.1, 9.0), "nan", "“nan” is not a number."),
        (Number(0.1, 9.0), "inf", "“inf” is not a number."),
        (Number(0.1, 9.0), "9" * 5_000, f"“{'9' * 79}…” is not a number."),
        (Number(1, 9), "9" * 5_000, f"“{'9' * 79}…” is not a whole number."),
        (Number(0.0, 1_000_000.0), "-1", "-1 is not between 0 and 1,000,000."),
    ],
)
def test_what_is_not_a_number(number_type: click.ParamType[float], typed: str, sentence: str) -> None:
    """A plain sentence each, without click's `integer range`."""
    with pytest.raises(click.BadParameter) as caught:
        number_type.convert(typed, None, None)
    assert caught.value.message == sentence


def test_since_a_message() -> None:
    """A number means the messages after the one with this number."""
    assert Since().convert("42", None, None) == (42, 0.0)


@pytest.mark.parametrize(("typed", "seconds"), [("30m", 1_800), ("2h", 7_200), ("3d", 259_200)])
def test_since_a_time_ago(typed: str, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes, hours and days count back from now."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert Since().convert(typed, None, None) == (0, 1_000_000.0 - seconds)


@pytest.mark.parametrize("typed", ["2026-11-22", "2026-11-22T14:05", "2026-11-22 14:05:30"])
def test_since_a_date(typed: str) -> None:
    """Without a time zone, the time is local."""
    seq, seconds = Since().convert(typed, None, None)
    assert seq == 0
    assert datetime.datetime.fromtimestamp(seconds) == datetime.datetime.fromisoformat(typed)


def test_since_a_message_that_no_room_has() -> None:
    """SQLite's numbers end somewhere."""
    assert Since().convert("9" * 30, None, None) == (MAX_SEQ, 0.0)


@pytest.mark.parametrize(
    "typed",
    ["", "yesterday", "2x", "h", "2026-13-01", "-5", "０x", "9" * 400 + "d", "9" * 5_000, "9" * 5_000 + "d"],
)
def test_a_time_that_is_not_valid(typed: str) -> None:
    """The error says what can be typed instead."""
    with pytest.raises(click.BadParameter, match="2026-11-22"):
        Since().convert(typed, None, None)


def test_addresses() -> None:
    """IPv4 and IPv6 addresses only."""
    assert IpAddress().convert("127.0.0.1", None, None) == "127.0.0.1"
    assert IpAddress().convert("fe80::1", None, None) == "fe80::1"
    with pytest.raises(click.BadParameter, match="messango doctor"):
        IpAddress().convert("nonsense", None, None)


def password_file(folder: Path, data: bytes, mode: int = 0o600) -> str:
    """Return the path of a file with this content."""
    path = folder / "password"
    path.write_bytes(data)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    "data", [b"sesame", b"sesame\n", b"sesame\r\n", b"\xef\xbb\xbfsesame\n", b"\nsesame\n"]
)
def test_a_password_file_may_have_line_ends(data: bytes, tmp_path: Path) -> None:
    """Editors and `echo` add one, and it differs from system to system."""
    assert PasswordFile().convert(password_file(tmp_path, data), None, None).secret == b"sesame"


@pytest.mark.parametrize("data", [b"", b"\n", b"tea\ntime", b"\xff\xfet\x00", b"x" * 10_000, b"a\x00b"])
def test_a_file_without_a_valid_password(data: bytes, tmp_path: Path) -> None:
    """The error names the file and never shows its content."""
    path = password_file(tmp_path, data)
    with pytest.raises(click.BadParameter) as refused:
        PasswordFile().convert(path, None, None)
    assert path in refused.value.message
    assert "tea" not in refused.value.message.replace(path, "")


def test_a_password_file_that_can_not_be_read(tmp_path: Path) -> None:
    """A missing file, and a folder."""
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(click.BadParameter, match="can't be read"):
            PasswordFile().convert(str(path), None, None)


@pytest.mark.skipif(os.name != "posix", reason="This system has no such permissions.")
@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_password_file_that_others_can_read(
    mode: int, warned: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning says how to make it private; the password is still used."""
    path = password_file(tmp_path, b"sesame", mode)
    assert PasswordFile().convert(path, None, None).secret == b"sesame"
    warning = capsys.readouterr().err
    assert (f"chmod 600 {path}" in warning) is warned
    assert "sesame" not in warning


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        (" 127.0.0.1 ", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::", "::"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("[fe80::1%eth0]", "fe80::1%eth0"),
        ("ann-laptop.local", "ann-laptop.local"),
    ],
)
def test_an_address_to_listen_on(typed: str, host: str) -> None:
    """An address or a name, with or without brackets."""
    assert ListenAddress().convert(typed, None, None) == host


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("a b", "not a valid address"),
        ("a\nb", "not a valid address"),
        ("999.1.1.1", "not a valid IP address"),
        ("127.0.0.1:8000", "--port"),
        ("[::1]:8000", "--port"),
        ("host:8000", "--port"),
        ("host:x", "not a valid port"),
        ("fe80::1", "fe80::1%eth0"),
        ("messango://host", "not a valid"),
    ],
)
def test_what_nobody_can_listen_on(typed: str, words: str) -> None:
    """One sentence that says what is wrong."""
    with pytest.raises(click.BadParameter, match=words):
        ListenAddress().convert(typed, None, None)


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "x" * 40, "a\nb"])
def test_a_name_that_is_not_valid(typed: str) -> None:
    """It is refused before anything else happens."""
    with pytest.raises(click.BadParameter, match="name"):
        Name().convert(typed, None, None)


def test_a_name_is_cleaned() -> None:
    """As the room would."""
    assert Name().convert(" Ann ", None, None) == "Ann"


@pytest.mark.parametrize("typed", ["", " "])
def test_a_room_without_a_name(typed: str) -> None:
    """An empty argument is a mistake in a script, not a wish for any room."""
    with pytest.raises(click.BadParameter, match="empty"):
        KnownRoomName().convert(typed, None, None)


def test_a_history_without_a_name() -> None:
    """An empty argument is not the current folder."""
    with pytest.raises(click.BadParameter, match="empty"):
        HistoryFile().convert("", None, None)


@pytest.mark.parametrize(
    "param_type", [Number(1, 9), Since(), IpAddress(), ListenAddress(), PasswordFile(), TopicName()]
)
@pytest.mark.parametrize("typed", ["a\nmessango: done", "\x1b[2Ja", "\udcff\udcfe", "." * 5_000])
def test_what_is_quoted_stays_on_one_short_line(param_type: click.ParamType[Any], typed: str) -> None:
    """A script may pass on what a stranger wrote."""
    with pytest.raises(click.BadParameter) as failure:
        param_type.convert(typed, None, None)
    assert failure.value.message.isprintable()
    # The path of a file is shown whole, so that it can be found.
    assert len(failure.value.message) < (1_200 if isinstance(param_type, PasswordFile) else 200)


@pytest.mark.parametrize("typed", ["", " "])
def test_a_history_of_no_room(typed: str) -> None:
    """Like a room without a name."""
    with pytest.raises(click.BadParameter, match="can't be empty"):
        RoomOrFile().convert(typed, None, None)
