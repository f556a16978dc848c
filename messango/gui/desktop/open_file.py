"""Opens a file, or shows it in its folder, by the system's own programs."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Final

from messango.errors import MessangoError
from messango.gui.model.files.file_kind import may_open

logger = logging.getLogger(__name__)

#: A program that hands a file on is done at once; one that is still there after this long shows it itself.
_WAIT_S: Final = 3.0

#: The service of file managers that shows a file in its folder
#: (https://www.freedesktop.org/wiki/Specifications/file-manager-interface/).
_SHOW_ITEMS: Final = (
    "gdbus",
    "call",
    "--session",
    "--dest=org.freedesktop.FileManager1",
    "--object-path=/org/freedesktop/FileManager1",
    "--method=org.freedesktop.FileManager1.ShowItems",
)

#: Programs that show a file themselves; they are waited for when another one starts.
_running: list[subprocess.Popen[bytes]] = []


class CannotOpen(MessangoError):
    """A file is gone, or no program of the system shows it."""


def open_file(path: Path) -> None:
    """Open a file as a double click would. It may block, so threads call it; raises `CannotOpen`.

    Only files that are looked at or read: a program of somebody else is never started.
    """
    file = _existing(path)
    if not may_open(file.name):
        raise CannotOpen(f"Messango does not open files like {file.name}.", f"It is in {file.parent}.")
    if sys.platform == "win32":
        os.startfile(file)  # noqa: S606 (it starts no shell, and `may_open` allows no program)
        return
    program = "open" if sys.platform == "darwin" else "xdg-open"
    if not _run([program, str(file)]):
        raise CannotOpen(f"No program could open {file.name}.", f"It is in {file.parent}.")


def show_in_folder(path: Path) -> None:
    """Show a file in its folder, selected where the system can; the rest as `open_file`."""
    file = _existing(path)
    if sys.platform == "win32":
        _start(f'explorer /select,"{file}"')  # it returns 1 even when it has shown the file
        return
    if sys.platform == "darwin":
        shown = _run(["open", "-R", str(file)])
    else:
        shown = _run([*_SHOW_ITEMS, _gvariant_list(file), '""']) or _run(["xdg-open", str(file.parent)])
    if not shown:
        raise CannotOpen("The folder could not be shown.", f"It is {file.parent}.")


def _existing(path: Path) -> Path:
    """Return the absolute path, so that none is taken for an option."""
    file = path.absolute()
    if not file.is_file():
        raise CannotOpen(f"{file.name} is no longer in {file.parent}.", "Download it again.")
    return file


def _gvariant_list(file: Path) -> str:
    address = "file://" + urllib.parse.quote(os.fsencode(file))  # quotes are in it as %27
    return f"['{address}']"


def _run(command: list[str]) -> bool:
    """Run a program without a shell; returns whether it has done its work, or still shows the file."""
    if shutil.which(command[0]) is None:
        return False
    try:
        return _start(command) in (0, None)
    except OSError as error:
        logger.info("%s failed: %s", command[0], error)
        return False


def _start(command: list[str] | str) -> int | None:
    """Start a program, and return its exit status; None if it does not end soon."""
    process = subprocess.Popen(  # noqa: S603 (there is no shell, and nothing in it is an option)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # it outlives the window
    )
    try:
        return process.wait(_WAIT_S)
    except subprocess.TimeoutExpired:
        _running.append(process)
        _running[:] = [each for each in _running if each.poll() is None]
        return None
