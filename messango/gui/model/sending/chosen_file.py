"""One file that a person has chosen to send, and whether it can be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.model.files.file_kind import is_shown_picture
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.protocol.files.file_line import format_size
from messango.protocol.files.file_name import safe_file_name

IS_FOLDER: Final = "This is a folder. Put it into one file, such as a .zip, to send it."
IS_GONE: Final = "This file is not there any more."
IS_SPECIAL: Final = "This is not a file that can be sent."


def unreadable_text(reason: str) -> str:
    """Return why a file that can't be opened can't be sent."""
    return f"This file can't be read ({reason})."


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What reading about a file has found: its size, or why it can't be sent; when it was modified."""

    size: int = 0
    problem: str = ""
    modified_ns: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file at `path`, or `data`; `size` is None until it is known. `key` is its own in the list."""

    key: int
    given_name: str
    path: Path | None = None
    data: bytes = b""
    size: int | None = None
    problem: str = ""
    modified_ns: int = 0

    @property
    def name(self) -> str:
        """The name under which others get it."""
        return safe_file_name(self.given_name)

    @property
    def is_picture(self) -> bool:
        """Whether it is named as a picture that the window can show."""
        return is_shown_picture(self.name)

    @property
    def can_go(self) -> bool:
        """Whether it can be sent, as far as is known."""
        return self.size is not None and not self.problem

    @property
    def size_text(self) -> str:
        """The size, for people."""
        return "" if self.size is None or self.problem else format_size(self.size)

    @property
    def note(self) -> str:
        """Why it can't be sent, or that others get it under another name; empty if all is well."""
        if self.problem:
            return self.problem
        return f"Others get it as “{self.name}”." if self.name != self.given_name else ""

    def share(self, *, keep_metadata: bool) -> OutgoingShare:
        """Return what the client sends."""
        file = OutgoingFile(self.name, self.path, self.data, keep_metadata and self.is_picture)
        return OutgoingShare(file, self.size, modified_ns=self.modified_ns)
