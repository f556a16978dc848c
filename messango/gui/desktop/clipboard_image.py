"""Reads a picture from the clipboard as the bytes of a PNG file."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.client.pictures.picture_kind import PNG_SIGNATURE
from messango.errors import PasteFailed

#: A program that owns the clipboard and does not answer is given up.
_TIMEOUT_S: Final = 15.0

#: Tk hands out bytes as text, `0x89 0x50 ...`, and waits for them in its own thread. For a screenshot that is
#: a second, so a program of its own does it and not the window.
_READ_X11: Final = """
import sys, tkinter
root = tkinter.Tk()
root.withdraw()
try:
    text = root.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", "image/png")
except tkinter.TclError:
    sys.exit(3)
sys.stdout.buffer.write(bytes(int(number, 16) for number in str(text).split()))
"""
_NOTHING_THERE: Final = 3

_CANT_READ: Final = ("The picture in the clipboard can't be read.", "Save it as a file, and send that.")


@dataclass(frozen=True, slots=True)
class ClipboardContent:
    """What is in the clipboard: a picture, or the files that were copied in a file manager, or nothing."""

    png: bytes | None = None
    paths: tuple[Path, ...] = ()


def read_clipboard() -> ClipboardContent:
    """Return the picture or the files in the clipboard. For a thread that may wait; raise `PasteFailed`.

    On X11, files are not looked for: the window reads those itself.
    """
    return _read_with_pillow() if sys.platform in ("win32", "darwin") else _read_x11()


def _read_x11() -> ClipboardContent:
    try:
        done = subprocess.run(  # noqa: S603 (the program is ours)
            [sys.executable, "-I", "-c", _READ_X11],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PasteFailed(*_CANT_READ) from error
    if done.returncode == _NOTHING_THERE:
        return ClipboardContent()
    if done.returncode or not done.stdout.startswith(PNG_SIGNATURE):
        raise PasteFailed(*_CANT_READ)
    return ClipboardContent(done.stdout)


def _read_with_pillow() -> ClipboardContent:
    try:
        from PIL import Image, ImageGrab
    except ImportError as error:
        raise PasteFailed(
            "Pictures can only be pasted with Messango's extra “pictures”.",
            'Install it with pip install "messango[pictures]", or save the picture as a file and send that.',
        ) from error
    try:
        content = ImageGrab.grabclipboard()
        if isinstance(content, Image.Image):
            target = io.BytesIO()
            content.save(target, "PNG")
            return ClipboardContent(target.getvalue())
    except (OSError, ValueError, SyntaxError) as error:
        raise PasteFailed(*_CANT_READ) from error
    return ClipboardContent(paths=tuple(map(Path, content or ())))
