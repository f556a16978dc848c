"""Sends one shared file to a member, from where an earlier connection broke."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused, storage_fault
from messango.server.files.transfers.pace import STEP_BYTES


class OpenFile(Protocol):
    """A shared file that is read: stored here, or on its way from another server of a linked room."""

    def __enter__(self) -> object: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> object: ...

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end. May raise `OSError` or `FileRefused`."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go on reading at this offset."""
        ...

    def close(self) -> None:
        """Read no more."""


def seek(file: FileInfo, stored: OpenFile, offset: int) -> None:
    """Go to where an earlier connection broke; raises `FileRefused` if there is no such place."""
    if offset > file.size:
        raise FileRefused(
            error_codes.BAD_FRAME, f"The file has only {file.size:,} bytes.", "Get it from its beginning."
        )
    stored.seek(offset)


def send_file(stored: OpenFile, send: Callable[[bytes], None]) -> None:
    """Send what follows in the file, a step at a time. Raises what `send` does, or `FileRefused`."""
    while data := _read(stored):
        send(data)


def _read(stored: OpenFile) -> bytes:
    try:
        return stored.read(STEP_BYTES)
    except OSError as error:
        # Where bytes are expected, nothing can be said; the answer to the next attempt says it.
        raise storage_fault(error.strerror or str(error)) from error
