"""Files and folders on this computer that a typed path means: what is there, and what kind it is."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messango.client.files.uploads.outgoing_file import size_problem
from messango.client.typed.file_commands import path_readings
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.text.escaping import excerpt, safe_line

if TYPE_CHECKING:
    from messango.client.pictures.metadata.strip import Metadata

#: Elsewhere than on Windows, where a backslash separates folders.
BACKSLASH_ESCAPES: Final = os.sep != "\\"


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
    readings = path_readings(paths, backslash_escapes=BACKSLASH_ESCAPES)
    for reading in readings:
        if all(map(_exists, reading)):
            break
    else:
        # As words only if quotation marks or backslashes say so, or if some of the words are there.
        reading = readings[-1] if any(map(_exists, readings[-1])) else readings[0]
    found = [_file(path, largest) for path in reading]
    problem = next((each for each in found if isinstance(each, str)), "")
    return problem or [each for each in found if isinstance(each, LocalFile)]


def find_folder(folder: str) -> Path | str:
    """Return the folder that a path means, or the sentence that says why nothing can be saved there."""
    readings = path_readings(folder, backslash_escapes=BACKSLASH_ESCAPES)
    typed = next((one[0] for one in readings if len(one) == 1 and _exists(one[0])), readings[0][0])
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
    return getattr(error, "strerror", None) or str(error) or "the system does not say why"


def _exists(typed: str) -> bool:
    try:
        return expand_path(typed).exists()
    except (OSError, ValueError):
        return False


def expand_path(typed: str) -> Path:
    """Return a path in which `~` is the home folder, if the system knows it."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 (Path.expanduser raises for an unknown user)
