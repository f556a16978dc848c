"""Reads about a file that a person wants to send; it may be on a slow disk, so threads call this."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from messango.client.typed.local_paths import expand_path, paths_meant
from messango.gui.model.sending.chosen_file import (
    IS_FOLDER,
    IS_GONE,
    IS_SPECIAL,
    FileFacts,
    unreadable_text,
)


def typed_files(typed: str) -> list[Path]:
    """Return the files that typed paths mean."""
    return [expand_path(path).absolute() for path in paths_meant(typed)]


def read_facts(path: Path) -> FileFacts:
    """Return a file's size, or why it can't be sent."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return FileFacts(problem=IS_FOLDER)
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its other end
            return FileFacts(problem=IS_SPECIAL)
        with path.open("rb") as file:
            opened = os.fstat(file.fileno())
            return FileFacts(opened.st_size, modified_ns=opened.st_mtime_ns)
    except FileNotFoundError:
        return FileFacts(problem=IS_GONE)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return FileFacts(problem=unreadable_text(getattr(error, "strerror", None) or str(error)))
