"""What kind of file a name says it is: which icon it gets, and whether it may be opened from here."""

from __future__ import annotations

import enum
from typing import Final


class FileKind(enum.Enum):
    """A kind of file; the values are names of icons."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    OTHER = "file"


_ENDINGS: Final = {
    FileKind.PICTURE: "avif bmp gif heic jpeg jpg png svg tif tiff webp",
    FileKind.VIDEO: "avi m4v mkv mov mp4 mpeg mpg ogv webm wmv",
    FileKind.SOUND: "aac aiff flac m4a mid mp3 oga ogg opus wav wma",
    FileKind.ARCHIVE: "7z bz2 dmg gz img iso rar tar tgz xz zip zst",
    FileKind.DOCUMENT: "csv doc docx epub md odp ods odt pdf pps ppt pptx rtf tex txt xls xlsx",
}
_KINDS: Final = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}

#: Pictures that the window can show.
_SHOWN_PICTURES: Final = frozenset(("png", "jpg", "jpeg", "webp", "gif"))

#: Only what is looked at or read is opened: no list of all that can run would be complete.
_OPENED: Final = (
    {ending for ending, kind in _KINDS.items() if kind is not FileKind.ARCHIVE} | {"json", "log"}
) - {"svg"}


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case, without its dot; empty if there is none."""
    stem, _dot, ending = name.rpartition(".")
    return ending.lower() if stem else ""


def kind_of(name: str) -> FileKind:
    """Return the kind of file that a name says it is."""
    return _KINDS.get(ending_of(name), FileKind.OTHER)


def is_shown_picture(name: str) -> bool:
    """Return whether a name is that of a picture that the window can show."""
    return ending_of(name) in _SHOWN_PICTURES


def may_open(name: str) -> bool:
    """Return whether the system may open a file of this name: programs, scripts and archives it may not.

    They are shown in their folder instead, so that the person sees what they start.
    """
    return ending_of(name) in _OPENED
