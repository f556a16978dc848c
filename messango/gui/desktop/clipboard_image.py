"""Reads a picture from the clipboard as the bytes of a PNG file."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.client.pictures.picture_kind import PNG_SIGNATURE
from messango.errors import PasteFailed

#: A program that owns the clipboard and does not answer is given up.
_TIMEOUT_S: Final = 15.0

#: Tk hands out bytes as text, `0x89 0x50 ...`, and waits for them. That takes a second for a screenshot, so
#: it happens in a program of its own and not in the window.
_READ_WITH_TK: Final = """
import sys, tkinter
root = tkinter.Tk()
root.withdraw()
text = root.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", "image/png")
sys.stdout.buffer.write(bytes(int(number, 16) for number in str(text).split()))
"""

_ELSEWISE: Final = "Save it as a file, and send that."


@dataclass(frozen=True, slots=True)
class ClipboardContent:
    """What is in the clipboard: a picture, or the files that were copied in a file manager, or nothing."""

    png: bytes | None = None
    paths: tuple[Path, ...] = ()


def read_clipboard() -> ClipboardContent:
    """Return the picture or the files in the clipboard. For a thread that may wait; raise `PasteFailed`.

    On X11 and Wayland, files are not looked for: the window reads those itself.
    """
    return _read_with_pillow() if sys.platform in ("win32", "darwin") else _read_with_programs()


def _programs() -> Iterator[list[str]]:
    """Yield the programs that may be able to read the clipboard, the best one first.

    Tk refuses what many programs hand out in one piece, so it comes last.
    """
    if os.environ.get("WAYLAND_DISPLAY") and (wl_paste := shutil.which("wl-paste")):
        yield [wl_paste, "--no-newline", "--type", "image/png"]
    if os.environ.get("DISPLAY") and (xclip := shutil.which("xclip")):
        yield [xclip, "-selection", "clipboard", "-target", "image/png", "-out"]
    yield [sys.executable, "-I", "-c", _READ_WITH_TK]


def _read_with_programs() -> ClipboardContent:
    for program in _programs():
        try:
            done = subprocess.run(  # noqa: S603 (no word of it comes from elsewhere)
                program, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        # Some owners of the clipboard hand out their text, whatever they are asked for.
        if done.stdout.startswith(PNG_SIGNATURE):
            return ClipboardContent(done.stdout)
    raise PasteFailed("There is no picture in the clipboard that Messango can read.", _ELSEWISE)


def _read_with_pillow() -> ClipboardContent:
    try:
        from PIL import Image, ImageGrab
    except ImportError as error:
        raise PasteFailed(
            "Pictures can only be pasted with Messango's extra “pictures”.",
            f'Install it with pip install "messango[pictures]". {_ELSEWISE}',
        ) from error
    try:
        content = ImageGrab.grabclipboard()
        if isinstance(content, Image.Image):
            target = io.BytesIO()
            content.save(target, "PNG")
            return ClipboardContent(target.getvalue())
    except (OSError, ValueError, SyntaxError) as error:
        raise PasteFailed("The picture in the clipboard can't be read.", _ELSEWISE) from error
    return ClipboardContent(paths=tuple(map(Path, content or ())))
