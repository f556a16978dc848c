"""Where downloads go by themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from messango.client.files.downloads.downloads_folder import downloads_folder, folder_in
from messango.client.files.downloads.quarantine import mac_mark, mark_as_downloaded

HOME = Path("/home/ann")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of other systems differ")


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ('XDG_DOWNLOAD_DIR="$HOME/Téléchargements"', HOME / "Téléchargements"),
        ('XDG_DOWNLOAD_DIR="/data/in"', Path("/data/in")),
        ('XDG_DOWNLOAD_DIR="$HOME/a \\"b\\""', HOME / 'a "b"'),
        ('  XDG_DOWNLOAD_DIR="/a"\nXDG_DOWNLOAD_DIR="/b"\n', Path("/b")),
        ('# XDG_DOWNLOAD_DIR="/a"', None),
        ('XDG_DOWNLOAD_DIR="$HOME"', None),
        ('XDG_DOWNLOAD_DIR="$HOME/"', None),
        ('XDG_DOWNLOAD_DIR="relative"', None),
        ('XDG_DESKTOP_DIR="/a"', None),
        ("", None),
    ],
)
def test_what_the_desktop_has_configured(line: str, folder: Path | None) -> None:
    """The file is a piece of shell, of which only this form is allowed."""
    assert folder_in(line, HOME) == folder


def test_the_folder_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As configured, or else `Downloads`; and where neither can be, the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert downloads_folder() == tmp_path / "Downloads"
    assert downloads_folder().is_dir()
    config = tmp_path / "config"
    config.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    (config / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/in/it"')
    assert downloads_folder() == tmp_path / "in" / "it"
    assert downloads_folder().is_dir()
    (config / "user-dirs.dirs").write_bytes(b'XDG_DOWNLOAD_DIR="/\xff"')
    assert downloads_folder() == tmp_path / "Downloads"
    (tmp_path / "file").touch()
    (config / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/file"')
    assert downloads_folder() == tmp_path


def test_marks_of_other_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nothing is marked; on Windows it is a stream beside the file, on macOS an attribute."""
    path = tmp_path / "x"
    path.touch()
    mark_as_downloaded(path)
    assert [*tmp_path.iterdir()] == [path]
    monkeypatch.setattr(sys, "platform", "win32")
    mark_as_downloaded(path)
    assert (tmp_path / "x:Zone.Identifier").read_bytes() == b"[ZoneTransfer]\r\nZoneId=3\r\n"
    assert mac_mark(0x6543210F) == b"0081;6543210f;Messango;"
