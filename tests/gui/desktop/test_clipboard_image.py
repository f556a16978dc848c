"""A picture in the clipboard comes as a PNG file, from whichever program can read it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

from messango.errors import PasteFailed
from messango.gui.desktop.clipboard_image import ClipboardContent, read_clipboard
from tests.client.pictures.samples import photo, save

posix = pytest.mark.skipif(sys.platform == "win32", reason="there the system is asked by Pillow")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has the only programs; none reaches a display."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return tmp_path


def install(folder: Path, name: str, output: bytes) -> None:
    """Install a program that writes this."""
    (folder / f"{name}.out").write_bytes(output)
    program = folder / name
    program.write_text(f"#!/bin/sh\nwhile read -r line; do :; done\nexec /bin/cat '{folder}/{name}.out'\n")
    program.chmod(0o700)


@posix
def test_a_picture_of_x11(programs: Path) -> None:
    """Read by xclip, if it is there."""
    install(programs, "xclip", save("PNG"))
    assert read_clipboard() == ClipboardContent(save("PNG"))


@posix
def test_a_picture_of_wayland(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by wl-paste; where that gets no picture, by the next one."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    install(programs, "xclip", save("PNG", "L"))
    install(programs, "wl-paste", save("PNG"))
    assert read_clipboard().png == save("PNG")
    install(programs, "wl-paste", b"No selection")
    assert read_clipboard().png == save("PNG", "L")


@posix
def test_a_text_is_no_picture(programs: Path) -> None:
    """Some programs hand out their text, whatever they are asked for; the person reads what to do."""
    install(programs, "xclip", b"hello")
    with pytest.raises(PasteFailed) as failed:
        read_clipboard()
    assert failed.value.hint


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_what_pillow_finds(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """A picture, copied files, or nothing."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ImageGrab, "grabclipboard", photo)
    png = read_clipboard().png
    assert png is not None
    with Image.open(io.BytesIO(png)) as image:
        assert image.tobytes() == photo().tobytes()
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: ["a.txt", "b.txt"])
    assert read_clipboard() == ClipboardContent(paths=(Path("a.txt"), Path("b.txt")))
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: None)
    assert read_clipboard() == ClipboardContent()


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person reads what to install."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(PasteFailed) as failed:
        read_clipboard()
    assert "messango[pictures]" in failed.value.hint
