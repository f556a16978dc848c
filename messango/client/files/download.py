"""Downloads one file."""

from __future__ import annotations

from pathlib import Path

from messango.client.files.local_copies import LocalCopies
from messango.client.files.talk import Talk
from messango.client.files.transfer import Transfer, TransferFailed
from messango.protocol.frames import FileInfo


class Download:
    """For the transfer's thread."""

    def __init__(
        self,
        transfer: Transfer,
        file: FileInfo,
        folder: Path | None,
        path: Path | None,
        talk: Talk,
        local_copies: LocalCopies,
    ) -> None:
        self._file = file

    def run(self) -> None:
        raise TransferFailed(f"{self._file.name} can't be downloaded yet.")
