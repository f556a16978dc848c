"""Where Messango keeps what outlives a run: keys, known rooms, settings.

The folder is `MESSANGO_HOME`, or the system's place for a program's settings. Folder and files are
for their owner alone, and a file is replaced whole or not at all, so a crash leaves the old one.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
from pathlib import Path

import click

from messango.errors import HomeUnusable


def home() -> Path:
    """Return the folder, made for its owner alone where it did not exist; raises `HomeUnusable`."""
    folder = Path(os.environ.get("MESSANGO_HOME") or click.get_app_dir("messango")).expanduser()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(folder, error.strerror or str(error)) from error
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from the start, so the key is never readable by others, not for a moment.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def person_name() -> str:
    """Return the name to offer: `MESSANGO_NAME`, else the system's for whoever runs us."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return os.environ.get("MESSANGO_NAME") or getpass.getuser()
    return "guest"
