"""The person's folder for downloads, as the system has it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

#: `XDG_DOWNLOAD_DIR="$HOME/Downloads"`, as xdg-user-dirs writes it: the value is absolute or in $HOME.
_XDG_LINE: Final = re.compile(r'^\s*XDG_DOWNLOAD_DIR="(\$HOME(?=/|")|(?=/))((?:[^"\\]|\\.)*)"', re.MULTILINE)

#: FOLDERID_Downloads.
_WINDOWS_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
_WINDOWS_VALUE: Final = "{374DE290-123F-4565-9164-39C4925E467B}"

#: A file of settings that is longer was not written by a desktop.
_MAX_CHARACTERS: Final = 65_536


def downloads_folder() -> Path:
    """Return the folder for downloads, created if it is missing; the home folder where that is impossible."""
    home = Path.home()
    folder = _configured_folder(home) or home / "Downloads"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return home
    return folder


def _configured_folder(home: Path) -> Path | None:
    if sys.platform == "win32":
        return _windows_folder()
    return None if sys.platform == "darwin" else _xdg_folder(home)


def _xdg_folder(home: Path) -> Path | None:
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    file = (config if config.is_absolute() else home / ".config") / "user-dirs.dirs"
    try:
        with file.open(encoding="utf-8") as lines:
            return folder_in(lines.read(_MAX_CHARACTERS), home)
    except (OSError, UnicodeDecodeError):
        return None


def folder_in(user_dirs: str, home: Path) -> Path | None:
    """Return the folder that the text of a `user-dirs.dirs` names; None if it names none.

    The last line counts, as in a shell. The home folder itself means that there is no such folder.
    """
    folder: Path | None = None
    for match in _XDG_LINE.finditer(user_dirs):
        value = re.sub(r"\\(.)", r"\1", match[2])
        folder = home / value.lstrip("/") if match[1] else Path(value)
    return None if folder == home else folder


def _windows_folder() -> Path | None:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _WINDOWS_KEY) as key:
                value, _kind = winreg.QueryValueEx(key, _WINDOWS_VALUE)
        except OSError:
            return None
        folder = Path(os.path.expandvars(str(value)))
        return folder if folder.is_absolute() else None
    return None
