"""Files and folders on this computer that a typed path means: what is there, and what kind it is."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from messango.client.files.uploads.outgoing_file import size_problem
from messango.client.typed.file_commands import path_readings
from messango.client.typed.local_paths import BACKSLASH_ESCAPES, expand_path, path_exists, paths_meant
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.text.escaping import excerpt, safe_line

if TYPE_CHECKING:
    from messango.client.pictures.metadata.strip import Metadata


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that can be sent."""

    path: Path
    size: int
    metadata: Metadata

    @property
    def name(self) -> str:
        """The name under which others get it."""
        return safe_file_name(self.path.name)


def find_files(paths: str, largest: int | None = None) -> list[LocalFile] | str:
    """Return the files that the paths mean, or the sentence that says why they can't be sent.

    `largest` is the largest file that the room takes, in bytes, or None if that is not known.
    """
    found = [_file(path, largest) for path in paths_meant(paths)]
    problem = next((each for each in found if isinstance(each, str)), "")
    return problem or [each for each in found if isinstance(each, LocalFile)]


def find_folder(folder: str) -> Path | str:
    """Return the folder that a path means, or the sentence that says why nothing can be saved there."""
    readings = path_readings(folder, backslash_escapes=BACKSLASH_ESCAPES)
    typed = next((one[0] for one in readings if len(one) == 1 and path_exists(one[0])), readings[0][0])
    path = expand_path(typed)
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return f"“{excerpt(typed)}” is not a folder."
        if not os.access(path, os.W_OK | os.X_OK):
            return f"You may not save files in “{excerpt(typed)}”. Choose another folder."
    except FileNotFoundError:
        return f"There is no folder “{excerpt(typed)}”. Make it first, or choose another one."
    except (OSError, ValueError) as error:
        return f"“{excerpt(typed)}” can't be used: {_reason(error)}."
    return path.absolute()


def shown_path(path: Path) -> str:
    """Return a path for people, on one line: the home folder is `~`."""
    home = expand_path("~")
    if home == Path(home.anchor) or home not in (path, *path.parents):
        return safe_line(str(path))
    return safe_line(str(Path("~", path.relative_to(home))))


def _file(typed: str, largest: int | None) -> LocalFile | str:
    from messango.client.pictures.metadata.strip import find_metadata  # only for those who send files

    shown = excerpt(typed)
    path = expand_path(typed)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return f"“{shown}” is a folder. Put it into one file, such as a .zip, to send it."
        if not stat.S_ISREG(status.st_mode):  # Opening a pipe would wait for its other end.
            return f"“{shown}” is not a file that can be sent."
        if problem := size_problem(status.st_size, largest):
            return f"“{shown}” can't be sent. {problem}"
        with path.open("rb") as file:
            metadata = find_metadata(file)
    except FileNotFoundError:
        where = "" if path.is_absolute() else f" in {shown_path(Path.cwd())}"
        return f"There is no file “{shown}”{where}. Tab completes a path."
    except PermissionError:
        return f"You may not read “{shown}”. Its owner has to allow it."
    except (OSError, ValueError) as error:
        return f"“{shown}” can't be sent: {_reason(error)}."
    return LocalFile(path.absolute(), status.st_size, metadata)


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError):  # Each Python has words of its own for it.
        return "it has a character that no path can have"
    return getattr(error, "strerror", None) or str(error) or "the system does not say why"
