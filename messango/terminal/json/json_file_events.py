"""The events of `messango chat --json` about files on their way, and the file of a message."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct

from messango.terminal.json.json_fields import Hint, JsonEvent, Line, Reason


class FileInfo(Struct, frozen=True, omit_defaults=True):
    """A file that a message announces."""

    id: Annotated[str, Meta(description="The file's id, for the request `get`.")]
    name: Annotated[str, Meta(description="Its name, safe for every system.")]
    size: Annotated[int, Meta(description="How many bytes it has.")]
    sha256: Annotated[str, Meta(description="Its SHA-256 in hexadecimal digits.")]
    width: Annotated[int | None, Meta(description="Only of a picture: its width in pixels.")] = None
    height: Annotated[int | None, Meta(description="Only of a picture: its height in pixels.")] = None


File: TypeAlias = Annotated[
    FileInfo | None,
    Meta(description="The file that it announces, or null. The last line of `text` stands for the file."),
]
Transfer: TypeAlias = Annotated[str, Meta(description="The transfer's id; of an upload, also its message's.")]
SavedName: TypeAlias = Annotated[str, Meta(description="The file's name.")]
Size: TypeAlias = Annotated[int, Meta(description="How many bytes the file has.")]
IsUpload: TypeAlias = Annotated[bool, Meta(description="True for a file that you send.")]


class Progress(JsonEvent, frozen=True, tag="progress"):
    """How far a file on its way is; written when it begins, and a few times a second."""

    id: Transfer
    name: SavedName
    size: Size
    done: Annotated[int, Meta(description="How many of them are there.")]
    upload: IsUpload
    waiting: Annotated[
        bool,
        Meta(description="True if others come first, or the connection broke: it goes on by itself."),
    ]
    line: Line = UNSET


class Saved(JsonEvent, frozen=True, tag="saved"):
    """A file that you asked for is here, whole. The end of a `get`."""

    id: Transfer
    name: SavedName
    size: Size
    path: Annotated[str, Meta(description="Where it is.")]
    file: Annotated[str, Meta(description="The file's id.")]
    line: Line = UNSET


class FileFailed(JsonEvent, frozen=True, tag="file-failed"):
    """A file was not sent or not saved. Nothing of it is left behind."""

    id: Transfer
    name: SavedName
    upload: IsUpload
    reason: Reason
    hint: Hint
    code: Annotated[str, Meta(description="What it is, for programs: the codes of `problem`; may be empty.")]
    cancelled: Annotated[bool, Meta(description="True if you gave it up.")]
    line: Line = UNSET
