"""Sends one shared file to a member, from where an earlier connection broke."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused, storage_fault
from messango.server.files.transfers.pace import STEP_BYTES


def seek(file: FileInfo, stored: IO[bytes], offset: int) -> None:
    """Go to where an earlier connection broke; raises `FileRefused` if there is no such place."""
    if offset > file.size:
        raise FileRefused(
            error_codes.BAD_FRAME, f"The file has only {file.size:,} bytes.", "Get it from its beginning."
        )
    stored.seek(offset)


def send_file(stored: IO[bytes], send: Callable[[bytes], None]) -> None:
    """Send what follows in the file, a step at a time. Raises what `send` does, or `FileRefused`."""
    while data := _read(stored):
        send(data)


def _read(stored: IO[bytes]) -> bytes:
    try:
        return stored.read(STEP_BYTES)
    except OSError as error:
        # Where bytes are expected, nothing can be said; the answer to the next attempt says it.
        raise storage_fault(error.strerror or str(error)) from error
