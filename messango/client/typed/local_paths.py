"""Which files on this computer typed paths mean. Asks the disk, which may be slow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from messango.client.typed.file_commands import path_readings

#: Elsewhere than on Windows, where a backslash separates folders.
BACKSLASH_ESCAPES: Final = os.sep != "\\"


def expand_path(typed: str) -> Path:
    """Return a path in which `~` is the home folder, if the system knows it."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 (Path.expanduser raises for an unknown user)


def path_exists(typed: str) -> bool:
    """Return whether there is anything at a typed path."""
    try:
        return expand_path(typed).exists()
    except (OSError, ValueError):
        return False


def paths_meant(typed: str) -> tuple[str, ...]:
    """Return the paths that a text means: as the first reading says in which all of them are there.

    If none does, it means several only if quotation marks or backslashes say so, or some of them are there.
    """
    readings = path_readings(typed, backslash_escapes=BACKSLASH_ESCAPES)
    for reading in readings:
        if all(map(path_exists, reading)):
            return reading
    return readings[-1] if any(map(path_exists, readings[-1])) else readings[0]
