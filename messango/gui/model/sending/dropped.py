"""What was dropped or pasted: files, or a text for the message field. Pure."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

#: A drag or a clipboard with more names is not read further.
MAX_ITEMS: Final = 1_000

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

#: The slashes before the drive in an address of Windows.
_DRIVE: Final = re.compile(r"^/+(?=[A-Za-z]:)")

#: The first line of what file managers of the GNOME family copy.
_GNOME_ACTIONS: Final = ("copy", "cut")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Files, and a text: links, and what is no file on this computer."""

    paths: tuple[Path, ...] = ()
    text: str = ""


def dropped_items(items: Iterable[str]) -> Dropped:
    """Return what a drag of files has: paths, and addresses of any kind."""
    paths: list[Path] = []
    texts: list[str] = []
    for item in list(items)[:MAX_ITEMS]:
        path = _path_of(item)
        if path is not None:
            paths.append(path)
        elif item.strip():
            texts.append(item.strip())
    return Dropped(tuple(paths), "\n".join(texts))


def dropped_text(text: str) -> Dropped:
    """Return what a drag of text has: files only if each of its lines is a file's address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and all(line.lower().startswith("file:") for line in lines):
        return uri_list(text)
    return Dropped(text=text)


def uri_list(text: str) -> Dropped:
    """Return what a `text/uri-list` names; a line `copy` or `cut` may come first."""
    lines = [line.strip("\r\0 ") for line in text.split("\n")]
    if lines and lines[0] in _GNOME_ACTIONS:
        del lines[0]
    return dropped_items(line for line in lines if line and not line.startswith("#"))


def _path_of(item: str) -> Path | None:
    """Return the path that an item is, or None if it is the address of something else."""
    if item.lower().startswith("file:"):
        return path_of_file_uri(item)
    if _SCHEME.match(item) or not item.strip() or "\0" in item:
        return None
    return Path(item)


def path_of_file_uri(uri: str, *, windows: bool = sys.platform == "win32") -> Path | None:
    """Return the path of a `file:` address, or None if it names no file that this system can reach."""
    rest = uri[len("file:") :]
    host, slash, path = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
    host = "" if host.lower() == "localhost" else host
    if windows:
        named = unquote(slash + path)
        return Path(f"//{host}{named}" if host else _DRIVE.sub("", named)) if named else None
    # Not parsed further: a question mark that a sloppy program has not escaped is a part of the name.
    named = os.fsdecode(unquote_to_bytes(slash + path))
    return Path(named) if named.startswith("/") and not host and "\0" not in named else None
